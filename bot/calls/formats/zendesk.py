"""Reads Zendesk tickets: comments, audits and call transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.calls.document import Document
from bot.calls.formats import plain
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.markup import from_html
from bot.calls.transcript import Speaker

_ROLES: dict[str, Speaker] = {"end-user": "customer", "agent": "agent", "admin": "agent"}
_COMMENTS = frozenset({"Comment", "VoiceComment", "TpeVoiceComment"})


def sure(document: Document) -> float:
    page = record(document.json)
    ticket = record(page.get("tickets")) or page
    comment = record(ticket.get("comments")) or record(record(page.get("ticket")).get("comments"))
    if "author_id" in comment and comment.keys() & {"html_body", "plain_body", "public", "audit_id", "via"}:
        return 0.95
    return 0.95 if "events" in (audit := record(ticket.get("audits"))) and "ticket_id" in audit else 0.0


def read(document: Document) -> Iterator[CallLog]:
    notes: list[str] = []
    for page in records(document.json, notes):
        for each in records(page.get("tickets"), notes) or [page]:
            ticket = {**each, **record(each.get("ticket"))}
            people = {filled(user, "id"): user for user in _users(page, ticket)}
            comments = [*records(ticket.get("comments"), notes), *_audited(ticket, notes)]
            if inside := sum(comment.get("public") is False for comment in comments):
                notes.append(f"{inside} internal note(s) are among the turns. The customer did not see them.")
            utterances = [said for comment in comments for said in _utterances(comment, ticket, people)]
            yield CallLog(utterances, _id(ticket), notes)
            notes = []


def _users(page: dict[str, Any], ticket: dict[str, Any]) -> list[dict[str, Any]]:
    embedded = [record(ticket.get(key)) for key in ("requester", "submitter", "assignee")]
    return [*embedded, *records(page.get("users"), []), *records(ticket.get("users"), [])]


def _audited(ticket: dict[str, Any], notes: list[str]) -> list[dict[str, Any]]:
    return [
        {"author_id": audit.get("author_id"), "created_at": audit.get("created_at"), **event}
        for audit in records(ticket.get("audits"), notes)
        for event in records(audit.get("events"), notes)
        if filled(event, "type") in _COMMENTS
    ]


def _id(ticket: dict[str, Any]) -> str | None:
    return filled(ticket, "id", "ticket_id") or filled(record(ticket.get("audits")), "ticket_id") or None


def _utterances(comment: dict[str, Any], ticket: dict[str, Any], people: dict[str, dict[str, Any]]) -> list[Utterance]:
    """Returns one utterance for a written comment, and all turns for a call's transcript."""
    at = seconds(comment.get("created_at"))
    if spoken := filled(record(comment.get("data")), "transcription_text"):
        found = plain.split(spoken)
        turns = found if any(said.label for said in found) else [Utterance(spoken)]
        return [replace(said, start_s=_after(at, said.start_s), end_s=None) for said in turns]
    text = filled(comment, "plain_body") or from_html(filled(comment, "html_body", "body"))
    author = filled(comment, "author_id")
    person = people.get(author, {})
    label = filled(person, "name") or (f"author {author}" if author else None)
    return [Utterance(text, label, _role(comment, ticket, person), at)]


def _after(at: float | None, offset: float | None) -> float | None:
    return offset if at is None else at + (offset or 0.0)


def _role(comment: dict[str, Any], ticket: dict[str, Any], person: dict[str, Any]) -> Speaker | None:
    if (role := _ROLES.get(filled(person, "role"))) or comment.get("public") is False:
        return role or "agent"
    author = filled(comment, "author_id")
    if author and author == filled(ticket, "requester_id"):
        return "customer"
    return "agent" if author and author == filled(ticket, "assignee_id") else None


READER = Reader("zendesk", "Zendesk tickets", sure, read)
