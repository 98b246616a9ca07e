"""Chromium, the local Slack's page in it, and the bot behind it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from sandbox.child import LIMIT_S
from sandbox.slack import Slack
from tests.doubles.browser import Screenshot, Workspace

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-lcd-text",  # colour fringes would double the size of a screenshot
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LARGEST = 200_000
"""Bytes of a sharp screenshot; a larger one is taken in plain resolution, as whole pages are."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", type=Path, metavar="FOLDER", help="write what the browser tests show to FOLDER")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("there is no Chromium on this machine (Debian's package: chromium)")
    expect.set_options(timeout=LIMIT_S * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1300, "height": 800}, device_scale_factor=1.5, locale="en-GB")
    context.set_default_timeout(LIMIT_S * 1000)
    yield context.new_page()
    context.close()


@pytest.fixture
def workspace(slack: Slack, page: Page) -> Workspace:
    """An empty workspace in a browser; the bot is to be started by the test (`run`)."""
    return Workspace(page, slack.url)


@pytest.fixture
def screenshot(page: Page, request: pytest.FixtureRequest) -> Screenshot:
    """Writes to the folder that `--screenshots` names, and nothing without it."""
    folder: Path | None = request.config.getoption("--screenshots", default=None)

    def take(name: str, element: Locator | None = None) -> None:
        if folder and element:
            file = folder / f"{name}.png"
            element.screenshot(path=file)
            if file.stat().st_size > LARGEST:
                element.screenshot(path=file, scale="css")
        elif folder:
            page.screenshot(path=folder / f"{name}.png", scale="css")

    return take
