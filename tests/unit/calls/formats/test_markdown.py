import pytest

from bot.calls.document import Document
from bot.calls.formats import markdown
from bot.calls.reading import CallLog


def only(text: str) -> CallLog:
    (log,) = markdown.read(Document(text))
    return log


def said(text: str) -> list[tuple[str | None, str]]:
    return [(each.label, each.text) for each in only(text).utterances]


@pytest.mark.parametrize(
    "text",
    [
        "**Agent**: Hello.\n**Caller**: Hi.\n",
        "**Agent:** Hello.\n\n**Caller:** Hi.\n",
        "- **Agent**: Hello.\n- **Caller**: Hi.\n",
        "> __Agent:__ Hello.\n>\n> __Caller:__ Hi.\n",
        "### Agent\n\nHello.\n\n### Caller\n\nHi.\n",
        "**Agent** Hello.\n\n**Caller** Hi.\n",
        "- **Agent** Hello.\n- **Caller** Hi.\n",
        "- **Agent**\n  Hello.\n- **Caller**\n  Hi.\n",
        "**Agent** - Hello.\n\n**Caller** – Hi.\n",
        "**Agent**\n\nHello.\n\n**Caller**\n\nHi.\n",
    ],
)
def test_the_speaker_is_in_bold_or_a_heading(text: str) -> None:
    assert said(text) == [("Agent", "Hello."), ("Caller", "Hi.")]


def test_a_time_may_stand_beside_the_speaker() -> None:
    log = only("**Jane Doe** (00:12): Hello.\n\n[00:15] **Bob:** Hi.\n")

    assert [each.start_s for each in log.utterances] == [12.0, 15.0]


@pytest.mark.parametrize(
    "text",
    [
        "**[00:12] Agent:** Hello.\n\n**[00:15] Caller:** Hi.\n",
        "**Agent** [00:12]\nHello.\n\n**Caller** [00:15]\nHi.\n",
    ],
)
def test_a_time_may_stand_within_or_without_the_bold(text: str) -> None:
    assert [(each.text, each.start_s) for each in only(text).utterances] == [("Hello.", 12.0), ("Hi.", 15.0)]


def test_a_script_without_colons_is_its() -> None:
    assert markdown.sure(Document("**Agent** Hello.\n\n**Caller** Hi.\n")) == 0.8


def test_stressed_words_are_no_speakers() -> None:
    assert said("**Agent:** Hello.\n**Please** hold.\n**Caller:** Hi.\n")[0] == ("Agent", "Hello.\nPlease hold.")


def test_marks_and_links_become_words() -> None:
    assert said("**Agent**: It is *2 * 3*, __so__ see [our page](https://a.example) on a T_V_.\n**Caller**: Hi.\n")[
        0
    ] == (
        "Agent",
        "It is 2 * 3, so see our page on a T_V_.",
    )


@pytest.mark.parametrize(
    "direction",
    [
        '<span style="color:blue">**ASSISTANT**: Ask for\nthe name.</span>',
        "*ASSISTANT: Ask for\nthe name.*",
        "<!-- pause -->",
        "(Caller sighs)",
    ],
)
def test_stage_directions_are_no_turns(direction: str) -> None:
    log = only(f"**Agent**: Hello.\n\n{direction}\n\n**Caller**: Hi.\n")

    assert ([each.text for each in log.utterances], log.notes) == (
        ["Hello.", "Hi."],
        ["1 stage direction(s) were skipped."],
    )


def test_headings_are_told() -> None:
    log = only("# Demo\n***\n**Agent**: Hello.\n**Caller**: Hi.\n")

    assert log.notes == ["1 heading(s) were skipped: Demo"]


@pytest.mark.parametrize(
    "text", ["# Title\n\n**Note:** a\n\n**Note:** b\n", "Agent: Hello.\nCaller: Hi.\n", '{"a": "**Agent**: x"}']
)
def test_other_texts_are_not_its(text: str) -> None:
    assert markdown.sure(Document(text)) == 0.0


def test_a_script_is_its() -> None:
    assert markdown.sure(Document("# Demo\n\n**Agent**: Hello.\n")) == 0.8
