"""The files beside a reply."""

from __future__ import annotations

from typing import Literal

from bot.queue.request import WrapUpRequest
from handlers.worker.delivery import file_name


def request(name: str, kind: Literal["mention", "shortcut"], ts: str, thread_ts: str) -> WrapUpRequest:
    return WrapUpRequest(id=name, kind=kind, team="T1", channel="C1", user="U1", at=0.0, ts=ts, thread_ts=thread_ts)


def test_no_two_requests_in_a_thread_share_the_name_of_their_files() -> None:
    root = request("T1:C1:1.0", "mention", "1.0", "1.0")
    within = request("T1:C1:2.0", "mention", "2.0", "1.0")
    shortcuts = [request(f"shortcut:{n}", "shortcut", "1.0", "1.0") for n in range(2)]

    assert len({file_name(each) for each in (root, within, *shortcuts)}) == 4


def test_a_request_that_is_worked_on_again_finds_its_file_by_the_name() -> None:
    first, again = (request("T1:C1:2.0", "mention", "2.0", "1.0") for _ in range(2))

    assert file_name(first) == file_name(again)
