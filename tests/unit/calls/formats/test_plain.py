import pytest

from bot.calls.document import Document
from bot.calls.formats import plain
from bot.calls.formats.plain import split
from bot.calls.reading import CallLog


def only(text: str) -> CallLog:
    (log,) = plain.read(Document(text))
    return log


def said(text: str) -> list[tuple[str | None, str]]:
    return [(each.label, each.text) for each in split(text)]


def starts(text: str) -> list[float | None]:
    return [each.start_s for each in split(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Agent: Hello.\nCustomer: Hi, my lamp broke.",
        "[00:12] Agent: Hello.\n[00:15] Customer: Hi, my lamp broke.",
        "(00:00:12) Agent: Hello.\n(00:00:15) Customer: Hi, my lamp broke.",
        "00:12 Agent: Hello.\n00:15 Customer: Hi, my lamp broke.",
        "Agent [00:12]: Hello.\nCustomer [00:15]: Hi, my lamp broke.",
        "[00:12 - 00:14] Agent: Hello.\n[00:15 - 00:19] Customer: Hi, my lamp broke.",
        "12:03:44 PM Agent: Hello.\n12:03:47 PM Customer: Hi, my lamp broke.",
        "2024-05-01T12:03:44Z Agent: Hello.\n2024-05-01T12:03:47Z Customer: Hi, my lamp broke.",
        "Agent:\nHello.\n\nCustomer:\nHi, my lamp broke.\n",
        "Agent  00:12\nHello.\n\nCustomer  00:15\nHi, my lamp broke.\n",
        "Agent\n0:12\nHello.\nCustomer\n0:15\nHi, my lamp broke.\n",
        "[Agent] Hello.\n[Customer] Hi, my lamp broke.",
        "Agent - Hello.\nCustomer - Hi, my lamp broke.",
        "Agent\tHello.\nCustomer\tHi, my lamp broke.",
        "Agent：Hello.\nCustomer：Hi, my lamp broke.",
        "Agent: Hello. Customer: Hi, my lamp broke.",
    ],
)
def test_a_turn_may_be_written_in_many_ways(text: str) -> None:
    turns = said(text)

    assert turns == [("Agent", "Hello."), ("Customer", "Hi, my lamp broke.")]


def test_a_role_in_brackets_stays_with_the_name() -> None:
    turns = said("(00:01:02) Jane (Agent): Good morning.")

    assert turns == [("Jane (Agent)", "Good morning.")]


def test_the_sender_of_a_meeting_chat_loses_from_and_to() -> None:
    turns = said("12:03:44\t From Jane Doe to Everyone:\n\tHello.\n12:04:00\t From Bob : Hi.\n")

    assert turns == [("Jane Doe", "Hello."), ("Bob", "Hi.")]


@pytest.mark.parametrize("label", ["상담원", "お客様", "José Ángel", "Müller", "O'Brien", "Agent 2", "spk_0"])
def test_names_of_many_languages_are_speakers(label: str) -> None:
    turns = said(f"{label}: One.\n{label}: Two.")

    assert turns == [(label, "One."), (label, "Two.")]


@pytest.mark.parametrize(
    "line",
    [
        "https://help.example/returns",
        "Note: the box is blue",
        "Order number: 123",
        "call me at 10:30",
        "I have one question: why?",
        "Basic: $10",
        "Please confirm: two tickets\nPlease confirm: to Rome",
    ],
)
def test_a_line_that_names_no_speaker_goes_on_with_the_turn_before(line: str) -> None:
    turns = said(f"Agent: Hello.\n{line}\nCustomer: Hi.")

    assert turns == [("Agent", f"Hello.\n{line}"), ("Customer", "Hi.")]


@pytest.mark.parametrize(
    "labels", [["Jane Doe", "Bob"], ["Jane", "Bob", "Jane"], ["spk_0", "spk_1", "spk_0"], ["Agent", "Bob", "Agent"]]
)
def test_who_speaks_once_is_a_speaker_where_most_lines_name_one(labels: list[str]) -> None:
    turns = said("\n".join(f"{label}: Hello." for label in labels))

    assert [label for label, _ in turns] == labels


