"""`wrapup evaluate`: a challenger is judged on calls that were written for this test."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot import task
from bot.adapters.onboard.model import Embedded
from bot.adapters.redis.embedded_server import running
from bot.adapters.redis.pairs import RedisPairs
from bot.calls.transcript import to_lines
from bot.feedback.pair import Pair
from bot.feedback.votes_and_corrections import Event
from bot.privacy import REDACTION_VERSION
from bot.settings import SHIPPED_PROMPTS
from sandbox.child import LIMIT_S
from tests.doubles.bedrock_server import BedrockServer, Request
from tests.doubles.onboard_calls import said, vectors

ROOT = Path(__file__).parent.parent.parent
NOVA, TUNED = "amazon.nova-lite-v1:0", "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abcdef123456"
TASKS = {name: task.load(SHIPPED_PROMPTS / name) for name in task.names(SHIPPED_PROMPTS)}
# What the team calls these things is not what they are about: only corrections can tell.
TOPICS = {
    "green desk": ("rose", "tulip", "fern", "apple tree", "lilac", "ivy", "oak", "lavender", "cactus", "maple"),
    "blue desk": ("router", "modem", "cable", "switch", "antenna", "socket", "splitter", "line", "hub", "repeater"),
    "red desk": ("invoice", "payment", "refund", "fee", "charge", "receipt", "discount", "bill", "credit", "voucher"),
}
SENTENCES = {
    "green desk": "My {} in the garden has brown leaves and does not grow.",
    "blue desk": "The {} is broken and I have had no internet since {}.",
    "red desk": "The {} is wrong, it shows too much money for {}.",
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def rows(days: tuple[str, ...], topics: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Calls about each thing on each day, with the desk that a reviewer wants as its topic."""
    made = []
    for desk, things in TOPICS.items():
        for day in days:
            for thing in things:
                turns = said(
                    f"C: {SENTENCES[desk].format(thing, day)}", f"A: I'll call you back on {day} about the {thing}."
                )
                item = {"task": f"Call back about the {thing}", "owner": "agent", "due": f"on {day}", "turn": 1}
                output = {
                    "summary": f"The {thing} is not well.",
                    "topics": [(topics or {}).get(thing, desk)],
                    "action_items": [item],
                    "next_steps": [f"Call back on {day}."],
                }
                row = {"call": f"{day}-{thing}", "task": "summarize", "transcript": to_lines(turns), "output": output}
                made.append((row, turns))
    return [row | {"turns": turns} for row, turns in made]


