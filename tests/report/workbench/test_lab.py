"""A real JupyterLab, started as `make lab` does, in a real browser that asks nobody else."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from forecast.resources import NOTEBOOKS, PACKAGE
from tests import builders
from tests.browser import PATIENCE, Browser, Shown

pytestmark = pytest.mark.slow

STARTED = "document.querySelector('.jp-NotebookPanel [data-status=idle]') !== null"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Start JupyterLab on a free port, its notebook and settings in a folder of the test."""
    data = builders.lengthen(builders.few(tmp_path / "data"))
    folder = tmp_path / "notebooks"
    folder.mkdir()
    text = (NOTEBOOKS / "10_target.ipynb").read_text("utf-8")
    for name, value in (("data", json.dumps(str(data))), ("draws", "400")):
        text = re.sub(rf'"{name} = [^ ]+', json.dumps(f"{name} = {value}")[:-1], text)
    text = re.sub(r"families: list\[str\] = \[\]", r'families: list[str] = [\\"drift\\"]', text)
    (folder / "10_target.ipynb").write_text(text, "utf-8")
    own = {f"JUPYTER_{n}_DIR": str(tmp_path / n.lower()) for n in ("CONFIG", "DATA", "RUNTIME")}
    startup = {"PYTHONSTARTUP": str(PACKAGE / "report" / "workbench" / "startup.py")}
    options = ["--no-browser", "--allow-root", "--ServerApp.port=0", "--IdentityProvider.token="]
    options += ["--LabApp.news_url="]
    command = [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(folder), *options]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env={**os.environ, **own, **startup}, stderr=log)
        try:
            yield _address(tmp_path / "runtime", server)
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _address(runtime: Path, server: subprocess.Popen[bytes]) -> str:
    """Return the address of a server, once it answers: it writes the file before it listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(OSError, ValueError):
                url = str(json.loads(path.read_text("utf-8"))["url"])
                with urlopen(f"{url}api"):
                    return url
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start")


def test_a_changed_parameter_gives_a_new_answer(browser: Browser, lab: str) -> None:
    address = f"{lab}lab/tree/10_target.ipynb"
    with browser.open(address, offline=False, wait=STARTED) as shown:
        page = shown.page
        connected(shown, lab)
        page.locator(".cm-line", has_text="lang = ").first.click()
        page.keyboard.press("Home")
        page.keyboard.press("Shift+End")
        page.keyboard.insert_text('lang = "zh"')
        menu(shown, "Run", "Run All Cells")
        told = page.locator(".jp-OutputArea h1", has_text=re.compile("[一-鿿]"))
        told.first.wait_for(state="attached")
        # What "Save and Export Notebook As" lists.
        assert "forecast" in page.request.get(f"{lab}api/nbconvert").json()
        assert [a for a in shown.requests if not re.match(rf"{lab}|blob:", a)] == []
        assert shown.problems == []


def connected(shown: Shown, lab: str) -> None:
    """Wait until the page hears its kernel: it calls it idle before, and what it runs is lost."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        kernels = shown.page.request.get(f"{lab}api/kernels").json()
        if any(k["connections"] and k["execution_state"] == "idle" for k in kernels):
            shown.page.wait_for_function(STARTED)
            return
        shown.page.wait_for_timeout(100)
    raise AssertionError("the page did not reach its kernel")


def menu(shown: Shown, name: str, item: str) -> None:
    """Choose an item of a menu of JupyterLab."""
    shown.page.get_by_role("menuitem", name=name, exact=True).click()
    shown.page.get_by_role("menuitem", name=re.compile(f"^{item}")).first.click()
