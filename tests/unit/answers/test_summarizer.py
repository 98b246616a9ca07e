from itertools import count

import pytest

from bot import task
from bot.adapters.memory import ScriptedModel
from bot.answers.prompts import Wording, transcript_of
from bot.answers.reply import Usage
from bot.answers.summarizer import Summarizer
from bot.calls.transcript import Transcript, Turn
from bot.errors import MalformedReply, ModelThrottled, ReplyBlocked
from bot.settings import SHIPPED_PROMPTS
from bot.task import Unverified

SUMMARIZE = task.load(SHIPPED_PROMPTS / "summarize")
WORDING = Wording.load(SHIPPED_PROMPTS)
CALL = Transcript(
    "call-1", (Turn(0, "customer", "My lamp is broken."), Turn(1, "agent", "I'll send a new lamp today."))
)


def reply(summary: str = "A lamp.", turn: int = 1) -> str:
    item = f'{{"task": "Send a new lamp", "owner": "agent", "due": "today", "turn": {turn}}}'
    return f'{{"summary": "{summary}", "topics": [], "action_items": [{item}], "next_steps": []}}'


def summarizer(model: ScriptedModel) -> Summarizer:
    ticks = count(0.0, 0.25)
    return Summarizer(model, WORDING, lambda: next(ticks))


def long_call(turns: int) -> Transcript:
    return Transcript("long", tuple(Turn(n, "agent", f"This is sentence number {n}. " * 20) for n in range(turns)))


def window_for(words: int) -> int:
    """Tokens for the instructions and about as many words of call."""
    empty = ScriptedModel([reply()])
    summarizer(empty).answer(SUMMARIZE, Transcript("none", ()))
    return empty.count_tokens(empty.prompts[0]) + words * 6 // 4


def test_an_answer_names_call_task_model_and_prompt() -> None:
    answer = summarizer(ScriptedModel([reply()])).answer(SUMMARIZE, CALL)

    assert (answer.call, answer.task, answer.model, len(answer.prompt)) == ("call-1", "summarize", "scripted", 12)


def test_latency_is_what_the_clock_says() -> None:
    answer = summarizer(ScriptedModel([reply()])).answer(SUMMARIZE, CALL)

    assert answer.latency_ms == 250


def test_an_item_without_evidence_is_listed() -> None:
    answer = summarizer(ScriptedModel([reply(turn=7)])).answer(SUMMARIZE, CALL)

    assert answer.unverified == (Unverified(0, "no such turn: 7"),)


def test_a_reply_that_does_not_fit_is_shown_its_fault_once() -> None:
    model = ScriptedModel(['{"summary": "A lamp."}', reply()])

    answer = summarizer(model).answer(SUMMARIZE, CALL)

    assert answer.output.model_dump()["summary"] == "A lamp."
    assert [message.role for message in model.prompts[1].messages] == ["user", "assistant", "user"]
    assert "topics: Field required" in model.prompts[1].messages[2].text


def test_the_repair_round_counts_into_the_usage() -> None:
    model = ScriptedModel(["no", reply()])

    answer = summarizer(model).answer(SUMMARIZE, CALL)

    assert answer.usage == Usage(
        sum(model.count_tokens(prompt) for prompt in model.prompts), len("no") // 4 + 1 + len(reply()) // 4 + 1
    )


def test_a_second_bad_reply_is_told() -> None:
    with pytest.raises(MalformedReply, match="unusable twice"):
        summarizer(ScriptedModel(["no", "still no"])).answer(SUMMARIZE, CALL)


@pytest.mark.parametrize("error", [ReplyBlocked("blocked"), ModelThrottled("slow down")])
def test_what_the_model_raises_is_told_and_not_asked_again(error: ReplyBlocked | ModelThrottled) -> None:
    model = ScriptedModel([error, reply()])

    with pytest.raises(type(error)):
        summarizer(model).answer(SUMMARIZE, CALL)

    assert len(model.prompts) == 1


def test_a_topic_outside_the_taxonomy_is_kept() -> None:
    odd = '{"summary": "A lamp.", "topics": ["lamps of the north"], "action_items": [], "next_steps": []}'

    answer = summarizer(ScriptedModel([odd])).answer(SUMMARIZE, CALL)

    assert answer.output.model_dump()["topics"] == ["lamps of the north"]


def test_a_call_over_the_window_is_answered_in_parts_and_merged() -> None:
    model = ScriptedModel([reply("one"), reply("two"), reply("both", turn=3)], window=window_for(words=500))

    answer = summarizer(model).answer(SUMMARIZE, long_call(8))

    assert (answer.parts, answer.output.model_dump()["summary"]) == (2, "both")
    assert '"summary": "one"' in model.prompts[2].messages[0].text


def test_parts_hold_every_turn_once_with_its_number() -> None:
    call = long_call(30)
    model = ScriptedModel([reply()] * 40, window=window_for(words=600))

    answer = summarizer(model).answer(SUMMARIZE, call)

    read = [turn for prompt in model.prompts[: answer.parts] for turn in transcript_of(prompt)]
    assert [turn.index for turn in read] == list(range(30))
    assert [turn.text for turn in read] == [turn.text for turn in call.turns]


def test_a_single_turn_over_the_window_is_divided_and_nothing_is_lost() -> None:
    text = " ".join(f"word{n}" for n in range(3000))
    model = ScriptedModel([reply()] * 40, window=window_for(words=800))

    answer = summarizer(model).answer(SUMMARIZE, Transcript("one", (Turn(0, "other", text),)))

    read = [turn for prompt in model.prompts[: answer.parts] for turn in transcript_of(prompt)]
    assert {turn.index for turn in read} == {0}
    assert "".join(turn.text for turn in read) == text


def test_many_parts_are_merged_in_rounds_where_one_would_not_fit() -> None:
    model = ScriptedModel([reply("x" * 1500)] * 80, window=window_for(words=900))

    answer = summarizer(model).answer(SUMMARIZE, long_call(80))

    assert answer.parts >= 4
    assert all(model.count_tokens(prompt) <= (model.window or 0) for prompt in model.prompts)


def test_a_window_that_the_instructions_fill_is_told() -> None:
    with pytest.raises(MalformedReply, match="are too long for this model"):
        summarizer(ScriptedModel([], window=10)).answer(SUMMARIZE, CALL)
