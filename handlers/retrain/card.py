"""The card of a task's training loop in Block Kit: how it stands, and what to do next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.answers.family import EMBEDDED
from bot.evaluation.metrics import named
from bot.evaluation.report import figures
from bot.models.champion import Judged, Reign
from bot.models.custom_model import CustomModel
from bot.models.prices import Bill
from bot.retraining.chart import Chart, losses, monday, weeks
from bot.retraining.chart import scorecard as scorecard_chart
from bot.retraining.next_step import Loop, Step, about, also, next_step, passed
from bot.retraining.pending import Approval
from handlers.retrain import canary_section, scorecard
from handlers.retrain.charts import Style
from handlers.retrain.steps import STEPS, RetrainStep
from handlers.slack.fields import counted, title
from handlers.slack.layout import actions, button, context, header, section
from handlers.slack.message import Message
from handlers.slack.mrkdwn import Block, clip, flat, mrkdwn, plain, sentence, who

ROOM = 1_500  # most characters of a text we didn't write here: AWS failures, people's reasons, evaluation results
WEEKS = 4  # weeks of feedback that are added up
COSTING = 3  # most other models whose cost is listed
NO_BILLS: Mapping[str, Bill] = {}
FIGURES = 5  # a section holds ten fields, and a figure takes two: its name and its value
SAID = {"approved": "👍", "corrected": "✏️", "rejected": "👎"}
# The way to say no, beside the button that says yes.
BESIDE: dict[str, tuple[Step, ...]] = {"train": ("discard",), "approve": ("decline",)}


def card(loop: Loop, request: str, bills: Mapping[str, Bill] = NO_BILLS) -> Message:
    """The state of the loop, a primary button for the next step, and plain buttons for the other possible steps.

    `bills`: what each model that is billed by the hour has cost so far, by model id.
    """
    following = next_step(loop)
    name = title(loop.task)
    head = header(f"Retraining: {name}") | {"block_id": f"wrapup:{request}"}
    fields = [part for row in _rows(loop, bills) for part in row]
    state = [{"type": "section", "fields": fields[n : n + 10]} for n in range(0, len(fields), 10)]
    told = section(mrkdwn(f"*Next:* {sentence(following.text, ROOM)}"))
    judged, calls = _judged(loop)
    canary = canary_section.blocks(loop.canary)
    blocks = [head, *state, *canary, *_notes(loop), *judged, told, actions(*_buttons(loop, calls))]
    return Message(f"Retraining {name}: {sentence(following.text)}", blocks)


def charts(loop: Loop, style: Style) -> list[Chart]:
    """The charts of the evaluation and of the job's losses, and the feedback by week if Slack draws the charts itself."""
    row, job = loop.scorecard, loop.job
    found = [scorecard_chart(row) if row else None, losses(job) if job else None]
    found += [weeks(_by_kind(loop))] if style == "native" and loop.weeks else []
    return [chart for chart in found if chart]


def superseded(task: str) -> Message:
    """The line that replaces an older card after a newer one was posted."""
    text = f"Retraining: {title(task)}. There is a newer card below."
    return Message(text, [context(text)])


def _rows(loop: Loop, bills: Mapping[str, Bill]) -> Iterator[tuple[Block, Block]]:
    fresh = f" ({f'{loop.fresh:,}' if loop.fresh else 'none'} new since the last job)" if loop.job else ""
    yield _row("Training examples", plain(f"{loop.pairs:,}{fresh}"))
    yield _row("Current model", mrkdwn(_champion(loop)))
    if loop.weeks:
        yield _row("Feedback", plain(_said(loop)))
    if loop.job:
        yield _row("Last job", mrkdwn(_job(loop)))
    if loop.challenger:
        yield _row("New model", mrkdwn(_challenger(loop.challenger, bills.get(loop.challenger.id))))
    if others := [model for model in loop.billing if model != loop.challenger and model.id in bills]:
        lines = [
            f"{flat(model.id, 200)}: {_billed(bills[model.id])}{_needed(loop, model)}" for model in others[:COSTING]
        ]
        yield _row("Billed by the hour", mrkdwn("\n".join(lines + ["…"] * (len(others) > COSTING))))


def _row(name: str, value: Block) -> tuple[Block, Block]:
    return mrkdwn(f"*{name}*"), value


def _by_kind(loop: Loop) -> dict[str, dict[str, int]]:
    """How many answers of each week were approved, corrected and rejected, by kind of feedback."""
    return {kind: {week: of.get(kind, 0) for week, of in loop.weeks.items()} for kind in SAID}


def _said(loop: Loop) -> str:
    latest = list(loop.weeks)[-WEEKS:]
    counts = {kind: sum(by_week[week] for week in latest) for kind, by_week in _by_kind(loop).items()}
    told = " · ".join(f"{sign} {counts[kind]:,} {kind}" for kind, sign in SAID.items())
    return f"{told} (since {monday(latest[0])})"


def _champion(loop: Loop) -> str:
    if not (reign := loop.champion.now):
        return f"{'Built-in model' if loop.answering == EMBEDDED else flat(loop.answering, 200)} (default)"
    return f"{flat(reign.answers, 200)}, promoted by {who(reign.by)} on {_day(reign.at)}"


def _job(loop: Loop) -> str:
    assert loop.job
    look = loop.job.look
    phase = f" ({flat(look.phase, 100)})" if look.phase and not loop.job.ended else ""
    return f"{_spaced(look.status)}{phase}, started by {who(loop.job.by)} on {_day(loop.job.at)}"


def _challenger(model: CustomModel, bill: Bill | None) -> str:
    return f"{flat(model.id, 200)}: {_spaced(model.state)}{f' · {_billed(bill)}' if bill else ''}"


