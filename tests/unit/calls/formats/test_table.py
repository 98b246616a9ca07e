from __future__ import annotations

import pytest

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import table
from bot.calls.transcript import Transcript
from bot.errors import ReadError


def calls(text: str) -> list[Transcript]:
    return list(formats.read(Document.decode(text.encode())))


def said(call: Transcript) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in call.turns]


TURNS = """speaker,text
Agent,"Good morning, how can I help?"
Customer,My parcel is late.
"""
TWO = [("agent", "Good morning, how can I help?"), ("customer", "My parcel is late.")]


def test_a_row_is_a_turn() -> None:
    (call,) = calls(TURNS)

    assert call.format == "table"
    assert said(call) == TWO


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_found(delimiter: str) -> None:
    (call,) = calls(
        TURNS.replace("r,t", f"r{delimiter}t").replace("t,", f"t{delimiter}").replace("r,", f"r{delimiter}")
    )

    assert said(call) == TWO


def test_a_table_in_markdown_is_read_without_its_rule() -> None:
    (call,) = calls("| Speaker | Message |\n|---|:---:|\n| Agent | Hello there. |\n| Customer | Hi. |\n")

    assert said(call) == [("agent", "Hello there."), ("customer", "Hi.")]


def test_a_line_for_a_spreadsheet_above_the_header_is_passed_over() -> None:
    (call,) = calls(
        "sep=;\n" + TURNS.replace(",text", ";text").replace("Agent,", "Agent;").replace("Customer,", "Customer;")
    )

    assert said(call) == TWO


def test_a_quoted_cell_may_hold_quotes_and_line_breaks() -> None:
    (call,) = calls('\ufeffSpeaker,Text\r\nAgent,"He said ""no"".\r\nThen he left."\r\nCustomer,Oh.\r\n')

    assert call.turns[0].text == 'He said "no".\nThen he left.'


def test_a_cell_larger_than_the_usual_limit_is_read() -> None:
    long = "word " * 60_000

    (call,) = calls(f'speaker,text\nAgent,"{long}"\n')

    assert call.turns[0].text == long.strip()


def test_commas_in_an_unquoted_text_at_the_end_are_kept() -> None:
    (call,) = calls("speaker,text\nAgent,Hello, Jo, how are you?\nCustomer,Fine.\n")

    assert call.turns[0].text == "Hello, Jo, how are you?"


def test_rows_of_several_calls_may_be_mixed() -> None:
    found = calls("call_id,speaker,text\na,Agent,One.\nb,Agent,Two.\na,Customer,Three.\n")

    assert [(call.call, [turn.text for turn in call.turns]) for call in found] == [
        ("a", ["One.", "Three."]),
        ("b", ["Two."]),
    ]


def test_a_row_without_an_id_belongs_to_the_call_above() -> None:
    found = calls("call_id,speaker,text\na,Agent,One.\n,Customer,Two.\nb,Agent,Three.\n")

    assert [len(call.turns) for call in found] == [2, 1]


def test_an_id_of_each_row_is_no_call() -> None:
    (call,) = calls("id,speaker,text\n1,Agent,One.\n2,Customer,Two.\n")

    assert len(call.turns) == 2


def test_each_cell_with_a_log_is_a_call() -> None:
    found = calls('id,transcript\n7,"Agent: Hello.\nCustomer: Hi."\n8,"Agent: Good day.\nCustomer: Cancel it."\n')

    assert [(call.call, said(call)) for call in found] == [
        ("7", [("agent", "Hello."), ("customer", "Hi.")]),
        ("8", [("agent", "Good day."), ("customer", "Cancel it.")]),
    ]


def test_a_name_beside_a_log_is_not_its_only_speaker() -> None:
    (call,) = calls('call_id,name,transcript\n7,Jo Berg,"Agent: Hello.\nCustomer: Hi."\n')

    assert said(call) == [("agent", "Hello."), ("customer", "Hi.")]


def test_one_quoted_column_of_logs_is_enough() -> None:
    found = calls('transcript\n"Agent: Hello.\nCustomer: Hi."\n"Agent: Good day.\nCustomer: Bye."\n')

    assert [len(call.turns) for call in found] == [2, 2]


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("start_time", "0", "4.5"),
        ("Start (ms)", "0", "4500"),
        ("offsetMillis", "1000", "5500"),
        ("timestamp", "00:00:10", "00:00:14.5"),
        ("created_at", "2024-05-02T10:00:00Z", "2024-05-02T10:00:04.500Z"),
        ("created_at", "2024-05-02 10:00:00.000 UTC", "2024-05-02 10:00:04.500 UTC"),
        ("ts", "1714644000", "1714644004.5"),
        ("ts", "1714644000000", "1714644004500"),
    ],
)
def test_times_are_seconds_whatever_they_are_given_in(column: str, first: str, second: str) -> None:
    (call,) = calls(f"{column},speaker,text\n{first},Agent,How can I help you today?\n{second},Customer,It broke.\n")

    start, end = (turn.start_s for turn in call.turns)
    assert start is not None
    assert end is not None
    assert end - start == pytest.approx(4.5)


