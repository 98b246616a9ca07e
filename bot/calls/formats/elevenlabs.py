"""Reads ElevenLabs: voice-agent conversations and speech-to-text words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words
from bot.calls.transcript import Speaker

_ROLES: dict[str, Speaker] = {"agent": "agent", "user": "customer"}
_KINDS = frozenset({"word", "spacing", "audio_event"})


def sure(document: Document) -> float:
    page = record(document.json)
    call = record(page.get("data")) or page
    turn = record(call.get("transcript"))
    if "time_in_call_secs" in turn and "role" in turn:
        return 0.95
    word = record((record(page.get("transcripts")) or page).get("words"))
    return 0.95 if filled(word, "type") in _KINDS and "text" in word else 0.0


def read(document: Document) -> Iterator[CallLog]:
    notes: list[str] = []
    for page in records(document.json, notes):
        call = record(page.get("data")) or page
        if "transcript" in call:
            utterances = [_turn(turn) for turn in records(call["transcript"], notes)]
        else:
            channels = records(page.get("transcripts"), notes) or [page]
            words = [word for channel in channels for word in _words(channel, notes)]
            utterances = from_words(words, notes, channels=len(channels) > 1)
        yield CallLog(utterances, filled(call, "conversation_id", "transcription_id") or None, notes)
        notes = []


def _turn(turn: dict[str, Any]) -> Utterance:
    role = filled(turn, "role")
    return Utterance(filled(turn, "message"), role or None, _ROLES.get(role), seconds(turn.get("time_in_call_secs")))


def _words(channel: dict[str, Any], notes: list[str]) -> list[Word]:
    items = records(channel.get("words"), notes)
    number = filled(channel, "channel_index")
    label = f"channel {number}" if number else None
    # If the file has spacing items, texts without one between them belong together (Chinese, Japanese).
    spaced = any(item.get("type") == "spacing" for item in items)
    words: list[Word] = []
    glued = False
    for item in items:
        if item.get("type") == "spacing":
            glued = False
        elif text := filled(item, "text"):
            who = filled(item, "speaker_id") or label
            words.append(Word(text, who, seconds(item.get("start")), seconds(item.get("end")), glued))
            glued = spaced
    return words


READER = Reader("elevenlabs", "ElevenLabs", sure, read)
