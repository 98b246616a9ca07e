"""Brings what an earlier version of Wrapup stored to the schema of this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.adapters.redis import keys as store
from bot.adapters.redis.client import Client, as_text, translated
from bot.errors import UnknownSchema

# The first step brings schema 1 to 2, and so on. A step must be one that may run twice, also half of it.
STEPS: Sequence[Callable[[Client], None]] = ()


def migrate(client: Client, steps: Sequence[Callable[[Client], None]] = STEPS) -> tuple[int, int]:
    """Runs the steps that are missing, each written down when it is done; gives the schema before and after.

    A store that holds nothing yet has the schema of this version. Raises UnknownSchema where the store is of a later one.
    """
    newest = 1 + len(steps)
    with translated():
        client.set(store.SCHEMA, newest, nx=True)
        before = int(as_text(client.get(store.SCHEMA)))
    if before > newest:
        raise UnknownSchema(
            f"The store has the schema {before}, and this version of Wrapup knows {newest}: upgrade it."
        )
    for number, step in enumerate(steps[before - 1 :], before + 1):
        with translated():
            step(client)
            client.set(store.SCHEMA, number)
    return before, newest


def check(client: Client, steps: Sequence[Callable[[Client], None]] = STEPS) -> None:
    """Raises UnknownSchema where the store has another schema than this version; an empty store gets this one's."""
    newest = 1 + len(steps)
    with translated():
        client.set(store.SCHEMA, newest, nx=True)
        found = int(as_text(client.get(store.SCHEMA)))
    if found != newest:
        what = "run `wrapup migrate`" if found < newest else "upgrade it"
        raise UnknownSchema(f"The store has the schema {found}, and this version of Wrapup knows {newest}: {what}.")
