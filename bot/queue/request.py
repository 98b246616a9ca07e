"""What a person asked for in Slack, all that is needed to answer it later, and how far that has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

RequestKind = Literal[
    "mention",
    "message",
    "command",
    "modal",
    "shortcut",
    "post",
    "feedback",
    "export",
    "download",
    "notice",
    "scorecard",
    "step",
]


class FileRef(BaseModel):
    """A file in Slack: its id, its name, and the address that it is read at (needs the bot's token)."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str = ""
    url: str = ""


class Request(BaseModel):
    """One request. `id` is the same for every delivery of it; ids and `ts` are Slack's own.

    The answer stands in the thread `thread_ts`, or at the top of the channel where that is empty; where there is a
    `response_url` and no `ts` it is shown to the asker alone. `user_team` is the asker's own workspace, where Slack
    tells it. A `post` shows the answers of the request `of` to all. A `feedback` is an event (in `text`, as
    JSON) about the answer with the key `of`, or about all that the message `ts` shows. An `export` makes a dataset of a task's pairs, a
    `download` hands it over. A `notice` tells the admins its `text`: in the `channel`, or each of them where that is empty.
    A `scorecard` hands over the evaluation of [task, champion, challenger] (in `text`).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    kind: RequestKind
    team: str
    channel: str
    user: str
    at: float
    ts: str = ""
    thread_ts: str = ""
    text: str = ""
    files: tuple[FileRef, ...] = ()
    task: str = "summarize"
    response_url: str = ""
    user_team: str = ""
    of: str = ""
    step: str = ""

    @property
    def private(self) -> bool:
        """Whether only the asker sees the answer."""
        return self.kind in ("command", "modal")

    @property
    def asks(self) -> bool:
        """Whether it asks for a wrap-up, and is not about one that is there."""
        return self.kind not in ("post", "feedback", "download", "notice", "scorecard", "step")

    @property
    def in_dm(self) -> bool:
        return self.channel.startswith("D")


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

    request: Request
    token: str
    attempt: int
    tries: int
    posting: bool
    reply_ts: str


@dataclass(frozen=True, slots=True)
class QueueHealth:
    waiting: int
    oldest_age_s: float
