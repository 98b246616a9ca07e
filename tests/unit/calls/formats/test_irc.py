import pytest

from bot.calls.document import Document
from bot.calls.formats import irc
from bot.calls.reading import CallLog


def only(text: str) -> CallLog:
    (log,) = irc.read(Document(text))
    return log


@pytest.mark.parametrize(
    "text",
    [
        "[12:00] <@amy> Hello.\n[12:01] <bob> Hi.",
        "12:00 <amy> Hello.\n12:01 <bob> Hi.",
        "[12:00:00] <amy> Hello.\n[12:01:00] <bob> Hi.",
        "Nov 15 12:00:00 <amy>\tHello.\nNov 15 12:01:00 <bob>\tHi.",
        "1700000000 <amy> Hello.\n1700000060 <bob> Hi.",
        "2024-05-01 12:00:00\tamy\tHello.\n2024-05-01 12:01:00\t@bob\tHi.",
        "00:00 < amy> Hello.\n00:01 <@bob> Hi.",
        "2024-05-01 12:00:00 <amy> Hello.\n2024-05-01 12:01:00 <bob> Hi.",
    ],
)
def test_times_may_be_written_in_many_ways(text: str) -> None:
    first, second = only(text).utterances

    assert (first.label, second.label, (second.start_s or 0) - (first.start_s or 0)) == ("amy", "bob", 60.0)


def test_lines_need_no_times() -> None:
    log = only("<amy> Hello.\n<bob> Hi.")

    assert [(each.label, each.text, each.start_s) for each in log.utterances] == [
        ("amy", "Hello.", None),
        ("bob", "Hi.", None),
    ]


def test_an_action_is_a_turn_of_its_nick() -> None:
    log = only("12:00 <amy> Hello.\n12:01 * bob waves")

    assert (log.utterances[1].label, log.utterances[1].text) == ("bob", "waves")


@pytest.mark.parametrize(
    "event",
    [
        "=== eve [~e@x] has joined #help",
        "12:01 -!- eve has quit",
        "*** eve sets mode: +o amy",
        "12:01 * eve has left #help",
        "2024-05-01 12:01:00\t-->\teve (~e@x) has joined #help",
        "2024-05-01 12:01:00\t--\teve is now known as eva",
    ],
)
def test_events_are_dropped_with_a_count(event: str) -> None:
    log = only(f"12:00 <amy> Hello.\n{event}\n12:02 <bob> Hi.")

    assert (len(log.utterances), log.notes) == (2, ["1 line(s) of joins, parts and other events were skipped."])


def test_times_go_on_over_midnight() -> None:
    log = only("[23:59] <amy> Hello.\n[00:02] <bob> Hi.")

    assert [each.start_s for each in log.utterances] == [0.0, 180.0]


def test_the_clock_of_a_day_goes_round_once() -> None:
    log = only("03:00 <amy> Hello.\n00:02 <bob> Hi.")

    assert [each.start_s for each in log.utterances] == [0.0, 21 * 3600 + 120.0]


def test_a_wrapped_line_goes_on_with_the_turn_before() -> None:
    log = only("<amy> Hello\nto all\n<bob> Hi.")

    assert log.utterances[0].text == "Hello\nto all"


def test_a_chat_is_its() -> None:
    assert irc.sure(Document("[12:00] <amy> Hello.\n[12:01] <bob> Hi.")) == 0.9


@pytest.mark.parametrize("text", ["Agent: Hello.\nCustomer: Hi.", "<b>One</b>\n<i>two</i>", '{"a": 1}\n{"a": 2}'])
def test_other_texts_are_not_its(text: str) -> None:
    assert irc.sure(Document(text)) == 0.0
