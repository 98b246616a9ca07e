import json
from pathlib import Path

import pytest

from bot import task
from bot.answers.moderation import Moderation
from bot.answers.summary import ActionItem, Summary
from bot.errors import UnknownTask
from bot.settings import SHIPPED_PROMPTS

SUMMARIZE = task.load(SHIPPED_PROMPTS / "summarize")
MODERATE = task.load(SHIPPED_PROMPTS / "moderate")


def a_task(folder: Path, **changed: str) -> Path:
    files = {
        "task.yaml": "about: a test\nreads: call\noutput: bot.answers.moderation:Moderation\n",
        "base.md": "## system\nJudge.\n## user\n$transcript\n",
        "tuned.md": "## system\nJudge.\n## user\n$transcript\n",
    } | changed
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_the_shipped_tasks_are_summarize_and_moderate() -> None:
    assert task.names(SHIPPED_PROMPTS) == ["moderate", "summarize"]


def test_the_taxonomy_has_twelve_to_twenty_topics_with_a_meaning_each() -> None:
    assert 12 <= len(SUMMARIZE.topics) <= 20
    assert all(len(topic.meaning.split()) >= 4 for topic in SUMMARIZE.topics)


def test_worked_examples_use_the_taxonomy() -> None:
    used = {topic for example in SUMMARIZE.examples for topic in json.loads(example.completion)["topics"]}

    assert used
    assert used <= {topic.name for topic in SUMMARIZE.topics}


@pytest.mark.parametrize("shipped", [SUMMARIZE, MODERATE], ids=["summarize", "moderate"])
def test_the_schema_keeps_to_the_subset_of_structured_output(shipped: task.Task) -> None:
    text = json.dumps(shipped.schema)

    assert '"additionalProperties": false' in text
    assert not any(f'"{key}":' in text for key in ("default", "minLength", "maxLength", "title"))


def test_the_schema_is_made_once_however_many_prompts_need_it() -> None:
    assert SUMMARIZE.schema is SUMMARIZE.schema


def test_every_property_of_the_schema_is_required() -> None:
    item = SUMMARIZE.schema["$defs"]["ActionItem"]

    assert item["required"] == ["task", "owner", "due", "turn"]


def test_a_completion_reads_back_as_the_output() -> None:
    output = Summary(
        summary="환불 요청", topics=["refund"], action_items=[ActionItem(task="보내기", owner="agent")], next_steps=[]
    )

    text = SUMMARIZE.completion(output)

    assert Summary.model_validate_json(text) == output
    assert "환불" in text


def test_a_folder_without_topics_leaves_topics_free(tmp_path: Path) -> None:
    loaded = task.load(a_task(tmp_path))

    assert (loaded.topics, loaded.output) == ((), Moderation)


@pytest.mark.parametrize(
    "broken",
    [
        {"task.yaml": "about: a test\nreads: call\n"},
        {"task.yaml": "about: a test\nreads: call\noutput: bot.nowhere:Nothing\n"},
        {"task.yaml": "about: a test\nreads: call\noutput: bot.errors:WrapupError\n"},
        {"task.yaml": "about: [\n"},
        {"examples.jsonl": '{"transcript": ["[0] other: hi"], "output": {"toxic": "perhaps", "categories": []}}\n'},
        {"topics.yaml": "- a list\n"},
    ],
    ids=[
        "no output",
        "no module",
        "no output model",
        "broken yaml",
        "an example that does not fit",
        "topics as a list",
    ],
)
def test_a_folder_that_is_not_whole_is_told_by_its_path(tmp_path: Path, broken: dict[str, str]) -> None:
    folder = a_task(tmp_path, **broken)

    with pytest.raises(UnknownTask, match=str(tmp_path)):
        task.load(folder)


def test_a_missing_template_is_told(tmp_path: Path) -> None:
    (a_task(tmp_path) / "tuned.md").unlink()

    with pytest.raises(UnknownTask, match=r"tuned\.md"):
        task.load(tmp_path)
