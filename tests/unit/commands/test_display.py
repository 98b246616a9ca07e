import io

import pytest
from rich.console import Console, RenderableType

from bot.answers.answer import Answer
from bot.answers.summary import ActionItem, Summary
from bot.calls.transcript import Transcript, Turn
from bot.commands.display import answer_panel, transcript_panel

LONG = (
    "機器の不具合と思われますので、本日中に交換品を発送いたしますので、古いルーターは同封の袋で返送をお願いいたします。"
)
ANSWER = Answer(
    call="call-1",
    task="summarize",
    model="embedded",
    prompt="0123456789ab",
    output=Summary(
        summary=LONG, topics=[], action_items=[ActionItem(task=LONG, owner="agent", turn=0)], next_steps=[LONG]
    ),
    unverified=(),
    parts=1,
    usage=None,
    latency_ms=1,
)
CALL = Transcript("call-1", (Turn(0, "agent", LONG),))


def shown(what: RenderableType) -> str:
    console = Console(width=60, file=io.StringIO())
    console.print(what)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("panel", [answer_panel(ANSWER, "call.txt"), transcript_panel(CALL, "call.txt")])
def test_a_text_without_spaces_is_folded_and_never_cut(panel: RenderableType) -> None:
    assert "…" not in shown(panel)
