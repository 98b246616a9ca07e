"""Upgrades stored data from earlier versions of Wrapup to the current schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.adapters.redis import keys as store
from bot.adapters.redis.client import Client, as_text, translated
from bot.errors import UnknownSchema

# The first step upgrades schema 1 to 2, and so on. A step must be safe to run again, even after it stopped halfway.
STEPS: Sequence[Callable[[Client], None]] = ()


def migrate(client: Client, steps: Sequence[Callable[[Client], None]] = STEPS) -> tuple[int, int]:
    """Runs the missing steps and records each one when it is done. Returns the schema before and after.

    An empty store gets the current schema. Raises UnknownSchema if the store has a later one.
    """
    newest = 1 + len(steps)
    with translated():
        client.set(store.SCHEMA, newest, nx=True)
        before = int(as_text(client.get(store.SCHEMA)))
    if before > newest:
        raise UnknownSchema(f"The store has the schema {before}, but this Wrapup only knows {newest}. Upgrade Wrapup.")
    for number, step in enumerate(steps[before - 1 :], before + 1):
        with translated():
            step(client)
            client.set(store.SCHEMA, number)
    return before, newest


def check(client: Client, steps: Sequence[Callable[[Client], None]] = STEPS) -> None:
    """Raises UnknownSchema if the store doesn't have the current schema. An empty store gets it."""
    newest = 1 + len(steps)
    with translated():
        client.set(store.SCHEMA, newest, nx=True)
        found = int(as_text(client.get(store.SCHEMA)))
    if found != newest:
        what = "Run `wrapup migrate`" if found < newest else "Upgrade Wrapup"
        raise UnknownSchema(f"The store has the schema {found}, but this Wrapup needs {newest}. {what}.")
