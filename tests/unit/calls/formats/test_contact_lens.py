"""Contact Lens files, by content."""

import json
from typing import Any

import pytest

from bot.calls.document import Document
from bot.calls.formats.contact_lens import READER
from bot.calls.reading import CallLog
from bot.errors import ReadError


def turn(who: str, text: str, begin: int) -> dict[str, Any]:
    return {"ParticipantId": who, "Content": text, "BeginOffsetMillis": begin, "EndOffsetMillis": begin + 500}


def entry(kind: str, role: str, second: str, **more: object) -> dict[str, Any]:
    return {"Type": kind, "ParticipantRole": role, "AbsoluteTime": f"2024-05-01T10:00:{second}Z", **more}


VOICE: dict[str, Any] = {
    "CustomerMetadata": {"ContactId": "contact-41"},
    "Participants": [
        {"ParticipantId": "p-1", "ParticipantRole": "AGENT"},
        {"ParticipantId": "p-2", "ParticipantRole": "CUSTOMER"},
    ],
    "Transcript": [turn("p-1", "Hello.", 250), turn("p-2", "I am [PII].", 1750), turn("AGENT", "One moment.", 3100)],
}
CHAT: dict[str, Any] = {
    "Participants": [{"ParticipantId": "c"}],
    "Transcript": [
        entry("EVENT", "CUSTOMER", "00.000"),
        entry("MESSAGE", "SYSTEM", "01.000", DisplayName="SYSTEM_MESSAGE", Content="You are in the queue."),
        entry("MESSAGE", "CUSTOMER", "03.500", DisplayName="Bo", Content="Hello?"),
        entry("ATTACHMENT", "CUSTOMER", "04.000", Attachments=[{"AttachmentName": "bill.pdf"}]),
    ],
}
REAL_TIME: dict[str, Any] = {
    "ContactId": "contact-42",
    "Segments": [
        {"Utterance": {"ParticipantRole": "AGENT", "PartialContent": "Good mor"}},
        {"Transcript": {"ParticipantRole": "AGENT", "Content": "Good morning.", "BeginOffsetMillis": 90}},
    ],
}


def call(data: object) -> CallLog:
    return next(iter(READER.read(Document(json.dumps(data)))))


def said(data: object) -> list[tuple[str | None, str | None, str]]:
    return [(each.speaker, each.label, each.text) for each in call(data).utterances]


@pytest.mark.parametrize("data", [VOICE, CHAT, REAL_TIME, [VOICE]])
def test_every_shape_is_known(data: object) -> None:
    assert READER.sure(Document(json.dumps(data))) >= 0.9


@pytest.mark.parametrize(
    "alien",
    [[], [1, 2], {"Transcript": "text"}, {"Segments": [{"start": 0, "text": "Hi"}]}, {"JobName": "j", **VOICE}],
)
def test_other_json_is_not_claimed(alien: object) -> None:
    assert READER.sure(Document(json.dumps(alien))) == 0


def test_roles_come_from_the_participants_or_the_id_itself() -> None:
    assert said(VOICE) == [
        ("agent", "AGENT", "Hello."),
        ("customer", "CUSTOMER", "I am [PII]."),
        ("agent", "AGENT", "One moment."),
    ]


def test_offsets_are_milliseconds() -> None:
    utterance = call(VOICE).utterances[1]

    assert (utterance.start_s, utterance.end_s) == (1.75, 2.25)


def test_the_contact_is_the_id() -> None:
    assert [call(VOICE).id, call(REAL_TIME).id] == ["contact-41", "contact-42"]


def test_only_messages_of_a_chat_are_turns() -> None:
    assert said(CHAT) == [("other", "SYSTEM_MESSAGE", "You are in the queue."), ("customer", "Bo", "Hello?")]


def test_a_chat_is_timed_by_its_dates() -> None:
    first, second = call(CHAT).utterances

    assert (second.start_s or 0) - (first.start_s or 0) == 2.5


def test_an_attachment_is_told() -> None:
    assert call(CHAT).notes == ["An attachment was left out: bill.pdf."]


def test_drafts_of_real_time_segments_are_left_out() -> None:
    assert said(REAL_TIME) == [("agent", "AGENT", "Good morning.")]


def test_a_participant_without_a_role_keeps_its_id_as_label() -> None:
    assert said({**VOICE, "Participants": None})[0] == (None, "p-1", "Hello.")


def test_an_email_is_refused_with_what_to_send() -> None:
    email = {"Version": "EMAIL-2026-01-01", "Channel": "EMAIL", "CustomerMetadata": {"ContactId": "e"}}

    with pytest.raises(ReadError, match=r"analysis of an email.*InputFiles"):
        call(email)


def test_broken_items_are_passed_over_and_told() -> None:
    log = call({**VOICE, "Transcript": [None, 7, *VOICE["Transcript"]]})

    assert (len(log.utterances), log.notes) == (3, ["1 item(s) that are not JSON objects were skipped."])


def stretch(number: int, text: str, contact: str = "contact-43") -> dict[str, Any]:
    said = {"Transcript": {"Id": str(number), **turn("CUSTOMER", text, number)}}
    return {"ContactId": contact, "EventType": "SEGMENTS", "Segments": [said]}


EVENTS = [{"ContactId": "contact-43", "EventType": "STARTED"}, stretch(1, "One."), stretch(2, "Two.")]


@pytest.mark.parametrize("text", [json.dumps(EVENTS), "\n".join(map(json.dumps, EVENTS))])
def test_what_came_in_real_time_is_one_call(text: str) -> None:
    (log,) = READER.read(Document(text))

    assert (log.id, [said.text for said in log.utterances]) == ("contact-43", ["One.", "Two."])


def test_events_of_two_contacts_are_two_calls() -> None:
    events = [stretch(1, "One."), stretch(1, "Other.", "contact-44"), stretch(2, "Two.")]

    logs = list(READER.read(Document(json.dumps(events))))

    assert [(log.id, len(log.utterances)) for log in logs] == [("contact-43", 2), ("contact-44", 1)]


def test_real_time_events_a_line_each_are_known() -> None:
    assert READER.sure(Document("\n".join(map(json.dumps, EVENTS)))) > 0.9
