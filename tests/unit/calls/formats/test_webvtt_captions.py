import pytest

from bot.calls.document import Document
from bot.calls.formats import webvtt_captions
from bot.calls.reading import Utterance

CUE = "00:00:01.000 --> 00:00:02.000\n"


def said(body: str) -> list[Utterance]:
    (log,) = webvtt_captions.read(Document(f"WEBVTT\n\n{body}"))
    return log.utterances


def labelled(body: str) -> list[tuple[str | None, str]]:
    return [(each.label, each.text) for each in said(body)]


def test_a_voice_tag_names_the_speaker() -> None:
    assert labelled(f"{CUE}<v.loud Jane Doe>Hello.</v>\n") == [("Jane Doe", "Hello.")]


def test_a_cue_may_hold_several_voices() -> None:
    assert labelled(f"{CUE}<v Jane>Hello.</v> <v Bob>Hi\nthere.</v>\n") == [("Jane", "Hello."), ("Bob", "Hi there.")]


def test_words_before_a_colon_name_the_speaker() -> None:
    assert labelled(f"1\n{CUE}Jane Doe: Hello.\n\n2\n{CUE}Bob: Hi.\n") == [("Jane Doe", "Hello."), ("Bob", "Hi.")]


def test_a_cue_without_a_name_goes_on_with_the_speaker_before() -> None:
    assert labelled(f"{CUE}Jane Doe: Hello\n\n{CUE}to all.\n") == [("Jane Doe", "Hello to all.")]


def test_cues_of_one_speaker_are_one_turn_from_the_first_to_the_last_time() -> None:
    (turn,) = said("00:01.000 --> 00:02.000\n<v Jane>One\n\n00:03.000 --> 00:04.500\n<v Jane>two\n")

    assert (turn.text, turn.start_s, turn.end_s) == ("One two", 1.0, 4.5)


def test_cues_without_a_speaker_stay_apart() -> None:
    assert labelled(f"{CUE}One.\n\n{CUE}Two.\n") == [(None, "One."), (None, "Two.")]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("0:0:1.5 --> 0:0:5.320", (1.5, 5.32)),
        ("-0:0:1.5 --> 0:0:5.320", (-1.5, 5.32)),
        ("00:01.500 --> 00:05.320 align:start position:0%", (1.5, 5.32)),
        ("100:00:01.500 --> 100:00:05.320", (360001.5, 360005.32)),
    ],
)
def test_times_are_read_as_programs_write_them(times: str, expected: tuple[float, float]) -> None:
    (turn,) = said(f"{times}\nHello.\n")

    assert (turn.start_s, turn.end_s) == expected


def test_the_speaker_may_stand_in_json() -> None:
    body = '{"speakerName": "Jane",\n"spokenText": "Hello.", "spokenLanguage": "en-us"}'

    assert labelled(f"{CUE}{body}\n") == [("Jane", "Hello.")]


@pytest.mark.parametrize("block", ["NOTE\nseen by Kim", "STYLE\n::cue { color: red }", "REGION\nid:fred", "intro"])
def test_blocks_that_are_not_spoken_are_passed_over(block: str) -> None:
    assert labelled(f"{block}\n\n{CUE}Hello.\n") == [(None, "Hello.")]


def test_tags_go_and_entities_are_unescaped() -> None:
    text = "<c.red>5 &lt; 6 &amp;</c> <00:00:01.500><i>so</i>&nbsp;on, 2 < 3 !"

    assert labelled(f"{CUE}{text}\n") == [(None, "5 < 6 & so on, 2 < 3 !")]


def test_words_that_stand_below_no_time_are_kept() -> None:
    assert labelled(f"{CUE}One.\n\nTwo.\n\n{CUE}Three.\n") == [(None, "One."), (None, "Two."), (None, "Three.")]


def test_the_header_tells_the_kind() -> None:
    assert webvtt_captions.sure(Document("WEBVTT - Weekly\n\n")) == 1.0


def test_other_texts_are_not_its() -> None:
    assert webvtt_captions.sure(Document(f"1\n{CUE}Hello.\n")) == 0.0


@pytest.mark.parametrize("gap", ["\n", " \n", "\t\n"])
def test_an_empty_line_below_the_times_does_not_part_the_words_from_them(gap: str) -> None:
    (turn,) = said(f"1\n{CUE}{gap}Hello.\n")

    assert (turn.start_s, turn.text) == (1.0, "Hello.")


def test_a_cue_without_words_takes_none_from_the_next() -> None:
    body = f"id-1\n{CUE}\nid-2\n00:00:03.000 --> 00:00:04.000\nHello.\n"

    assert labelled(body) == [(None, "Hello.")]


@pytest.mark.parametrize(
    "name",
    [
        "[SPEAKER_00]:",
        "[Speaker 1]",
        "(Speaker 2)",
        "14155550123:",
        "jdoe@example.com:",
        "iPhone (2):",
        "+1 (555) 010:",
    ],
)
def test_speakers_are_named_as_programs_write_them(name: str) -> None:
    body = f"{CUE}{name} Hello.\n\n{CUE}Jane Doe: Hi.\n\n{CUE}Dr. J. O'Neil-Smith, MD: Yes.\n"

    assert labelled(body) == [
        (name.strip("[]:") if name[0] != "(" else "Speaker 2", "Hello."),
        ("Jane Doe", "Hi."),
        ("Dr. J. O'Neil-Smith, MD", "Yes."),
    ]


def test_sounds_in_brackets_are_no_speaker() -> None:
    assert labelled(f"{CUE}[Music] Hello.\n\n{CUE}[Music] Hi.\n") == [(None, "[Music] Hello."), (None, "[Music] Hi.")]