def test_milliseconds_are_told_by_how_little_would_be_said() -> None:
    (call,) = calls("start,end,speaker,text\n0,2600,Agent,How can I help?\n3100,9000,Customer,It broke.\n")

    assert [(turn.start_s, turn.end_s) for turn in call.turns] == [(0.0, 2.6), (3.1, 9.0)]


def test_tickets_are_calls_of_their_requesters() -> None:
    found = calls(
        "id,created_at,description,requester_id,subject\n"
        "15,2024-02-19 01:54:52,It does not turn on.,39,Lamp\n16,2024-02-20 01:54:52,Where is it?,40,Parcel\n"
    )

    assert [(call.call, said(call)) for call in found] == [
        ("15", [("customer", "Lamp\nIt does not turn on.")]),
        ("16", [("customer", "Parcel\nWhere is it?")]),
    ]


def test_comments_of_tickets_are_grouped_and_put_in_order() -> None:
    found = calls(
        "id,body,created,public,ticket_id,user_id\n"
        "3,Thanks!,2024-02-11 07:52:00,TRUE,77,402\n1,It is late.,2024-02-11 07:49:00,TRUE,77,402\n"
        "2,Ask the depot.,2024-02-11 07:50:00,FALSE,77,500\n9,Hello?,2024-02-12 07:49:00,TRUE,78,402\n"
    )

    assert [call.call for call in found] == ["77", "78"]
    assert [(turn.text, turn.start_s) for turn in found[0].turns] == [
        ("It is late.", 0),
        ("Ask the depot.", 60),
        ("Thanks!", 180),
    ]
    assert found[0].turns[1].speaker == "agent"
    assert "1 internal note(s) are among the turns. The customer did not see them." in found[0].notes


def test_parts_of_conversations_tell_their_roles_and_hold_html() -> None:
    (call,) = calls(
        "id,author_id,author_type,conversation_id,created_at,part_type,body\n"
        "1,5f,user,156,2024-10-29 12:38:27,comment,<p>My card &amp; PIN</p><p>fail</p>\n"
        "2,40,admin,156,2024-10-29 12:39:27,comment,<p>Which card?</p>\n3,40,admin,156,2024-10-29 12:40:27,close,\n"
    )

    assert said(call) == [("customer", "My card & PIN\nfail"), ("agent", "Which card?")]
    assert call.notes == ("1 row(s) without a text were skipped.",)


def test_a_quote_that_is_never_closed_is_told_with_its_line() -> None:
    with pytest.raises(ReadError, match=r"a quote is never closed \(line 3\)"):
        calls('speaker,text\nAgent,Hello.\nCustomer,"Hi\nAgent,Bye.\n')


def test_a_table_without_texts_is_refused_with_what_it_has_and_needs() -> None:
    with pytest.raises(
        ReadError, match=r"its columns are Topic, ID, Start Time, Views .*needs a header row with a column named text"
    ):
        calls('Topic,ID,Start Time,Views,\nWeekly,996,"Jan 24, 2024 12:25:59",3\nDaily,997,"Jan 25, 2024 12:25:59",4\n')


def test_prose_with_commas_is_no_table() -> None:
    (call,) = calls("Agent: Message, text, all of it.\nCustomer: Yes, well, no.\n")

    assert call.format == "plain"


@pytest.mark.parametrize("name", ["Message Content", "messageContent", "customer_message", "Full Transcript"])
def test_the_only_column_that_ends_like_a_text_is_one(name: str) -> None:
    (log,) = table.read(Document(f"Contact ID,Participant Role,{name}\nc1,AGENT,Hello.\nc1,CUSTOMER,Hi.\n"))

    assert (log.id, [said.text for said in log.utterances]) == ("c1", ["Hello.", "Hi."])


@pytest.mark.parametrize(
    "cell",
    [
        "Agent: Hello.<br>Customer: Hi.",
        '[{""speaker"": ""Agent"", ""text"": ""Hello.""}, {""speaker"": ""Customer"", ""text"": ""Hi.""}]',
    ],
)
def test_a_call_in_a_cell_may_be_html_or_json(cell: str) -> None:
    logs = list(table.read(Document(f'id,chat_log\n7,"{cell}"\n8,"{cell}"\n')))

    assert [log.id for log in logs] == ["7", "8"]
    assert [(said.label, said.text) for said in logs[0].utterances] == [("Agent", "Hello."), ("Customer", "Hi.")]


def test_a_column_of_roles_needs_no_header() -> None:
    document = Document('00:01,Agent,Hello there.\n00:05,Customer,"Hi, I need help."\n00:09,Agent,Sure.\n')

    (log,) = table.read(document)

    assert table.sure(document) > 0.8
    assert [(said.label, said.text, said.start_s) for said in log.utterances] == [
        ("Agent", "Hello there.", 1.0),
        ("Customer", "Hi, I need help.", 5.0),
        ("Agent", "Sure.", 9.0),
    ]