@cache
def artefact(folder: Path, topics: tuple[tuple[str, str], ...] = ()) -> Path:
    learned = [(row["turns"], {"topics": row["output"]["topics"]}) for row in rows(DAYS[:2], dict(topics))]
    return Embedded(TASKS, vectors=vectors()).fit("summarize", learned).save(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluating")


def holdout(folder: Path, calls: int = 60) -> Path:
    kept = [{name: value for name, value in row.items() if name != "turns"} for row in rows(DAYS[2:])]
    path = folder / f"holdout-{calls}.jsonl"
    path.write_text(
        "".join(json.dumps(row | {"label": "corrected"}) + "\n" for row in kept[:: len(kept) // calls][:calls])
    )
    return path


def wrapup(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("WRAPUP_", "REDIS_", "SLACK_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", "evaluate", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=clean | {"WRAPUP_DATA_DIR": str(folder / "data")} | environ,
        timeout=LIMIT_S,
        check=False,
    )


def judged(folder: Path, *arguments: str, **environ: str) -> dict[str, Any]:
    done = wrapup(folder, *arguments, "--json", **environ)
    assert done.returncode == 0, done.stderr
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def test_an_embedded_model_that_was_corrected_is_promoted(folder: Path) -> None:
    challenger = f"embedded:{artefact(folder)}"

    row = judged(folder, "--challenger", challenger, "--holdout", str(holdout(folder)))

    assert (row["n"], row["verdict"]) == (60, "promote")
    assert row["fields"]["topics_f1"]["low"] > 0.5
    assert row["challenger"] == f"embedded:{artefact(folder).stem.partition('-')[2]}"


def test_a_model_that_learned_from_shuffled_labels_is_refused(folder: Path) -> None:
    desks, things = list(TOPICS), [thing for things in TOPICS.values() for thing in things]
    shuffled = tuple((thing, desks[n % 3]) for n, thing in enumerate(things))

    row = judged(folder, "--champion", f"embedded:{artefact(folder)}", "--challenger",
                 f"embedded:{artefact(folder, shuffled)}", "--holdout", str(holdout(folder)))  # fmt: skip

    assert row["verdict"] == "refuse"
    assert row["sentence"].startswith(
        "Keep the current model: the new one may be worse by more than the 3 points allowed"
    )


def test_shuffled_labels_are_refused_too_where_the_champion_never_knew_the_topics(folder: Path) -> None:
    desks, things = list(TOPICS), [thing for things in TOPICS.values() for thing in things]
    shuffled = tuple((thing, desks[n % 3]) for n, thing in enumerate(things))

    row = judged(folder, "--challenger", f"embedded:{artefact(folder, shuffled)}", "--holdout", str(holdout(folder)))

    assert row["fields"]["topics_f1"]["champion"] == 0.0
    assert row["verdict"] == "refuse"


def test_too_few_calls_are_told(folder: Path) -> None:
    row = judged(folder, "--challenger", f"embedded:{artefact(folder)}", "--holdout", str(holdout(folder, 12)))

    assert row["verdict"] == "too_few"


def test_a_report_is_one_page_and_the_verdict_is_shown(folder: Path) -> None:
    page = folder / "report.html"

    done = wrapup(
        folder, "--challenger", f"embedded:{artefact(folder)}", "--holdout", str(holdout(folder)), "--report", str(page)
    )

    assert done.returncode == 0, done.stderr
    assert "Promote the new model" in " ".join(done.stdout.split())
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_comments_are_judged_too(folder: Path) -> None:
    toxic = ["You are an idiot, get lost.", "Shut up, you stupid liar.", "I will break your legs."] * 6
    kind = ["Thank you all.", "The shop opens at nine.", "Great work, well done."] * 6
    texts = [(f"{text} {n}", text in toxic) for n, text in enumerate(toxic + kind)]
    path = folder / "comments.jsonl"
    path.write_text("".join(
        json.dumps({"call": f"c{n}", "task": "moderate", "transcript": to_lines(said(f"O: {text}")),
                    "output": {"toxic": bad, "categories": []}}) + "\n" for n, (text, bad) in enumerate(texts)
    ))  # fmt: skip

    row = judged(folder, "--champion", "embedded", "--challenger", "base", "--task", "moderate", "--holdout", str(path))

    assert (row["n"], row["verdict"]) == (36, "refuse")
    assert row["fields"]["accuracy"]["diff"] == 0.0


def answers(request: Request) -> str:
    """Bedrock's two models: the tuned one knows the desk, and the other one breaks its reply now and then."""
    text = request.prompt
    desk = next(
        (
            desk
            for desk, things in TOPICS.items()
            if any(f"The {thing} " in text or f"My {thing} " in text for thing in things)
        ),
        "",
    )
    if request.id == NOVA and "fern" in json.dumps(request.body["messages"]):
        return "I cannot say."
    output = {
        "summary": "A call.",
        "topics": [desk if request.id == TUNED else "other"],
        "action_items": [],
        "next_steps": [],
    }
    return json.dumps(output)


def test_bedrock_models_are_judged_and_the_champion_is_asked_once(folder: Path, bedrock: BedrockServer) -> None:
    bedrock.answer = answers
    given = ["--champion", "base", "--challenger", TUNED, "--holdout", str(holdout(folder))]
    environ = bedrock.environment | {"WRAPUP_MODEL_ID": NOVA, "WRAPUP_FAMILY": "nova-lite"}

    first = judged(folder, *given, **environ)
    asked = [request.id for request in bedrock.asked()]
    second = judged(folder, *given, **environ)
    again = [request.id for request in bedrock.asked()][len(asked) :]

    assert first["verdict"] == second["verdict"] == "promote"
    assert first["fields"]["valid"]["champion"] < 1.0
    assert (first["tokens_counted"], first["cost_known"]) == (True, True)
    assert {NOVA, TUNED} == set(asked)
    assert set(again) == {TUNED}


def test_a_third_model_is_asked_with_the_base_template(folder: Path, bedrock: BedrockServer, tmp_path: Path) -> None:
    bedrock.answer = answers
    (tmp_path / "prices.yaml").write_text("nova-lite.input: 1000000\nnova-lite.output: unknown\n")
    given = ["--champion", "embedded", "--challenger", NOVA, "--against", TUNED, "--holdout", str(holdout(folder, 5))]
    environ = bedrock.environment | {"WRAPUP_FAMILY": "nova-lite"}

    row = judged(folder, *given, WRAPUP_PRICES=str(tmp_path / "prices.yaml"), **environ)

    assert row["against"]["model"] == TUNED
    assert row["against"]["fields"]["topics_f1"] == 1.0
    assert row["fields"]["cost_usd"]["challenger"] is None
    assert all("Worked examples" in request.body["system"][0]["text"] for request in bedrock.asked())


def test_a_model_that_may_not_be_asked_ends_with_three(folder: Path, bedrock: BedrockServer) -> None:
    for _ in range(8):
        bedrock.fails("AccessDeniedException", 403, "no")

    done = wrapup(
        folder, "--champion", "embedded", "--challenger", NOVA, "--holdout", str(holdout(folder)), **bedrock.environment
    )

    assert (done.returncode, done.stdout) == (3, "")
    assert "bedrock:InvokeModel" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--challenger", "no model"], "isn't a model id"),
        (["--challenger", "embedded:/nowhere.npz"], "There is no artefact"),
        (["--challenger", "embedded", "--task", "weather"], "There is no task 'weather'"),
        (["--challenger", "embedded", "--holdout", "/nowhere.jsonl"], "cannot be read"),
        (["--challenger", "embedded", "--kept"], "No evaluation of embedded against embedded is kept"),
        (["--challenger", "embedded", "--report", "/nowhere/report.html"], "there is no folder"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_line(folder: Path, arguments: list[str], told: str) -> None:
    usual = [] if "--holdout" in arguments else ["--holdout", str(holdout(folder, 5))]

    done = wrapup(folder, *arguments, *usual)

    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_a_holdout_the_calls_are_those_that_an_export_would_hold_out(folder: Path, tmp_path: Path) -> None:
    client = Redis.from_url(running(tmp_path / "data"))
    pairs = RedisPairs(client, keep_days=30)
    for row in rows(DAYS[:1]):
        key = f"{row['call']}#0"
        vote = Event(kind="vote", id="e", user="U1", at=1.0, by="button", up=True)
        pair = Pair(
            key, row["call"], "summarize", "paste", "approved", row["transcript"], row["output"], None, ("U1",), "C1",
            "embedded", "", REDACTION_VERSION, 1.0, 1.0,
        )  # fmt: skip
        pairs.settle(key, row["call"], vote, 0, "approved", pair)
    client.close()

    row = judged(tmp_path, "--challenger", f"embedded:{artefact(folder)}")

    assert 0 < row["n"] < 30
    assert row["verdict"] == "too_few"


def test_an_evaluation_is_kept_and_its_report_made_again(folder: Path, tmp_path: Path) -> None:
    Redis.from_url(running(tmp_path / "data")).close()
    given = ["--challenger", f"embedded:{artefact(folder)}", "--report"]
    first = judged(tmp_path, *given, str(tmp_path / "first.md"), "--holdout", str(holdout(folder)))

    again = judged(tmp_path, *given, str(tmp_path / "again.md"), "--kept")

    assert again == first
    assert (tmp_path / "again.md").read_text("utf-8") == (tmp_path / "first.md").read_text("utf-8")


def test_without_pairs_there_is_nothing_to_judge_by(tmp_path: Path) -> None:
    done = wrapup(tmp_path, "--challenger", "embedded")

    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
