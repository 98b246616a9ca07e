"""Finds the calls of a request: in files, pasted text, the message behind a link, or a thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk import WebClient

from bot.answers.answer import Source
from bot.calls import files as intake
from bot.calls.assemble import assemble
from bot.calls.reading import CallLog, Utterance
from bot.calls.transcript import Transcript
from bot.errors import NotAllowed, NothingToRead, ReadError
from bot.queue.request import FileRef, WrapUpRequest
from bot.settings import Settings
from bot.task import Task
from handlers.slack.api import pages
from handlers.slack.files import download
from handlers.slack.people import People
from handlers.slack.text import permalink, plain, without_mention

FEWEST_WORDS = 8  # a shorter text with a single turn is a greeting or a question to the bot, not a call
MOST_MESSAGES = 1_000  # of a thread

SlackMessage = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FoundCall:
    """One call, or the reason why a file can't be read. `source`: how we got it.

    `held_by`: channel and ts of the message with its log; None if it came by a form or a command.
    """

    file: str
    source: Source
    call: Transcript | ReadError
    held_by: tuple[str, str] | None = None


class Sources:
    """Reads the calls of requests. Threads may share it."""

    def __init__(self, client: WebClient, people: People, settings: Settings, bot_user: str) -> None:
        self._client, self._people, self._settings, self._bot_user = client, people, settings, bot_user

    def calls(self, request: WrapUpRequest, task: Task) -> list[FoundCall]:
        """All calls of the request. Raises NothingToRead, NotAllowed, ReadError or a SlackError."""
        own = (request.channel, request.ts) if request.ts else None
        return [replace(found, held_by=found.held_by or own) for found in self._found(request, task)]

    def _found(self, request: WrapUpRequest, task: Task) -> list[FoundCall]:
        if request.kind == "command" and (place := permalink(request.text)):
            return self._behind_link(request, task, *place)
        if request.files:
            return list(self._in_files(request.files, task))
        text = self._plain(request.text)
        if request.kind in ("command", "modal", "shortcut"):
            return self._in_text(text, task, "modal" if request.kind == "modal" else "paste")
        if self._is_a_log(text, task):
            return self._in_text(text, task, "paste")
        return self._around(request, task)

    def _behind_link(
        self, request: WrapUpRequest, task: Task, channel: str, ts: str, thread_ts: str
    ) -> list[FoundCall]:
        if not self._people.is_member(request.user, channel):
            raise NotAllowed("You're not in that channel, so I can't read it for you.")
        for message in self._thread(channel, thread_ts or ts):
            if message.get("ts") == ts:
                return self._in_message(message, task, channel)
        raise NothingToRead("The message behind this link no longer exists.")

    def _around(self, request: WrapUpRequest, task: Task) -> list[FoundCall]:
        """The calls in the message itself, in the first message of its thread, or the thread as a call."""
        messages = self._thread(request.channel, request.thread_ts or request.ts)
        own = next((message for message in messages if message.get("ts") == request.ts), {})
        if files := file_refs(own):
            return list(self._in_files(files, task))
        if not messages or request.ts == messages[0].get("ts"):
            raise NothingToRead("")
        root, text = messages[0], self._plain(str(messages[0].get("text") or ""))
        if file_refs(root) or self._turns(text, task) > 1:
            return self._in_message(root, task, request.channel)
        said = [message for message in messages if message.get("ts") != request.ts and self._is_a_persons(message)]
        if len({message["user"] for message in said}) > 1 and task.reads == "call":
            return [FoundCall("", "thread", self._conversation(said, request.thread_ts))]
        if self._is_a_log(text, task):
            return self._in_message(root, task, request.channel)
        raise NothingToRead("")

    def _in_message(self, message: SlackMessage, task: Task, channel: str) -> list[FoundCall]:
        if files := file_refs(message):
            found = list(self._in_files(files, task))
        else:
            found = self._in_text(self._plain(str(message.get("text") or "")), task, "paste")
        return [replace(each, held_by=(channel, str(message["ts"]))) for each in found]

    def _in_files(self, files: Sequence[FileRef], task: Task) -> Iterator[FoundCall]:
        most = self._settings.max_bytes
        for file in files:
            try:
                data = download(self._client, file, most)
            except ReadError as error:
                yield FoundCall(file.name or file.id, "upload", error)
            else:
                for taken in intake.read(file.name or file.id, data, task.reads, None, most):
                    yield FoundCall(taken.file, "upload", taken.found)

    def _in_text(self, text: str, task: Task, source: Source) -> list[FoundCall]:
        if not text:
            raise NothingToRead("")
        taken = intake.read("", text.encode(), task.reads, None, self._settings.max_bytes)
        return [FoundCall("", source, each.found) for each in taken]

    def _is_a_log(self, text: str, task: Task) -> bool:
        """Whether the text is more than a greeting, so that it may be a call."""
        long_enough = len(text.split()) >= FEWEST_WORDS or (text and task.reads == "comment")
        return bool(long_enough) or self._turns(text, task) > 1

    def _turns(self, text: str, task: Task) -> int:
        """The number of turns of the longest call in the text; 0 if it can't be read."""
        read = intake.read("", text.encode(), task.reads, None, self._settings.max_bytes)
        return max((len(each.found.turns) for each in read if isinstance(each.found, Transcript)), default=0)

    def _thread(self, channel: str, ts: str) -> list[SlackMessage]:
        """The messages of a thread, beginning with its first; a message without replies is alone."""
        found: list[SlackMessage] = []
        for page in pages(self._client.conversations_replies, channel=channel, ts=ts, limit=200):
            found += page.get("messages") or ()
            if len(found) >= MOST_MESSAGES:
                break
        return found

    def _is_a_persons(self, message: SlackMessage) -> bool:
        text = without_mention(str(message.get("text") or ""), self._bot_user)
        return bool(message.get("user") and not message.get("bot_id") and text)

    def _conversation(self, messages: Sequence[SlackMessage], thread_ts: str) -> Transcript:
        utterances = [
            Utterance(
                self._plain(str(message["text"])),
                self._people.name(message["user"]),
                "agent" if self._people.is_agent(message["user"]) else "other",
                float(message["ts"]) - float(messages[0]["ts"]),
            )
            for message in messages
        ]
        notes = ["Read from a Slack thread. Times count from its first message."]
        return assemble(CallLog(utterances, f"thread-{thread_ts}"), "slack-thread", notes, Counter())

    def _plain(self, text: str) -> str:
        return plain(without_mention(text, self._bot_user), self._people.name)


def file_refs(message: SlackMessage) -> tuple[FileRef, ...]:
    """The files of a message, except deleted ones and those that Slack hides."""
    return tuple(
        FileRef(
            id=str(file["id"]),
            name=str(file.get("name") or ""),
            url=""
            if file.get("file_access") == "check_file_info"
            else str(file.get("url_private_download") or file.get("url_private") or ""),
        )
        for file in message.get("files") or ()
        if file.get("id") and file.get("mode") not in ("tombstone", "hidden_by_limit")
    )
