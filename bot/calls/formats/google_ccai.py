"""Reads Google's contact-centre conversations: Agent Assist, Insights, Speech-to-Text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words
from bot.calls.speaker import role_of

_BOT_NOTE = "Turns of an automated agent are shown as the agent's."


def sure(document: Document) -> float:
    call = record(document.json)
    entry = record(call.get("entries"))
    if ("role" in entry and "text" in entry) or _segments(call) is not None:
        return 0.95
    result = record(_results(call))
    # Watson's results look the same, but have `final`.
    return 0.9 if "transcript" in record(result.get("alternatives")) and "final" not in result else 0.0


def read(document: Document) -> Iterator[CallLog]:
    notes: list[str] = []
    for call in records(document.json, notes):
        if "entries" in call:
            utterances = [_entry(entry) for entry in records(call["entries"], notes)]
        elif (segments := _segments(call)) is not None:
            utterances = [_segment(segment) for segment in records(segments, notes)]
        else:
            utterances = _recognized(records(_results(call), notes), notes)
        if any(said.label == "automated agent" for said in utterances):
            notes.append(_BOT_NOTE)
        name = filled(call, "conversation_id", "conversationId", "name")
        yield CallLog(utterances, name.rsplit("/", 1)[-1] or None, notes)
        notes = []


def _segments(call: dict[str, Any]) -> object:
    for holder in (record(call.get("transcript")), call):
        for key in ("transcriptSegments", "transcript_segments"):
            if key in holder:
                return holder[key]
    return None


def _results(call: dict[str, Any]) -> object:
    return call.get("results") or record(call.get("response")).get("results")


def _role(role: str) -> str | None:
    return role.lower().replace("_", " ") or None


def _entry(entry: dict[str, Any]) -> Utterance:
    start = seconds(entry.get("start_timestamp_usec"), 1_000_000)
    label = _role(filled(entry, "role"))
    return Utterance(filled(entry, "text"), label, role_of(label), start)


def _segment(segment: dict[str, Any]) -> Utterance:
    person = record(segment.get("segmentParticipant") or segment.get("segment_participant"))
    words = [_word(word, None) for word in records(segment.get("words"), [])]
    label = _role(filled(person, "role")) or _channel(segment)
    start = words[0].start_s if words else seconds(segment.get("messageTime") or segment.get("message_time"))
    return Utterance(filled(segment, "text"), label, role_of(label), start, words[-1].end_s if words else None)


def _channel(holder: dict[str, Any]) -> str | None:
    channel = filled(holder, "channelTag", "channel_tag")
    return f"channel {channel}" if channel not in ("", "0") else None


def _recognized(results: list[dict[str, Any]], notes: list[str]) -> list[Utterance]:
    """Returns an utterance per result or, if words have speakers, per run of one speaker's words."""
    best = [(record(result.get("alternatives")), _channel(result), result) for result in results]
    words = [[_word(word, channel) for word in records(said.get("words"), notes)] for said, channel, _ in best]
    if any(word.label and word.label.startswith("speaker") for run in words for word in run):
        # The last result of a diarised file repeats all words, with their speakers.
        repeats = words[-1] and (not words[0] or words[-1][0].start_s == words[0][0].start_s)
        return from_words(words[-1] if repeats else [word for run in words for word in run], notes)
    return [
        Utterance(
            filled(said, "transcript"),
            channel,
            None,
            run[0].start_s if run else None,
            run[-1].end_s if run else seconds(filled(result, "resultEndTime", "resultEndOffset")),
        )
        for (said, channel, result), run in zip(best, words, strict=True)
    ]


def _word(word: dict[str, Any], channel: str | None) -> Word:
    speaker = filled(word, "speakerLabel", "speakerTag", "speaker_tag")
    return Word(
        filled(word, "word"),
        f"speaker {speaker}" if speaker not in ("", "0") else channel,
        seconds(filled(word, "startTime", "startOffset", "start_time", "start_offset")),
        seconds(filled(word, "endTime", "endOffset", "end_time", "end_offset")),
    )


READER = Reader("google-ccai", "Google contact-centre AI", sure, read)
