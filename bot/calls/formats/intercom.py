"""Reads Intercom conversations, chats and calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.markup import from_html
from bot.calls.transcript import Speaker

_ROLES: dict[str, Speaker] = dict.fromkeys(("admin", "bot", "team"), "agent")
_ROLES |= dict.fromkeys(("user", "lead", "contact"), "customer")
_BOT_NOTE = "Turns of a bot are shown as the agent's."


def sure(document: Document) -> float:
    page = record(document.json)
    first = record(page.get("conversations")) or record(page.get("data")) or page
    turn = record(first.get("transcript")) or first
    if {"speaker_type", "content"} <= turn.keys():
        return 0.95
    return 0.95 if "conversation_parts" in first or ("source" in first and first.get("type") == "conversation") else 0.0


def read(document: Document) -> Iterator[CallLog]:
    notes: list[str] = []
    found = records(document.json, notes)
    if found and "speaker_type" in found[0]:
        found = [{"transcript": found}]
    for page in found:
        for call in records(page.get("conversations") or page.get("data"), notes) or [page]:
            yield _call(call, notes)
            notes = []


def _call(call: dict[str, Any], notes: list[str]) -> CallLog:
    turns = records(call.get("transcript"), notes)
    if turns and "speaker_type" not in turns[0] and "content" not in turns[0]:
        turns = []
    utterances = [_turn(turn) for turn in turns]
    first = {**record(call.get("source")), "created_at": call.get("created_at")}
    parts = call.get("conversation_parts")
    listed = parts.get("conversation_parts") if isinstance(parts, dict) else parts
    messages = [first, *records(listed, notes)]
    utterances += [_message(message) for message in messages if filled(message, "body")]
    notes += _notes([record(message.get("author")) for message in messages], messages)
    return CallLog(utterances, filled(call, "id", "call_id", "conversation_id") or None, notes)


def _turn(turn: dict[str, Any]) -> Utterance:
    role = _ROLES.get(filled(turn, "speaker_type").lower())
    start, end = seconds(turn.get("start_time")), seconds(turn.get("end_time"))
    return Utterance(filled(turn, "content"), filled(turn, "speaker", "speaker_label") or role, role, start, end)


def _message(message: dict[str, Any]) -> Utterance:
    author = record(message.get("author"))
    role = _ROLES.get(filled(author, "type").lower())
    label = filled(author, "name", "email") or role
    return Utterance(from_html(filled(message, "body")), label, role, seconds(message.get("created_at")))


def _notes(authors: list[dict[str, Any]], messages: list[dict[str, Any]]) -> list[str]:
    bots = any(author.get("type") == "bot" for author in authors)
    inside = sum(message.get("part_type") == "note" for message in messages)
    told = [f"{inside} internal note(s) are among the turns. The customer did not see them."] if inside else []
    return [_BOT_NOTE, *told] if bots else told


READER = Reader("intercom", "Intercom conversations", sure, read)
