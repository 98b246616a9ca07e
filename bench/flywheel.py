"""The whole loop on the embedded model: corrections come in, it is trained, judged and promoted, and answers get better.

`python -m bench.flywheel` takes the calls and comments of flywheel.yaml; with a FOLDER that has calls.jsonl and
moderation.jsonl it takes those, where a third is held back, and a reviewer corrects topics and summaries (the label, or
the customer's first sentence where there is none). What trains, judges and promotes is what ships, by its commands.
Exit code 1: nothing got better, our own calls led to no promotion, or a model of shuffled corrections was let in.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from click.testing import CliRunner
from rich.console import Console
from rich.table import Table

from bot.__main__ import main as wrapup
from bot.answers.answer import KeptAnswer, KeptAnswers
from bot.answers.moderation import CATEGORIES
from bot.calls.transcript import Transcript, Turn, to_lines
from bot.feedback.pair import call_hash, changed
from bot.feedback.votes_and_corrections import Event
from bot.settings import SHIPPED_PROMPTS, Settings, read
from bot.wiring import Wiring

HERE = Path(__file__).parent
SEED = 11
REVIEWER = "U-lead"
Output = dict[str, Any]
PRIMARY = {"summarize": "topics_f1", "moderate": "accuracy"}


@dataclass(frozen=True)
class Asked:
    """A call or comment, and what a reviewer makes of an answer to it."""

    turns: tuple[Turn, ...]
    corrected: Callable[[Output], Output]
    held: bool = False  # for the time after: nothing of it is said in the calls that are learned from


class Loop:
    """One task in a data folder of its own."""

    def __init__(self, task: str, folder: Path, prompts: Path) -> None:
        self.task = task
        self.environment = {
            "WRAPUP_DATA_DIR": str(folder), "WRAPUP_FAMILY": "embedded", "WRAPUP_PROMPTS": str(prompts),
            "WRAPUP_POLL_S": "0.2",
        }  # fmt: skip

    @cached_property
    def settings(self) -> Settings:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("WRAPUP_", "REDIS_"))}
        return read(kept | self.environment)

    def run(self, *words: str) -> tuple[int, Any]:
        """The exit code of a command, and what it printed as JSON, or the sentence with which it refused."""
        blank: dict[str, str | None] = {name: None for name in os.environ if name.startswith(("WRAPUP_", "REDIS_"))}
        done = CliRunner().invoke(wrapup, [*words, "--json"], env=blank | self.environment)
        return done.exit_code, json.loads(done.stdout) if done.stdout else done.stderr.strip()

    def teach(self, asked: Sequence[Asked], wrong: bool = False) -> None:
        """Every call is answered, kept and corrected, as it happens in Slack. `wrong`: with another call's correction."""
        wiring = Wiring(self.settings)
        services, summarizer = wiring.services, wiring.answers.usual
        task = services.tasks[self.task]
        calls = [Transcript(f"call-{n}", each.turns) for n, each in enumerate(asked)]
        answers = [summarizer.answer(task, call) for call in calls]
        outputs = [a.corrected(answer.output.model_dump(mode="json")) for a, answer in zip(asked, answers, strict=True)]
        if wrong:
            random.Random(SEED).shuffle(outputs)
        for n, (call, answer, output) in enumerate(zip(calls, answers, outputs, strict=True)):
            request = f"T:C:{n}"
            kept = KeptAnswer(f"{request}#0", request, "", REVIEWER, "C", call, answer, "upload", float(n))
            services.answers.keep(request, KeptAnswers((kept,), ()))
            event = Event(kind="correction", id=f"e-{n}", user=REVIEWER, at=1_000.0 + n, output=output)
            services.reviews.take(kept.key, event)

    def hold_back(self, asked: Sequence[Asked]) -> Path:
        """The calls of the time after, with what a reviewer makes of the present answers, as a holdout.jsonl."""
        answers = Wiring(self.settings).answers
        task, summarizer = answers.task_named(self.task), answers.usual
        path = self.settings.data_dir / "next-week.jsonl"
        with path.open("w", encoding="utf-8") as lines:
            for each in asked:
                answer = summarizer.answer(task, Transcript("", each.turns))
                text = to_lines(each.turns)
                said = answer.output.model_dump(mode="json")
                right = each.corrected(said)
                row = {"call": call_hash(text), "task": self.task, "transcript": text, "output": right,
                       "label": "corrected", "written": sorted(changed(said, right))}  # fmt: skip
                lines.write(json.dumps(row) + "\n")
        return path

    def train(self) -> str:
        _, started = self.run("train", "start", "--task", self.task, "--yes")
        code, ended = self.run("train", "watch", started["name"] if isinstance(started, dict) else str(started))
        assert code == 0, ended
        return str(ended["model"])

    def judge(self, model: str, holdout: Path) -> Output:
        _, found = self.run("evaluate", "--task", self.task, "--challenger", model, "--holdout", str(holdout))
        assert isinstance(found, dict), found
        return found


def own(task: str) -> list[Asked]:
    """The calls or comments of flywheel.yaml, the same ones each time."""
    parts = yaml.safe_load((HERE / "flywheel.yaml").read_text("utf-8"))
    draw = random.Random(SEED)
    made = list(_calls(parts, draw)) if task == "summarize" else list(_comments(parts))
    draw.shuffle(made)
    return made


