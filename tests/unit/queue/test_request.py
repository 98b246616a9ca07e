"""What the ledger holds of a request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.queue.request import (
    AnyRequest,
    DownloadRequest,
    ExportRequest,
    FeedbackRequest,
    FileRef,
    NoticeRequest,
    PostRequest,
    ScorecardRequest,
    StepRequest,
    WrapUpRequest,
    from_json,
)

PLACE: dict[str, Any] = {"id": "r1", "team": "T1", "channel": "C1", "user": "U1", "at": 1.5}
REQUESTS: list[AnyRequest] = [
    WrapUpRequest(**PLACE, kind="mention", ts="1.0", thread_ts="1.0", text="Hello", files=(FileRef(id="F1"),)),
    WrapUpRequest(**PLACE, kind="command", text="Hello", task="moderate", response_url="https://hooks.slack.com/1"),
    PostRequest(**PLACE, of="r0"),
    FeedbackRequest(**PLACE, event={"id": "e1", "kind": "vote"}, of="r0#0"),
    ExportRequest(**PLACE, task="summarize"),
    DownloadRequest(**PLACE, task="summarize"),
    NoticeRequest(**PLACE, text="It costs 40 USD an hour."),
    ScorecardRequest(**PLACE, task="summarize", champion="a", challenger="b"),
    StepRequest(**PLACE, step="propose", task="summarize", hyperparameters={"epochCount": "3"}, base="m"),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each.kind)
def test_a_request_comes_back_from_the_ledger_as_it_was(request_: AnyRequest) -> None:
    assert from_json(request_.model_dump_json()) == request_


@pytest.mark.parametrize(
    ("kind", "more", "read"),
    [
        ("feedback", {"text": '{"id": "e1"}', "of": "r0#0"}, FeedbackRequest(**PLACE, event={"id": "e1"}, of="r0#0")),
        (
            "scorecard",
            {"text": '["summarize", "a", "b"]'},
            ScorecardRequest(**PLACE, task="summarize", champion="a", challenger="b"),
        ),
        (
            "step",
            {"step": "propose", "text": '{"given": {"epochCount": "3"}, "base": "m"}'},
            StepRequest(**PLACE, step="propose", task="summarize", hyperparameters={"epochCount": "3"}, base="m"),
        ),
        (
            "step",
            {"step": "canary", "of": "m", "text": "10%"},
            StepRequest(**PLACE, step="canary", task="summarize", of="m", words="10%"),
        ),
    ],
)
def test_a_request_that_an_earlier_version_left_on_the_ledger_is_read(
    kind: str, more: dict[str, Any], read: AnyRequest
) -> None:
    defaults = {"ts": "", "thread_ts": "", "text": "", "files": [], "task": "summarize", "of": "", "step": ""}

    body = json.dumps(PLACE | {"kind": kind} | defaults | more)

    assert from_json(body) == read


@pytest.mark.parametrize("body", ["", "[1]", "{}", json.dumps(PLACE | {"kind": "dance"})])
def test_what_a_later_version_wrote_is_refused(body: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # pydantic's or json's own
        from_json(body)
