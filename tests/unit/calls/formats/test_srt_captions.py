from bot.calls.document import Document
from bot.calls.formats import read, srt_captions
from bot.calls.reading import Utterance


def said(text: str) -> list[Utterance]:
    (log,) = srt_captions.read(Document(text))
    return log.utterances


def test_a_cue_is_a_turn_with_its_times() -> None:
    (turn,) = said("1\n00:00:01,500 --> 00:00:02,000\nHello\nthere.\n")

    assert turn == Utterance("Hello there.", start_s=1.5, end_s=2.0)


def test_words_before_a_colon_name_the_speaker() -> None:
    turns = said("1\n00:01,0 --> 00:02,0\n<b>Agent: </b>Hello.\n\n2\n00:02,0 --> 00:03,0\nCustomer: Hi.{\\an8}\n")

    assert [(turn.label, turn.text) for turn in turns] == [("Agent", "Hello."), ("Customer", "Hi.")]


def test_cues_need_no_number_and_no_empty_line_between() -> None:
    turns = said("00:00:01.000 --> 00:00:02.000\nOne.\n2\n00:00:02.000 --> 00:00:03.000 X1:1\nTwo.\n")

    assert [turn.text for turn in turns] == ["One.", "Two."]


def test_a_cue_without_a_time_is_kept_in_its_place() -> None:
    turns = said("1\n00:00:01,0 --> 00:00:02,0\nOne.\n\n2\nTwo.\n\n3\n00:00:03,0 --> 00:00:04,0\nThree.\n")

    assert [(turn.text, turn.start_s) for turn in turns] == [("One.", 1.0), ("Two.", None), ("Three.", 3.0)]


def test_a_cue_without_a_time_is_told() -> None:
    document = Document("1\nOne.\n\n2\n00:00:02,0 --> 00:00:03,0\nTwo.\n")

    (transcript,) = read(document, "srt")

    assert "1 turn(s) have no time." in transcript.notes


def test_an_arrow_between_times_tells_the_kind() -> None:
    assert srt_captions.sure(Document("1\n00:00:01,0 --> 00:00:02,0\nHello.\n")) == 0.9


def test_an_arrow_in_a_text_does_not() -> None:
    assert srt_captions.sure(Document("Agent: Menu --> Settings\n")) == 0.0


def test_milliseconds_may_stand_behind_a_colon() -> None:
    (log,) = srt_captions.read(Document("1\n00:00:03:500 --> 00:00:04:250\nHello.\n"))

    assert [(each.start_s, each.end_s) for each in log.utterances] == [(3.5, 4.25)]