def _spaced(state: str) -> str:
    """A state in AWS's spelling as words: `InProgress` is "In progress"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", state).capitalize()


def _needed(loop: Loop, model: CustomModel) -> str:
    if model.id == loop.champion.model:
        return ". This is the current model."
    return f". Nobody uses it: `wrapup models release {flat(model.job, 100)} --yes` stops the cost."


def _billed(bill: Bill) -> str:
    """The bill up to the last full hour, so that the card changes once an hour at most."""
    hours = counted("hours", int(bill.hours))
    if bill.usd_hour is None:
        return f"{hours}, price unknown"
    return f"{hours}, about ${bill.usd_hour * int(bill.hours):,.0f} so far (${bill.usd_hour:,.2f} an hour)"


def _notes(loop: Loop) -> Iterator[Block]:
    agenda = loop.agenda
    if agenda.proposal:
        yield section(plain(str(agenda.proposal.estimate)))
        yield from (context(f"⚠️ {clip(warning, ROOM)}") for warning in agenda.proposal.warnings[:5])
    if agenda.approval:
        yield section(mrkdwn(_waits(agenda.approval)))
    if loop.job and (why := loop.job.fault or loop.job.look.failure) and not loop.challenger:
        yield section(mrkdwn(f"⚠️ {sentence(clip(why, ROOM), ROOM)}"))
    if loop.crowned and not loop.challenger:
        yield section(plain(_crowned(loop.crowned)))
    if (reign := loop.champion.now) and reign.reason:
        yield section(mrkdwn(_overridden(reign)))
    if agenda.trouble:
        what = _step(agenda.trouble.step).label or agenda.trouble.step.capitalize()
        yield section(mrkdwn(f"⚠️ {what}: {sentence(clip(agenda.trouble.text, ROOM), ROOM)}"))


def _judged(loop: Loop) -> tuple[list[Block], list[Block]]:
    """The result of the last evaluation with its figures, and the button that shows the calls behind it."""
    if not loop.judged:
        return [], []
    if not loop.scorecard:
        return [section(plain(f"⚖️ {clip(loop.judged.sentence, ROOM)}"))], []
    verdict, *shown = scorecard.message(loop.scorecard).blocks
    presses = [element for block in shown if block["type"] == "actions" for element in block["elements"]]
    rest = [block for block in shown if block["type"] != "actions" and "```" not in str(block)]
    return [verdict, *_figures(loop.scorecard), *rest], presses


def _figures(row: Mapping[str, Any]) -> list[Block]:
    """The figures that count for the result, before and now. The full table of nine lines would be too much for a card."""
    cells = zip(row["fields"].items(), figures(row)[1:], strict=True)
    known = [(of, each) for (name, of), each in cells if named(name).judged and of["diff"] is not None]
    fields = [
        part
        for of, (name, before, now, change, sure, *_) in known[:FIGURES]
        for part in _row(
            name[:1].upper() + name[1:],
            plain(
                f"{before} → {now} ({change} points, 95% interval {sure})"
                if of["low"] or of["high"]
                else f"{now}, unchanged"
            ),
        )
    ]
    return [{"type": "section", "fields": fields}] if fields else []


def _waits(approval: Approval) -> str:
    """What waits for approval. It names the model, because the new model may be a different one by now."""
    model = f" {flat(approval.what, 200)}" if approval.step == "promote" else ""
    why = f", despite its result: {flat(approval.override, ROOM)}" if approval.override else "."
    return f"🔏 {who(approval.by)} asked to {STEPS[approval.step].label.lower()}{model}{why}"


def _crowned(judged: Judged) -> str:
    """Why the current model was promoted. The sentence of a good result is "Promote the new model: REASONS"."""
    if judged.verdict == "promote":
        _, _, reasons = judged.sentence.partition(": ")
        return f"✅ Promoted because {clip(reasons or judged.sentence, ROOM)}"
    return f"⚖️ Result before it was promoted: {clip(judged.sentence, ROOM)}"


def _overridden(reign: Reign) -> str:
    return f"❗ {who(reign.by)} promoted this model despite its result: {flat(reign.reason, ROOM)}"


def _buttons(loop: Loop, calls: Sequence[Block]) -> list[Block]:
    following = next_step(loop).step
    first = [_button(loop, following, style="primary")] if _step(following).label else []
    rest = (*BESIDE.get(following, ()), *also(loop))
    options = [
        {"text": {"type": "plain_text", "text": step.label}, "value": f"{step.name}|{loop.task}"}
        for step in STEPS.values()
        if step.in_menu
    ]
    menu = {"type": "overflow", "action_id": "loop_menu", "options": options}
    return [*first, *(_button(loop, step) for step in rest), *calls, menu]


def _button(loop: Loop, step: str, **more: object) -> Block:
    value = json.dumps({"task": loop.task, "of": about(loop, step)})
    label, asks = STEPS[step].label, STEPS[step].confirm(loop)
    if asks:
        more["confirm"] = {
            "title": plain(f"{label}?", 100), "text": plain(asks, 300),
            "confirm": plain(label, 30), "deny": plain("Cancel", 30),
        }  # fmt: skip
    again = " again" if step == "evaluate" and loop.judged else ""
    return button(label + again + ("…" if _opens(loop, step) else ""), f"step_{step}", value, **more)


def _step(name: str) -> RetrainStep:
    """The step of that name. Nobody can take `wait` or `collect`, so these have no label."""
    return STEPS.get(name, RetrainStep(name))


def _opens(loop: Loop, step: str) -> bool:
    """Whether the button opens a form."""
    return step == "start" or (step == "promote" and not passed(loop))


def _day(at: float) -> str:
    when = datetime.fromtimestamp(at, UTC)
    return f"{when.day} {when:%b %Y}"
