"""A real browser for tests: the system's Chromium, driven by Playwright, without a network.

with browser.open(path, width=390) as shown:
    assert shown.requests == [] and shown.problems == []
    assert shown.evaluate("document.querySelectorAll('figure').length") == 3
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api as playwright

#: Seconds after which something is taken never to happen; a busy machine needs many of them.
PATIENCE = 180.0


@dataclass
class Shown:
    """A page in a context of its own, what it asked for, and what it complained about."""

    page: playwright.Page
    requests: list[str] = field(default_factory=list)  # besides itself and data: addresses
    problems: list[str] = field(default_factory=list)  # warnings, errors, exceptions, refusals

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_: object) -> None:
        self.page.context.close()

    def asked(self, address: str, own: str) -> None:
        """Keep what the page at the address `own` asks for."""
        if address != own and not address.startswith("data:"):
            self.requests.append(address)

    def heard(self, told: playwright.ConsoleMessage) -> None:
        """Keep what a page or the browser complains about."""
        if told.type in ("error", "warning", "assert"):
            self.problems.append(told.text)

    def wait(self, expression: str) -> None:
        """Wait until JavaScript is true; the way of Playwright is against the policy of a page."""
        end = time.monotonic() + PATIENCE
        while not self.page.evaluate(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            self.page.wait_for_timeout(20)

    def evaluate(self, expression: str) -> Any:
        """Evaluate JavaScript on the page (a promise is awaited) and return its value."""
        return self.page.evaluate(expression)


class Browser:
    """A Chromium process with an empty profile."""

    def __enter__(self) -> Browser:
        found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
        program = next(filter(None, found), None)
        if program is None:
            pytest.fail(
                "These tests open the pages in Chromium, and there is none on the path. "
                "On Debian and Ubuntu: apt-get install chromium fonts-noto-cjk"
            )
        self._playwright = playwright.sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu"],  # nor one in software: nothing here needs it
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._chromium.close()
        self._playwright.stop()

    def open(
        self,
        address: Path | str,
        *,
        width: int = 1280,
        height: int = 900,
        scripts: bool = True,
        wait: str = "true",
        offline: bool = True,
    ) -> Shown:
        """Open a page; wait until it is loaded and the expression is true."""
        url = address.resolve().as_uri() if isinstance(address, Path) else address
        context = self._chromium.new_context(
            viewport={"width": width, "height": height},
            is_mobile=width < 600,
            java_script_enabled=scripts,
            offline=offline,
        )
        context.set_default_timeout(1000 * PATIENCE)
        shown = Shown(context.new_page())
        shown.page.on("request", lambda request: shown.asked(request.url, url))
        shown.page.on("pageerror", lambda error: shown.problems.append(str(error)))
        shown.page.on("console", shown.heard)
        shown.page.goto(url)
        if scripts:
            shown.wait(wait)
        return shown
