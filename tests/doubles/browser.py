"""The local Slack's page, driven as a person does: look, click, type."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from sandbox.child import Child, wait_for
from sandbox.slack import Slack
from sandbox.workspace import BOT_NAME, Person

# The page folds line breaks in plain text, which Slack keeps.
AS_IN_SLACK = ".plain { white-space: pre-wrap }"


class Screenshot(Protocol):
    """Keeps what the page, or one element of it, shows as NAME.png."""

    def __call__(self, name: str, element: Locator | None = None) -> None: ...


@contextmanager
def running(slack: Slack, folder: Path, **settings: str) -> Iterator[None]:
    """The bot in Socket Mode and a worker with the embedded model, for all tests of a module."""
    env = {"WRAPUP_DATA_DIR": str(folder / "data"), "WRAPUP_METRICS_PORT": "0", **settings, **slack.environment()}
    with (
        Child(["python", "-m", "handlers"], folder / "bot.log", env=env) as listening,
        Child(["python", "-m", "handlers.worker"], folder / "worker.log", env=env) as worker,
    ):
        wait_for("the bot to connect", lambda: slack.connected() or not listening.running)
        wait_for("the worker to start", lambda: "working" in worker.output or not worker.running)
        yield
    print(f"--- bot\n{listening.output}--- worker\n{worker.output}")  # noqa: T201


class Workspace:
    """The page as one person sees it; who that is can be changed.

    Every step waits until what it needs is on the page. Returned locators are for playwright's `expect`.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.open(url)

    def open(self, url: str) -> None:
        """Loads the page and waits for its connection."""
        self.page.goto(url)
        expect(self.page.get_by_text("ui live")).to_be_visible()
        self.page.add_style_tag(content=AS_IN_SLACK)

    def resize(self, width: int, height: int) -> None:
        """Makes the window that large, for screenshots."""
        self.page.set_viewport_size({"width": width, "height": height})

    # Where one is

    def act_as(self, person: Person) -> None:
        """Everything after this is done as `person`."""
        self.page.get_by_label("Act as").select_option(label=person.real_name)

    def open_channel(self, name: str) -> None:
        """Shows a channel, given without `#`."""
        self._sidebar(re.compile(rf"^\W*{re.escape(name)}$")).click()
        expect(self.page.locator(".channel-title")).to_contain_text(name)

    def open_direct_messages(self, person: Person) -> None:
        """Shows a person's direct messages with the bot; opening the Home tab first makes them exist."""
        self._sidebar(re.compile(re.escape(person.real_name))).click()
        expect(self.page.locator(".channel-title")).to_contain_text(person.real_name)

    def open_home(self) -> Locator:
        """Shows the app's Home tab, and returns it."""
        self._sidebar(re.compile(rf"{BOT_NAME}$")).last.click()
        return self.page.locator(".home-inner")

    def open_thread(self, message: Locator) -> Locator:
        """Opens the thread of a channel's message, and returns the pane; what comes later appears in it."""
        message.hover()
        message.get_by_title("Reply in thread").click()
        return self.thread

    def widen_thread(self, pixels: int = 620) -> None:
        """Drags the thread's edge until it is that wide (280 to 900), for screenshots."""
        edge = self.page.locator(".thread-resize-handle").bounding_box()
        assert edge
        self.page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + 100)
        self.page.mouse.down()
        self.page.mouse.move(1300 - pixels, edge["y"] + 100)
        self.page.mouse.up()
        self.page.locator(".topbar .brand").hover()  # else the edge stays lit

    @property
    def thread(self) -> Locator:
        """The thread that is open."""
        return self.page.locator(".thread-pane")

    # What one reads

    def message(self, text: str, within: Locator | None = None) -> Locator:
        """The last message that shows this text, in the channel or `within` a thread."""
        return (within or self.page.locator(".messages")).locator(".msg").filter(has_text=text).last

    def file(self, name: str, within: Locator | None = None) -> Locator:
        """The last shared file of this name."""
        return (within or self.page.locator(".messages")).locator(".file-card").filter(has_text=name).last

    @property
    def modal(self) -> Locator:
        """The modal that is open."""
        return self.page.locator(".modal")

    # What one does

    def say(self, text: str, *, mention: bool = False, files: tuple[Path, ...] = (), thread: bool = False) -> None:
        """Writes a message, with `mention` addressed to the bot, with `files` attached; in the open `thread` or below."""
        composer = (self.thread if thread else self.page.locator(".main")).locator(".composer")
        if files:
            composer.locator("input[type=file]").set_input_files(files)
        composer.locator("textarea").fill(f"@{BOT_NAME} {text}" if mention else text)
        composer.get_by_role("button", name="Send").click()
        expect(composer.locator("textarea")).to_have_value("")

    def command(self, command: str, text: str = "") -> None:
        """Runs a slash command in the channel that is shown."""
        self.say(f"{command} {text}".strip())

    def press(self, within: Locator, button: str) -> None:
        """Presses the button of a message, modal or Home tab."""
        within.get_by_role("button", name=button, exact=True).click()

    def choose(self, within: Locator, option: str) -> None:
        """Chooses an option of the overflow menu."""
        within.locator("select.bk-overflow").select_option(label=option)

    def react(self, message: Locator, name: str) -> None:
        """Adds a reaction of the picker's first row (`+1`, `heart`, `eyes` ...) to a message."""
        message.hover()
        message.get_by_title("Add reaction").click()
        self.page.locator(".emoji-option").and_(self.page.get_by_title(f":{name}:", exact=True)).click()

    def unreact(self, message: Locator, name: str) -> None:
        """Takes one's own reaction to a message back."""
        message.locator(".reaction.mine").and_(self.page.get_by_title(f":{name}:", exact=True)).click()

    # Modals

    def field(self, label: str) -> Locator:
        """The input of the open modal under this label."""
        return self.modal.locator(".bk-input").filter(has=self.page.locator(".bk-label", has_text=label))

    def fill(self, label: str, text: str) -> None:
        """Writes into a text field. The page's fields have one line: line breaks are lost."""
        self.field(label).locator("input").fill(text)
        self.page.keyboard.press("Home")  # shows how it begins

    def select(self, label: str, option: str) -> None:
        """Chooses from a list."""
        self.field(label).locator("select").select_option(label=option)

    def tick(self, label: str, option: str) -> None:
        """Ticks a box, or chooses among radio buttons."""
        self.field(label).get_by_label(option).check()

    def submit(self) -> None:
        """Presses the modal's own button."""
        self.modal.locator(".modal-foot .primary").click()

    def cancel(self) -> None:
        """Closes the modal without sending it."""
        self.modal.locator(".modal-x").click()
        expect(self.modal).to_have_count(0)

    def _sidebar(self, name: re.Pattern[str]) -> Locator:
        return self.page.locator(".sidebar-item").filter(has_text=name)
