from __future__ import annotations

import time

import pytest

from bot.calls.reading import Utterance, by_time, filled, from_segments, merge_runs, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.markup import from_html
from bot.calls.reading.words import Word, from_words


def spoken(count: int, label: str | None = None, gap_s: float = 0.0) -> list[Word]:
    return [Word(f"w{n}", label, n * (0.4 + gap_s), n * (0.4 + gap_s) + 0.4) for n in range(count)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4, 4.0),
        ("4.87", 4.87),
        ("4.87s", 4.87),
        ("1:02", 62.0),
        ("00:01:02.5", 62.5),
        ("00:01:02,5", 62.5),
        ("-0:0:2", -2.0),
        ("1970-01-01T00:01:00Z", 60.0),
        ("1970-01-01 00:01:00", 60.0),
        ("1970-01-01T01:01:00+01:00", 60.0),
    ],
)
def test_seconds_are_read_from_numbers_clocks_and_dates(value: object, expected: float) -> None:
    assert seconds(value) == expected


@pytest.mark.parametrize(
    "value", [None, True, "", "soon", "nan", "inf", float("inf"), 10**400, "1" * 5000, [], {}, "9" * 400 + ":00"]
)
def test_what_is_no_time_is_none(value: object) -> None:
    assert seconds(value) is None


def test_smaller_units_are_divided_but_clocks_are_not() -> None:
    assert seconds("1500", 1000) == 1.5
    assert seconds("0:02", 1000) == 2.0


def test_words_of_one_speaker_become_one_utterance() -> None:
    said = from_words(
        [Word("Hi", "A", 0.0, 0.3), Word(",", "A", glued=True), Word("Jo", "A", 0.5, 0.9), Word("Yes", "B", 1.0, 1.2)],
        [],
    )

    assert [(each.label, each.text, each.start_s, each.end_s) for each in said] == [
        ("A", "Hi, Jo", 0.0, 0.9),
        ("B", "Yes", 1.0, 1.2),
    ]


def test_words_without_a_text_are_noted() -> None:
    notes: list[str] = []

    from_words([Word("", "A"), Word("Yes", "A")], notes)

    assert notes == ["1 word(s) without text were skipped."]


def test_a_long_run_of_the_only_speaker_is_divided_and_noted() -> None:
    notes: list[str] = []

    said = from_words(spoken(300), notes)

    assert [len(each.text.split()) for each in said] == [120, 120, 60]
    assert notes[0].startswith("The file names no change of speaker")


def test_a_long_run_among_other_speakers_stays_whole() -> None:
    said = from_words([*spoken(300, "A"), Word("Yes", "B")], [])

    assert len(said) == 2


def test_channels_given_one_after_the_other_are_put_in_order_of_time() -> None:
    left = [Word("Hi.", "L", 0.0, 0.5), Word("Good.", "L", 4.0, 4.5)]
    right = [Word("Hello.", "R", 2.0, 2.5)]

    said = from_words([*left, *right], [], channels=True)

    assert [each.text for each in said] == ["Hi.", "Hello.", "Good."]


def test_an_utterance_without_a_time_stays_behind_the_one_it_followed() -> None:
    said = by_time([Utterance("c", start_s=3), Utterance("d"), Utterance("a", start_s=1)])

    assert [each.text for each in said] == ["a", "c", "d"]


def test_blank_segments_are_left_out() -> None:
    assert from_segments([Utterance(" "), Utterance("yes")]) == [Utterance("yes")]


def test_consecutive_utterances_of_one_speaker_are_merged_up_to_the_last_end() -> None:
    said = merge_runs(
        [Utterance("a", "J", start_s=0, end_s=1), Utterance("b", "J", start_s=1, end_s=2), Utterance("c", "J")]
    )

    assert said == [Utterance("a b c", "J", start_s=0, end_s=2)]


def test_utterances_without_a_speaker_stay_apart() -> None:
    assert len(merge_runs([Utterance("a"), Utterance("b")])) == 2


def test_only_objects_of_a_list_are_records_and_the_rest_is_noted() -> None:
    notes: list[str] = []

    assert records([{"a": 1}, None, 3], notes) == [{"a": 1}]
    assert notes == ["1 item(s) that are not JSON objects were skipped."]


@pytest.mark.parametrize(
    ("value", "expected"), [({"a": 1}, {"a": 1}), ([None, {"a": 1}], {"a": 1}), ("x", {}), (None, {})]
)
def test_a_record_is_safe_to_look_into(value: object, expected: object) -> None:
    assert record(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(" ", ""), (0, "0"), (True, ""), (["x"], ""), ("x", "x")])
def test_only_texts_and_numbers_are_filled(value: object, expected: str) -> None:
    assert filled({"a": value}, "a") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&amp;T", "AT&T"),
        ("<p>Hello <b>you</b>,</p><p>it is &lt;late&gt;</p>", "Hello you,\nit is <late>"),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ("<style>p { color: red }</style><div class='a'>Hi</div>", "Hi"),
        ("a<!-- <p>no</p> -->b", "ab"),
        ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
    ],
)
def test_html_is_read_as_its_words(text: str, expected: str) -> None:
    assert from_html(text) == expected


@pytest.mark.parametrize("part", ["<", "<a ", "<!", "<![", "</", "<?", "<!--", "&", "< p", " <p>", "<p", "<script>"])
def test_hostile_html_takes_no_longer_than_another(part: str) -> None:
    started = time.process_time()

    from_html("<p>" + part * 300_000)

    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["お", "電話", "ありがとう", "。"], "お電話ありがとう。"),
        (["您好", "，", "请讲"], "您好，请讲"),
        (["iPhone", "の", "件"], "iPhoneの件"),
        (["안녕하세요", "고객님"], "안녕하세요 고객님"),
        (["ขอ", "บคุณ"], "ขอบคุณ"),
        (["Grüß", "Gott"], "Grüß Gott"),
    ],
)
def test_words_are_joined_as_their_script_has_it(words: list[str], expected: str) -> None:
    (said,) = from_words(map(Word, words), [])

    assert said.text == expected


def test_sentences_of_one_japanese_speaker_are_joined_without_a_space() -> None:
    (said,) = merge_runs([Utterance("はい。", "A"), Utterance("そうです。", "A")])

    assert said.text == "はい。そうです。"
