"""The steps of the loop: each done once, and by two people where that is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import JobRefused, NotAllowed, NothingToExport, PromotionRefused, StepRunning
from bot.evaluation.trial import Trial
from bot.models.custom_model import CustomModel, Endpoint
from bot.retraining.next_step import next_step
from bot.retraining.pending import Agenda
from tests.doubles.made_pairs import pairs, settle
from tests.doubles.retraining_bench import TASK, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def two(tmp_path: Path) -> Bench:
    """The same where a second person has to approve."""
    return Bench(tmp_path, two_person=True)


def test_a_proposal_says_what_it_takes_and_starts_nothing(bench: Bench) -> None:
    bench.propose()

    proposal = bench.loop.agenda.proposal
    assert proposal is not None
    assert (proposal.estimate.records > 20, proposal.estimate.usd, proposal.warnings) == (
        True,
        0.0,
        ("The quota could not be asked for.",),
    )
    assert not bench.trainer.jobs()


def test_an_export_tells_how_far_it_is(bench: Bench) -> None:
    said: list[str] = []

    bench.retraining.propose(bench.press("propose"), {}, said.append)

    assert "Reading … 30 pairs" in said


def test_on_board_no_job_goes_on_from_another(bench: Bench) -> None:
    bench.trained()

    assert bench.retraining.bases(TASK) == []


def test_on_bedrock_a_job_may_go_on_from_our_own_model(tmp_path: Path) -> None:
    bench = Bench(tmp_path, number=60, family="claude-3-haiku")
    bench.trained()
    settle(bench.pairs, *pairs(40, start=1_000))

    bench.retraining.propose(bench.press("propose"), {}, lambda _: None, bench.retraining.bases(TASK)[0])

    proposal = bench.loop.agenda.proposal
    assert proposal is not None
    assert proposal.order.base == "m"


def test_while_a_job_runs_no_other_is_proposed(bench: Bench) -> None:
    bench.propose()
    bench.retraining.train(bench.press("train"))

    with pytest.raises(JobRefused, match="is still running"):
        bench.propose()


def test_without_pairs_nothing_is_proposed(tmp_path: Path) -> None:
    with pytest.raises(NothingToExport):
        Bench(tmp_path, number=0).propose()


def test_the_same_pairs_are_not_proposed_again(bench: Bench) -> None:
    bench.trained()

    with pytest.raises(JobRefused, match="m was trained on these very pairs"):
        bench.propose()


def test_a_proposal_is_started_once_however_often_it_is_pressed(bench: Bench) -> None:
    bench.propose()
    press = bench.press("train")

    for _ in range(3):
        bench.retraining.train(press)

    assert (bench.service.started, bench.audit) == (1, [("ana", "start", "")])


def test_a_proposal_that_was_put_aside_is_not_started(bench: Bench) -> None:
    bench.propose()
    press = bench.press("train")
    bench.retraining.discard(bench.press("discard"))

    bench.retraining.train(press)

    assert (bench.loop.agenda.proposal, bench.trainer.jobs()) == (None, [])


def test_the_loop_goes_from_pairs_to_a_promotion_and_back(bench: Bench) -> None:
    bench.evaluated()
    before = next_step(bench.loop).step

    bench.retraining.promote(bench.press("promote"))
    promoted = bench.loop.answering
    bench.retraining.rollback(bench.press("rollback"))

    assert (before, promoted, bench.loop.answering) == ("promote", "m", "usual")
    assert [did for _, did, _ in bench.audit] == ["start", "training Completed", "evaluate", "promote", "rollback"]


def test_who_answers_already_is_not_judged_against_itself(bench: Bench) -> None:
    bench.evaluated()
    press = bench.press("evaluate")
    bench.retraining.promote(bench.press("promote"))

    with pytest.raises(JobRefused, match="there is no other model to compare it with"):
        bench.retraining.evaluate(press, lambda _: None)


def test_what_was_rolled_back_is_not_what_comes_next_until_it_is_promoted_again(bench: Bench) -> None:
    bench.evaluated()
    bench.retraining.promote(bench.press("promote"))
    bench.retraining.rollback(bench.press("rollback"))
    after = next_step(bench.loop).step

    bench.retraining.promote(bench.press("promote"))

    assert (after, bench.loop.answering) == ("collect", "m")


def test_a_roll_back_that_comes_twice_goes_back_once(bench: Bench) -> None:
    bench.evaluated()
    bench.retraining.promote(bench.press("promote"))
    press = bench.press("rollback")

    for _ in range(2):
        bench.retraining.rollback(press)

    assert [did for _, did, _ in bench.audit].count("rollback") == 1


def test_against_the_verdict_a_promotion_wants_a_reason_which_is_kept(bench: Bench) -> None:
    bench.verdict = "refuse"
    bench.evaluated()
    with pytest.raises(PromotionRefused):
        bench.retraining.promote(bench.press("promote"))

    bench.retraining.promote(bench.press("promote", reason="The team wants it"))

    assert bench.loop.champion.reigns[-1].reason == "The team wants it"


def test_with_two_people_a_start_waits_and_names_who_approved(two: Bench) -> None:
    two.propose()
    two.retraining.train(two.press("train"))
    waiting, started = two.loop.agenda.approval, two.service.started

    two.retraining.approve(two.press("approve", by="bea"))

    assert waiting is not None
    assert (waiting.why, started) == ("A second person must approve this (WRAPUP_TWO_PERSON).", 0)
    assert (two.audit, two.loop.agenda.approval) == ([("ana", "start", "bea")], None)


def test_the_same_person_does_not_approve(two: Bench) -> None:
    two.propose()
    two.retraining.train(two.press("train"))

    with pytest.raises(NotAllowed, match="you asked for it yourself"):
        two.retraining.approve(two.press("approve"))

    assert not two.trainer.jobs()


def test_an_approval_that_comes_twice_is_one(two: Bench) -> None:
    two.propose()
    two.retraining.train(two.press("train"))
    press = two.press("approve", by="bea")

    for _ in range(2):
        two.retraining.approve(press)

    assert two.service.started == 1


def test_with_two_people_a_promotion_waits_too_with_its_reason(two: Bench) -> None:
    two.verdict = "refuse"
    two.evaluated()
    two.retraining.promote(two.press("promote", reason="We want it"))
    before = two.loop.answering

    two.retraining.approve(two.press("approve", by="bea"))

    assert (before, two.loop.answering, two.audit[-1]) == ("usual", "m", ("ana", "promote", "bea"))


def test_what_is_declined_waits_no_more_and_the_proposal_stays(two: Bench) -> None:
    two.propose()
    two.retraining.train(two.press("train"))

    two.retraining.decline(two.press("decline", by="bea"))

    agenda = two.loop.agenda
    assert (agenda.approval, agenda.proposal is not None) == (None, True)


def test_another_proposal_leaves_a_promotion_that_waits(two: Bench) -> None:
    two.evaluated()
    two.retraining.promote(two.press("promote"))
    settle(two.pairs, *pairs(30, start=100_000))

    two.propose()

    agenda = two.loop.agenda
    assert agenda.approval is not None
    assert (agenda.approval.step, agenda.proposal is not None) == ("promote", True)


def test_a_start_does_not_wait_beside_a_promotion_that_waits(two: Bench) -> None:
    two.evaluated()
    two.retraining.promote(two.press("promote"))
    settle(two.pairs, *pairs(30, start=100_000))
    two.propose()

    with pytest.raises(JobRefused, match="Another step waits for approval"):
        two.retraining.train(two.press("train"))


def test_what_is_put_aside_while_it_is_asked_for_waits_for_nobody(two: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    two.propose()
    press, plan = two.press("train"), two.models.plan

    def put_aside(task: str, agenda: Agenda, was: Agenda) -> bool:
        monkeypatch.setattr(two.models, "plan", plan)
        two.retraining.discard(press)
        return plan(task, agenda, was)

    monkeypatch.setattr(two.models, "plan", put_aside)
    two.retraining.train(press)

    assert (two.loop.agenda.approval, two.loop.agenda.proposal) == (None, None)


def test_what_costs_by_the_hour_is_told_of_every_model_of_the_task(bench: Bench) -> None:
    bench.trained()
    old = CustomModel(id="old", task=TASK, family="claude-3-haiku", job="j", dataset="d", at=0.0,
                      endpoint=Endpoint(id="arn", status="InService", since=1.0))  # fmt: skip
    bench.models.keep_model(old, None)

    assert bench.loop.billing == (old,)


def test_above_the_spend_limit_a_second_person_approves(tmp_path: Path) -> None:
    bench = Bench(tmp_path, limit=5.0)
    bench.propose()
    was = bench.loop.agenda
    assert was.proposal
    costs = was.proposal.estimate.model_copy(update={"usd": 12.5})
    dear = was.model_copy(update={"proposal": was.proposal.model_copy(update={"estimate": costs})})
    bench.models.plan(TASK, dear, was)

    bench.retraining.train(bench.press("train"))

    approval = bench.loop.agenda.approval
    assert approval is not None
    assert approval.why == "This costs about $12.50, and the limit is $5.00 (WRAPUP_SPEND_LIMIT_USD)."


def test_one_step_is_taken_at_a_time(bench: Bench) -> None:
    first, second = bench.press("evaluate"), bench.press("evaluate", by="bea")

    with bench.retraining.under_way.alone(first, "Evaluating …"):
        other = bench.retraining.under_way.alone(second, "Evaluating …")
        with pytest.raises(StepRunning, match=r"under way: Evaluating …"):
            other.__enter__()


def test_a_step_whose_worker_was_killed_is_taken_up_again(bench: Bench) -> None:
    press = bench.press("evaluate")
    bench.retraining.under_way.alone(press, "Evaluating …").__enter__()

    with bench.retraining.under_way.alone(press, "Evaluating …") as say:
        say("Evaluating … 1 of 2")
        under_way = bench.loop.agenda.doing

    assert under_way is not None
    assert (under_way.text, bench.loop.agenda.doing) == ("Evaluating … 1 of 2", None)


def test_why_a_step_failed_is_kept_until_the_next_begins(bench: Bench) -> None:
    press = bench.press("evaluate")
    bench.retraining.under_way.alone(press, "Evaluating …").__enter__()
    bench.retraining.under_way.failed(press, "The model is gone.")
    trouble = bench.loop.agenda.trouble

    with bench.retraining.under_way.alone(bench.press("evaluate"), "Evaluating …"):
        after = bench.loop.agenda.trouble

    assert trouble is not None
    assert (trouble.text, after, bench.loop.agenda.doing) == ("The model is gone.", None, None)


def test_pairs_since_the_last_job_are_counted(bench: Bench) -> None:
    bench.trained()
    settle(bench.pairs, *pairs(3, start=100_000))

    assert (bench.loop.pairs, bench.loop.fresh) == (33, 3)


def test_an_evaluation_that_nobody_asked_for_begins_once(bench: Bench) -> None:
    assert [bench.retraining.under_way.begun(TASK, "a b") for _ in range(2)] == [True, False]


def test_the_challenger_becomes_a_canary_once_however_often_the_step_is_done(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.trained()
    asked = bench.press("canary", reason="20% C1")

    for _ in range(2):
        bench.retraining.canary(asked)

    assert bench.loop.canary
    assert (bench.loop.canary.canary.share, bench.loop.canary.canary.channels) == (0.2, ("C1",))
    assert [did for _, did, _ in bench.audit].count("canary") == 1


def test_a_canary_is_ended_and_its_end_is_shown_with_the_challenger(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.trained()
    bench.retraining.canary(bench.press("canary"))
    stop = bench.press("end_canary", by="bea")

    for _ in range(2):
        bench.retraining.end_canary(stop)

    assert bench.loop.canary
    assert (bench.loop.canary.runs, bench.loop.canary.sentence) == (False, "bea stopped it.")


def test_what_becomes_the_champion_is_shown_as_a_canary_no_more(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.trained()
    bench.retraining.canary(bench.press("canary"))

    bench.retraining.promote(bench.press("promote", reason="we saw enough"))

    assert bench.loop.canary is None


def test_a_step_from_a_shell_is_shown_and_lets_no_other_begin(bench: Bench) -> None:
    with bench.retraining.under_way.attended(bench.typed("evaluate"), "Evaluating …"):
        shown = bench.loop.agenda.doing
        with pytest.raises(StepRunning), bench.retraining.under_way.alone(bench.press("promote"), "Promoting …"):
            pass

    assert shown is not None
    assert (shown.by, shown.text, bench.loop.agenda.doing) == ("cleo", "Evaluating …", None)


@pytest.mark.parametrize(
    ("error", "told"),
    [(JobRefused("The model is gone."), "The model is gone."), (KeyboardInterrupt(), "It was interrupted.")],
)
def test_a_step_from_a_shell_ends_with_its_command_and_the_card_shows_why(
    bench: Bench, error: BaseException, told: str
) -> None:
    with pytest.raises(type(error)), bench.retraining.under_way.attended(bench.typed("evaluate"), "Evaluating …"):
        raise error

    agenda = bench.loop.agenda
    assert agenda.trouble is not None
    assert (agenda.doing, agenda.trouble.by, agenda.trouble.text) == (None, "cleo", told)


def test_a_step_of_a_shell_that_was_killed_holds_nobody_up(bench: Bench) -> None:
    bench.retraining.under_way.alone(bench.typed("evaluate"), "Evaluating …").__enter__()  # and no lock is held for it
    shown = bench.loop.agenda.doing

    with bench.retraining.under_way.alone(bench.press("promote"), "Promoting …"):
        doing = bench.loop.agenda.doing

    assert doing is not None
    assert (shown, doing.step) == (None, "promote")


def test_a_short_step_of_a_shell_tells_on_the_card_why_it_was_refused_until_it_goes_well(bench: Bench) -> None:
    with pytest.raises(JobRefused), bench.retraining.under_way.at_once(bench.typed("release")):
        raise JobRefused("AWS says no.")
    trouble = bench.loop.agenda.trouble

    with bench.retraining.under_way.at_once(bench.typed("release")):
        pass

    assert trouble is not None
    assert (trouble.text, bench.loop.agenda.trouble) == ("AWS says no.", None)


def test_a_job_that_a_shell_starts_is_given_back_while_it_runs(bench: Bench) -> None:
    first, second = (bench.typed("train") for _ in range(2))

    jobs = [bench.retraining.start(each, bench.retraining.prepare(each, {})) for each in (first, second)]

    assert jobs[0] is not None
    assert (jobs[0], bench.service.started, bench.loop.agenda.proposal) == (jobs[1], 1, None)


def test_while_a_job_runs_a_shell_starts_no_other(bench: Bench) -> None:
    step = bench.typed("train")
    bench.retraining.start(step, bench.retraining.prepare(step, {}))
    settle(bench.pairs, *pairs(30, start=100_000))

    with pytest.raises(JobRefused, match="is still running"):
        bench.retraining.prepare(bench.typed("train"), {})


def test_a_model_that_is_gone_from_its_service_may_be_trained_again_on_the_same_pairs(bench: Bench) -> None:
    bench.trained()
    bench.service.exists = lambda model: False  # type: ignore[method-assign]

    bench.propose()

    assert bench.loop.agenda.proposal


def test_a_start_from_a_shell_waits_for_the_approval_of_an_admin_in_slack(two: Bench) -> None:
    step = two.typed("train")
    job = two.retraining.start(step, two.retraining.prepare(step, {}))

    two.retraining.approve(two.press("approve", by="bea"))

    assert (job, two.audit) == (None, [("cleo", "start", "bea")])


def test_two_models_that_nobody_registered_are_judged_and_the_audit_names_them(bench: Bench) -> None:
    bench.retraining.judge(bench.typed("evaluate"), Trial("base", "embedded:file"), lambda *_: None)

    (line,) = bench.models.audit()
    assert (line.who, line.did, line.what, line.reason) == ("cleo", "evaluate", "embedded:file", "promote")