def _calls(parts: Output, draw: random.Random) -> Sequence[Asked]:
    made = []
    for name, about in parts["topics"].items():
        for n, said in zip(range(25), cycle(about["said"]), strict=False):
            turns = (
                Turn(0, "agent", "Halde Bikes, good day, how can I help?"),
                Turn(1, "customer", parts["openings"][n % len(parts["openings"])]),
                Turn(2, "customer", said),
                Turn(3, "customer", draw.choice(parts["details"])),
                Turn(4, "agent", about["promise"]),
                Turn(5, "customer", draw.choice(parts["closings"])),
            )
            held = said == about["said"][-1]
            made.append(Asked(turns, _with(topics=[name], summary=said), held))
    return made


def _comments(parts: Output) -> Sequence[Asked]:
    """Every second comment is for the time after."""
    return [
        Asked(
            (Turn(0, "other", said),), _with(toxic=about["toxic"], categories=about.get("categories", [])), n % 2 == 1
        )
        for about in parts["comments"].values()
        for n, said in enumerate(about["said"])
    ]


def given(task: str, folder: Path) -> list[Asked]:
    """The rows of calls.jsonl or moderation.jsonl that are labelled for the task."""
    name = "calls.jsonl" if task == "summarize" else "moderation.jsonl"
    rows = [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]
    made = list(filter(None, map(_given_call if task == "summarize" else _given_comment, rows)))
    random.Random(SEED).shuffle(made)
    return [replace(each, held=n % 3 == 0) for n, each in enumerate(made)]


def _given_call(row: Output) -> Asked | None:
    names = {label: name for name, about in _mixed().items() for label in about["labels"]}
    labels = [row["source"]] if row["source"] in names else row["labels"].get("topics") or []
    topics = list(dict.fromkeys(names[label] for label in labels if label in names))
    turns = tuple(Turn(n, turn["speaker"], turn["text"], turn.get("name")) for n, turn in enumerate(row["turns"]))
    own_words = row["labels"].get("summary") or next(
        (turn.text for turn in turns if turn.speaker == "customer" and len(turn.text.split()) >= 5), turns[0].text
    )
    return Asked(turns, _with(topics=topics, summary=own_words)) if topics and row["source"] != "qmsum_ami" else None


def _given_comment(row: Output) -> Asked | None:
    labels = row["labels"]
    if labels["toxic"] is None:
        return None
    known = {name: bool(labels[name]) for name in CATEGORIES if labels.get(name) is not None}

    def corrected(answer: Output) -> Output:
        kept = [name for name in CATEGORIES if known.get(name, name in answer["categories"])]
        return {"toxic": bool(labels["toxic"]), "categories": kept}

    return Asked((Turn(0, "other", row["text"]),), corrected)


def _with(**right: Any) -> Callable[[Output], Output]:
    """A reviewer who puts these fields right and leaves the others."""
    return lambda answer: answer | right


def _mixed() -> Output:
    found: Output = yaml.safe_load((HERE / "mixed_topics.yaml").read_text("utf-8"))
    return found


def run(task: str, asked: Sequence[Asked], prompts: Path, console: Console, *, must_promote: bool) -> bool:
    """Goes once around, prints what it came to, and says whether the loop did what it is for."""
    held, taught = ([each for each in asked if each.held is side] for side in (True, False))
    with TemporaryDirectory(prefix="flywheel-") as folder:
        loop = Loop(task, Path(folder) / "right", prompts)
        loop.settings.data_dir.mkdir()
        loop.teach(taught)
        holdout = loop.hold_back(held)
        model = loop.train()
        found = loop.judge(model, holdout)
        promoted, _ = loop.run("promote", model, "--yes")
        answering = Wiring(loop.settings).training.promoter.answering(task)
        shuffled = Loop(task, Path(folder) / "shuffled", prompts)
        shuffled.teach(taught, wrong=True)
        bad = shuffled.train()
        refused = shuffled.judge(bad, holdout)
        kept_out, _ = shuffled.run("promote", bad, "--yes")
    _show(console, task, len(taught), found)
    console.print(f"  {found['sentence']}\n  {answering} answers {task} now.")
    console.print(f"  from shuffled corrections: {refused['sentence']}\n")
    better = found["fields"][PRIMARY[task]]["diff"] > 0 and found["fields"]["tokens"]["diff"] < 0
    as_judged = (promoted == 0) == (answering == model) == (found["verdict"] == "promote")
    better = better and (promoted == 0 or not must_promote)
    return better and as_judged and kept_out == 1 and refused["verdict"] == "refuse"


def _show(console: Console, task: str, taught: int, found: Output) -> None:
    title = f"{task}: {taught} corrections, judged on {found['n']} calls of the time after"
    table = Table("figure", "before", "after", "difference", "95 % sure", title=title, min_width=90)
    for name in (PRIMARY[task], "tokens"):
        each = found["fields"][name]
        numbers = [each[key] for key in ("champion", "challenger", "diff", "low", "high")]
        shown = [f"{number:,.0f}" if name == "tokens" else f"{number:.3f}" for number in numbers]
        table.add_row(name, *shown[:3], f"{shown[3]} to {shown[4]}")
    console.print(table)


def main() -> None:
    console, folder = Console(width=120), Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with TemporaryDirectory(prefix="flywheel-prompts-") as prompts:
        shutil.copytree(SHIPPED_PROMPTS, prompts, dirs_exist_ok=True)
        if folder:  # calls of several kinds want a taxonomy that has all of them
            meanings = {name: about["meaning"] for name, about in _mixed().items()}
            (Path(prompts) / "summarize" / "topics.yaml").write_text(yaml.safe_dump(meanings, sort_keys=False))
        done = []
        for task in PRIMARY:
            asked = given(task, folder) if folder else own(task)
            done.append(run(task, asked, Path(prompts), console, must_promote=not folder))
    sys.exit(0 if all(done) else 1)


if __name__ == "__main__":
    main()
