"""What the commands share: settings, errors with their exit codes, and how results are printed."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import getpass
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import uuid4

import click

if TYPE_CHECKING:
    from bot.retraining.pending import Asked
    from bot.settings import Settings

REFUSED, NOTHING, PROVIDER = 1, 2, 3
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@contextmanager
def told(nothing: int = REFUSED) -> Iterator[Settings]:
    """The settings; every error ends the command with its sentence and its exit code.

    1: refused, or the settings are wrong. 3: the model, the store or the bucket does not answer. `nothing` is the code
    if there are no pairs.
    """
    from bot.errors import (
        ModelError,
        NothingToExport,
        PlaceUnavailable,
        SettingsError,
        StoreUnavailable,
        WrapupError,
    )
    from bot.settings import read

    try:
        yield read()
    except SettingsError as error:
        stop_with(f"The settings are wrong.\n{error}", REFUSED)
    except NothingToExport as error:
        stop_with(str(error), nothing)
    except (ModelError, PlaceUnavailable, StoreUnavailable) as error:
        stop_with(str(error), PROVIDER)
    except WrapupError as error:
        stop_with(str(error), REFUSED)


def stop_with(text: str, code: int) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(code)


def who() -> str:
    """The user of this shell, as the audit names them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a container
        return "shell"


def asked(step: str, task: str, of: str = "", reason: str = "") -> Asked:
    """A step of the loop that the user of this shell asks for now."""
    from bot.retraining.pending import Asked
    from bot.retraining.under_way import FROM_SHELL

    return Asked(f"{FROM_SHELL}{uuid4().hex}", step, task, who(), time.time(), of, reason)


def approve_hint(why: str) -> str:
    """Why a second person has to approve, and how to say who does; "" if nobody has to."""
    return f"{why}. Add --approve NAME, another one than {who()}." if why else ""


def refuse_unapproved(why: str) -> NoReturn:
    """Ends a command whose step waits for a second person now."""
    stop_with(f"{approve_hint(why)} Or another admin approves it on the card in Slack, where it waits now.", REFUSED)


def show(row: Any, as_json: bool, text: str) -> None:
    """The row as JSON on a line, or the text."""
    print_json(row) if as_json else click.echo(text)


def print_json(row: Any) -> None:
    """One JSON value on a line."""
    click.echo(json.dumps(row, ensure_ascii=False))


def draw(what: Any) -> None:
    """A panel or a table of rich's."""
    from rich.console import Console

    Console().print(what)