def test_offsets_are_kept() -> None:
    assert starts("[00:12] Agent: Hello.\n[01:02:03] Customer: Hi.") == [12.0, 3723.0]


def test_times_of_day_count_from_the_first() -> None:
    assert starts("11:59 AM Jane: Hello.\n12:01 PM Bob: Hi.") == [0.0, 120.0]


def test_times_of_day_go_on_over_midnight() -> None:
    assert starts("23:59 Agent: Hello.\n00:01 Customer: Hi.") == [0.0, 120.0]


def test_a_clock_of_twelve_hours_goes_on_over_noon() -> None:
    assert starts("12:59 Agent: Hello.\n01:00 Customer: Hi.") == [0.0, 60.0]


def test_lines_above_the_first_turn_are_told() -> None:
    log = only("Date: 2024-05-01\nAgent: Hello.\nCustomer: Hi.")

    assert log.notes == ["1 line(s) before the first turn were skipped: Date: 2024-05-01"]


@pytest.mark.parametrize("line", ["Call ID: A-17", "Contact ID: A-17", "Ticket: #A-17", "Case: A-17", "Call #A-17"])
def test_an_id_above_the_first_turn_is_the_calls(line: str) -> None:
    log = only(f"{line}\nAgent: Hello.\nCustomer: Hi.")

    assert log.id == "A-17"


def test_a_field_named_agent_above_the_call_is_no_turn() -> None:
    log = only("Call ID: 7\nAgent: Jane Doe\n\nAgent: Hello.\nCustomer: Hi.")

    assert [each.text for each in log.utterances] == ["Hello.", "Hi."]


@pytest.mark.parametrize("headings", [("--- Call 1 ---", "--- Call 2 ---"), ("Call ID: A-1", "Call ID: A-2")])
def test_headings_divide_a_text_into_calls(headings: tuple[str, str]) -> None:
    text = "".join(f"{heading}\nAgent: Hello.\nCustomer: Hi.\n\n" for heading in headings)

    logs = list(plain.read(Document(text)))

    assert [len(log.utterances) for log in logs] == [2, 2]


def test_a_text_without_speakers_is_one_turn() -> None:
    log = only("Hi, this is Bob.\n\nPlease call me back.")

    assert [(each.label, each.text) for each in log.utterances] == [(None, "Hi, this is Bob.\n\nPlease call me back.")]


def test_a_text_without_speakers_is_told() -> None:
    assert only("Please call me back.").notes == [plain.NO_SPEAKERS]


def test_times_without_speakers_open_turns() -> None:
    turns = split("[00:00 --> 00:05] Thank you for calling us.\n[00:05 --> 00:09] My lamp is broken.")

    assert [(each.start_s, each.text) for each in turns] == [
        (0.0, "Thank you for calling us."),
        (5.0, "My lamp is broken."),
    ]


def test_speakers_make_it_surer_than_prose() -> None:
    prose, log = Document("Please call me back tomorrow."), Document("Agent: Hello.\nCustomer: Hi.")

    assert plain.sure(log) > plain.sure(prose) > 0.2


@pytest.mark.parametrize(
    "text", ["1 2 3\n4 5 6", "a|1|2\nb|3|4", '{"text": "Agent: Hello."}', "%%% ###", "x1=3;y2=5;z=9"]
)
def test_tables_numbers_and_json_are_not_its(text: str) -> None:
    assert plain.sure(Document(text)) == 0.0


def test_the_time_since_the_start_may_be_spelt_out() -> None:
    text = "Chat Origin: Web\n( 10s ) Jane D: Hello.\n( 1m 3s ) Bob: Hi.\n( 1h 0m 1s ) Jane D: Bye.\n"

    (log,) = plain.read(Document(text))

    assert [(said.label, said.start_s) for said in log.utterances] == [
        ("Jane D", 10.0),
        ("Bob", 63.0),
        ("Jane D", 3601.0),
    ]
