import pytest

from bot.calls.comments import read_comments
from bot.calls.document import Document
from bot.calls.transcript import Transcript
from bot.errors import ReadError


def comments(text: str) -> list[tuple[str, str]]:
    return [(each.call, each.turns[0].text) for each in read_comments(Document(text))]


def first(text: str) -> Transcript:
    return next(read_comments(Document(text)))


def test_a_text_is_one_comment() -> None:
    turns = first("Nice page.\nAgent: not a speaker here.").turns

    assert [(turn.speaker, turn.text) for turn in turns] == [("other", "Nice page.\nAgent: not a speaker here.")]


def test_a_text_has_an_id_made_of_its_content() -> None:
    assert first("Nice page.").call == first("Nice page.").call != first("Bad page.").call


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "a", "text": "One"}\n{"id": 7, "comment": "Two"}\n',
        '[{"id": "a", "body": "One"}, {"id": 7, "text": "Two"}]',
        '[\n  {"id": "a", "text": "One"},\n  {"id": 7, "text": "Two"}\n]',
    ],
)
def test_json_gives_a_comment_for_each_object(text: str) -> None:
    assert comments(text) == [("a", "One"), ("7", "Two")]


def test_a_single_object_is_a_comment() -> None:
    assert comments('{\n"id": "a",\n"text": "One"\n}') == [("a", "One")]


def test_ids_are_unique_in_a_file() -> None:
    assert [call for call, _ in comments('[{"id": 1, "text": "One"}, {"id": 1, "text": "Two"}]')] == ["1", "1-2"]


@pytest.mark.parametrize("broken", ['{"id": 1, "text":', '{"id": 1}', '{"id": 1, "text": 5}', '{"text": " "}'])
def test_a_line_without_a_text_is_passed_over_and_told(broken: str) -> None:
    (comment,) = read_comments(Document(f'{broken}\n{{"id": 2, "text": "Two"}}\n{{"id": 3, "text": ""}}'))

    assert (comment.call, comment.notes) == (
        "2",
        ("2 comment(s) were skipped, broken or without a text: line 1, line 3.",),
    )


@pytest.mark.parametrize("text", ['{"id": 1}\n{"id": 2}', "[]", '{"a": 1}', '{"a": '])
def test_a_file_without_any_text_is_refused(text: str) -> None:
    with pytest.raises(ReadError):
        comments(text)
