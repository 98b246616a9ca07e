"""A request: what a person asked for in Slack, all that is needed to answer it later, and how far that has come."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class FileRef(BaseModel):
    """A file in Slack: its id, its name, and the address to read it at (with the bot's token)."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str = ""
    url: str = ""


class Request(BaseModel):
    """What every request tells. `id` is the same for every delivery of it; ids and `ts` are Slack's own.

    The answer goes to the thread `thread_ts`, or to the top of the channel if that is empty. With a `response_url` and no
    `ts`, only the asker sees it. `user_team` is the asker's own workspace, if Slack tells it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    team: str
    channel: str
    user: str
    at: float
    ts: str = ""
    thread_ts: str = ""
    response_url: str = ""
    user_team: str = ""

    @property
    def private(self) -> bool:
        """Whether only the asker sees the answer."""
        return False

    @property
    def in_dm(self) -> bool:
        return self.channel.startswith("D")


class WrapUpRequest(Request):
    """Asks for the wrap-up of the calls in its text or files, or around the message that it points at."""

    kind: Literal["mention", "message", "command", "modal", "shortcut"]
    text: str = ""
    files: tuple[FileRef, ...] = ()
    task: str = "summarize"

    @property
    def private(self) -> bool:
        return self.kind in ("command", "modal")


class PostRequest(Request):
    """Shows the private answers of the request `of` to the channel."""

    kind: Literal["post"] = "post"
    of: str


class FeedbackRequest(Request):
    """A vote or a correction: `event` (a feedback event as JSON) about the answer with the key `of`.

    Without `of` it is about all answers that the message `ts` shows.
    """

    kind: Literal["feedback"] = "feedback"
    event: dict[str, Any]
    of: str = ""


class ExportRequest(Request):
    """Makes the dataset of a task."""

    kind: Literal["export"] = "export"
    task: str


class DownloadRequest(Request):
    """Hands over the dataset of a task as a file."""

    kind: Literal["download"] = "download"
    task: str


class NoticeRequest(Request):
    """Tells the admins its text: in the channel, or each of them directly if that is empty."""

    kind: Literal["notice"] = "notice"
    text: str


class ScorecardRequest(Request):
    """Hands over the last evaluation of a challenger against a champion as a file."""

    kind: Literal["scorecard"] = "scorecard"
    task: str
    champion: str
    challenger: str


class StepRequest(Request):
    """Takes a step of the loop on what it is about: `of` names a proposal, an approval, a job or a model.

    `words` are the admin's own: the reason of a promotion, or the share of a canary. `hyperparameters` and `base` (a model
    of ours to go on from) are for the next job.
    """

    kind: Literal["step"] = "step"
    step: str
    task: str
    of: str = ""
    words: str = ""
    hyperparameters: dict[str, str] = {}
    base: str = ""


AnyRequest = Annotated[
    WrapUpRequest
    | PostRequest
    | FeedbackRequest
    | ExportRequest
    | DownloadRequest
    | NoticeRequest
    | ScorecardRequest
    | StepRequest,
    Field(discriminator="kind"),
]
_READER: TypeAdapter[AnyRequest] = TypeAdapter(AnyRequest)


def from_json(body: str | bytes) -> AnyRequest:
    """The request in a body that the ledger holds, also in one that an earlier version wrote.

    Raises ValueError if a later version wrote it.
    """
    row = json.loads(body)
    return _READER.validate_python(_upgraded(row) if isinstance(row, dict) else row)


def _upgraded(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Earlier versions kept JSON inside `text`, by kind."""
    kind, text = row.get("kind"), row.get("text") or ""
    if kind == "feedback" and "event" not in row:
        return {**row, "event": json.loads(text)}
    if kind == "scorecard" and "champion" not in row:
        task, champion, challenger = json.loads(text)
        return {**row, "task": task, "champion": champion, "challenger": challenger}
    if kind == "step" and "words" not in row:
        if row.get("step") != "propose":
            return {**row, "words": text}
        form = json.loads(text)
        return {**row, "hyperparameters": form["given"], "base": form["base"]}
    return row


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken on: requests a minute of one person and in one channel, and requests waiting in all."""

    person_per_minute: int
    channel_per_minute: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of a request: taken on (`new`, with its place in the queue), `known` already, or refused.

    `person` and `channel` mean too many a minute (`number` is the seconds to wait), `full` too many waiting (`number`
    of them). `told` is False once a minute for each person: then they should be told of the refusal.
    """

    outcome: Literal["new", "known", "person", "channel", "full"]
    number: int
    told: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A request to work on now. Only who holds the latest `token` may write to it.

    `attempt` counts from 1; more than one means that a worker was lost at it. `tries` counts how often it was
    postponed. `posting` says that a reply may have been posted, `reply_ts` where it is known to stand.
    """

    request: AnyRequest
    token: str
    attempt: int
    tries: int
    posting: bool
    reply_ts: str


@dataclass(frozen=True, slots=True)
class QueueHealth:
    waiting: int
    oldest_age_s: float
