"""A real browser for tests: headless Chromium over its DevTools pipe, standard library only.

with Browser() as browser:
    page = browser.open(path, width=390)
    assert page.requests == [] and page.problems == []
    assert page.evaluate("document.querySelectorAll('figure').length") == 3
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

CHROMIUM = next(
    (p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None
)
#: Seconds after which something is taken never to happen; a busy machine needs many of them.
PATIENCE = 180.0
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--disable-dev-shm-usage", "--remote-debugging-pipe",
]  # fmt: skip


class Browser:
    """A Chromium process with an empty profile; every page gets a context of its own."""

    def __enter__(self) -> Browser:
        if CHROMIUM is None:
            raise RuntimeError("no Chromium on this machine")
        self._profile = tempfile.mkdtemp(prefix="forecast-browser-")
        low_read, self._write = os.pipe()
        self._read, low_write = os.pipe()
        # Chromium listens on descriptor 3 and speaks on 4; ours are first moved out of the way.
        in_read, out_write = (fcntl.fcntl(f, fcntl.F_DUPFD, 20) for f in (low_read, low_write))
        os.close(low_read)
        os.close(low_write)
        shell = f'exec 3<&{in_read} 4>&{out_write} {in_read}<&- {out_write}>&-; exec "$@"'
        self._process = subprocess.Popen(
            [
                "bash",
                "-c",
                shell,
                "bash",
                CHROMIUM,
                *FLAGS,
                f"--user-data-dir={self._profile}",
                "about:blank",
            ],
            pass_fds=(in_read, out_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(in_read)
        os.close(out_write)
        self._buffer = b""
        self._number = 0
        self._pages: dict[str, Page] = {}
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.send("Browser.close")
            self._process.wait(10)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    def send(
        self, method: str, session: str | None = None, timeout: float = PATIENCE, **params: Any
    ) -> Any:
        """Send a command and return its result; events that arrive meanwhile go to their pages."""
        self._number += 1
        number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + timeout
        while True:
            answer = self._receive(deadline)
            if answer is None:
                raise RuntimeError(f"{method}: no answer within {timeout} s")
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _receive(self, deadline: float) -> dict[str, Any] | None:
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                return None
            data = os.read(self._read, 1 << 20)
            if not data:
                raise RuntimeError("Chromium has gone")
            self._buffer += data
        raw, self._buffer = self._buffer.split(b"\0", 1)
        message: dict[str, Any] = json.loads(raw)
        page = self._pages.get(message.get("sessionId", ""))
        if page is not None and "method" in message:
            page._event(message["method"], message["params"])
        return message

    def open(
        self,
        address: Path | str,
        *,
        width: int = 1280,
        height: int = 900,
        scripts: bool = True,
        wait: str = "true",
        timeout: float = PATIENCE,
    ) -> Page:
        """Open a page without a network; wait until it is loaded and the expression is true."""
        url = address.resolve().as_uri() if isinstance(address, Path) else address
        context = self.send("Target.createBrowserContext")["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=context)[
            "targetId"
        ]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(self, session, target)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.send(f"{domain}.enable")
        page.send(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=0,
            uploadThroughput=0,
        )
        page.resize(width, height)
        if not scripts:
            page.send("Emulation.setScriptExecutionDisabled", value=True)
        page.address = url
        page.send("Page.navigate", url=url)
        deadline = time.monotonic() + timeout
        while not page.loaded:
            if self._receive(deadline) is None:
                raise RuntimeError(f"{url} did not load within {timeout} s")
        page.wait(wait, timeout)
        return page


class Page:
    """One page: what it asked for, what it complained about, and what can be done with it."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser, self._session, self._target = browser, session, target
        self.address = ""
        self.loaded = False
        self.requests: list[
            str
        ] = []  # everything asked for besides the page itself and data: addresses
        self.problems: list[str] = []  # console warnings and errors, exceptions, refused loads

    def send(self, method: str, **params: Any) -> Any:
        """Send a command to this page."""
        return self._browser.send(method, self._session, **params)

    def _event(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if url != self.address and not url.startswith("data:"):
                self.requests.append(url)
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in (
            "error",
            "warning",
            "assert",
        ):
            self.problems.append(
                " ".join(str(a.get("value", a.get("description"))) for a in params["args"])
            )
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.problems.append(params["entry"]["text"])

    def evaluate(self, expression: str) -> Any:
        """Evaluate JavaScript on the page (a promise is awaited) and return its value."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(
                answer["exceptionDetails"].get("exception", {}).get("description", "exception")
            )
        return answer["result"].get("value")

    def wait(self, expression: str, timeout: float = PATIENCE) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + timeout
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > deadline:
                raise RuntimeError(f"not true within {timeout} s: {expression}")
            time.sleep(0.05)

    def resize(self, width: int, height: int = 900) -> None:
        """Give the page another viewport."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def screenshot(self, path: Path, *, full: bool = True) -> Path:
        """Save a picture of the page, or of what the window shows of it."""
        answer = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        path.write_bytes(base64.b64decode(answer["data"]))
        return path

    def pdf(self, path: Path) -> Path:
        """Print the page, on the paper that its style asks for."""
        answer = self.send(
            "Page.printToPDF", preferCSSPageSize=True, printBackground=True, generateTaggedPDF=True
        )
        path.write_bytes(base64.b64decode(answer["data"]))
        return path

    def close(self) -> None:
        """Close the page."""
        self._browser.send("Target.closeTarget", targetId=self._target)
