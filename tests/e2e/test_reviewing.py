"""People react to answers and correct them, and pairs come of it: the bot, a worker, the local Slack, the shell."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from sandbox.child import LIMIT_S, wait_for
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT, HANA, MARCO, PRIYA, TOM
from tests.doubles.bots import CALL, Bots, answer, filled, fresh, key, private, running, shown

Counted = dict[str, Any]


@pytest.fixture(scope="module")
def bots(events_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bots]:
    folder = tmp_path_factory.mktemp("bot")
    reviewers = f"{PRIYA.id} {MARCO.id} {HANA.id}"
    with running(events_slack, folder, WRAPUP_ADMINS=PRIYA.id, WRAPUP_REVIEWERS=reviewers) as found:
        yield found


@pytest.fixture
def slack(events_slack: Slack, bots: Bots) -> Slack:
    return events_slack


@pytest.fixture
def wrapup(bots: Bots) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command on the bots' store."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=bots.env, timeout=LIMIT_S, check=False)

    return run


class Ask:
    """Asks for a wrap-up of a call of its own, whose id is `call` then."""

    numbers = count(100)

    def __init__(self, slack: Slack) -> None:
        self.slack, self.call = slack, ""

    def __call__(self) -> Message:
        self.call = f"NW-{next(self.numbers)}"
        return answer(self.slack, self.slack.say(TOM.id, f"<@{BOT}> {CALL.replace('NW-20418', self.call)}"))


@pytest.fixture
def ask(slack: Slack) -> Ask:
    return Ask(slack)


@pytest.fixture
def stats(wrapup: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[[], Counted]:
    return lambda: json.loads(wrapup("pairs", "stats", "--json").stdout)


def until(slack: Slack, reply: Message, text: str) -> Message:
    """The reply once it shows a text."""
    wait_for(f"{text!r} on the card", lambda: text in shown(fresh(slack, reply)))
    return fresh(slack, reply)


def open_form(slack: Slack, user: str, reply: Message) -> dict[str, Any]:
    slack.press(user, reply, "correct")
    return wait_for("the form", slack.modal)


def test_a_thumb_up_makes_a_pair_and_taking_it_away_unmakes_it(
    slack: Slack, ask: Ask, stats: Callable[[], Counted]
) -> None:
    reply, before = ask(), stats()

    slack.react(MARCO.id, reply, "+1::skin-tone-3")
    until(slack, reply, "👍 1")
    approved = stats()
    slack.react(MARCO.id, reply, "+1::skin-tone-3", present=False)
    wait_for("the thumb to go", lambda: "👍 1" not in shown(fresh(slack, reply)))

    assert (approved["pairs"], approved["approved"]) == (before["pairs"] + 1, before["approved"] + 1)
    after = stats()
    assert (after["pairs"], after["withdrawn"]) == (before["pairs"], before["withdrawn"] + 1)


def test_buttons_and_reactions_give_one_tally(slack: Slack, ask: Ask) -> None:
    reply = ask()

    slack.press(MARCO.id, reply, "thumb_up")
    slack.react(PRIYA.id, reply, "thumbsup")
    slack.react(MARCO.id, reply, "+1")

    assert "👍 3" not in shown(until(slack, reply, "👍 2"))


def test_other_reactions_and_other_messages_count_nothing(slack: Slack, ask: Ask, stats: Callable[[], Counted]) -> None:
    reply, before = ask(), stats()
    other = slack.say(TOM.id, "unrelated")

    slack.react(MARCO.id, reply, "tada")
    slack.react(MARCO.id, other, "+1")
    slack.react(PRIYA.id, reply, "+1")
    until(slack, reply, "👍 1")

    assert stats()["pairs"] == before["pairs"] + 1


def test_who_is_no_reviewer_votes_and_makes_no_pair(slack: Slack, ask: Ask, stats: Callable[[], Counted]) -> None:
    reply, before = ask(), stats()

    slack.react(TOM.id, reply, "+1")

    until(slack, reply, "👍 1")
    assert stats()["pairs"] == before["pairs"]


def test_a_thumb_down_is_asked_why_in_private(slack: Slack, ask: Ask) -> None:
    reply = ask()

    slack.react(MARCO.id, reply, "-1")

    why = private(slack, MARCO.id, "reason_0")
    assert why["ephemeral_to"] == MARCO.id
    slack.press(MARCO.id, why, "reason_2")
    until(slack, reply, "👎 1")


def test_a_correction_stands_on_the_card_with_its_author(
    slack: Slack, ask: Ask, wrapup: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    reply = ask()
    form = open_form(slack, MARCO.id, reply)

    slack.submit(MARCO.id, filled(form, Summary="The line drops every evening; an engineer comes on Thursday."))

    card = until(slack, reply, "an engineer comes on Thursday")
    assert f"Corrected by <@{MARCO.id}>" in shown(card)
    (row,) = [row for row in rows(wrapup("pairs", "list", "--json")) if row["call"] == ask.call]
    assert (row["label"], row["reviewer"], row["source"]) == ("corrected", MARCO.id, "paste")
    assert row["output"]["summary"].endswith("Thursday.")
    assert wait_for("the diff", lambda: [m for m in thread_of(slack, reply) if "corrected the answer" in shown(m)])


def test_a_form_that_is_wrong_says_so_at_its_field(slack: Slack, ask: Ask) -> None:
    form = open_form(slack, MARCO.id, ask())

    slack.submit(MARCO.id, filled(form, Action_items="somebody should do something"))

    assert slack.modal()
    slack.close_modal(MARCO.id)


def test_two_different_corrections_wait_for_a_reviewer_who_picks(
    slack: Slack, ask: Ask, stats: Callable[[], Counted]
) -> None:
    reply, before = ask(), stats()
    slack.submit(MARCO.id, filled(open_form(slack, MARCO.id, reply), Summary="Marco's words."))
    until(slack, reply, "Marco's words.")
    slack.submit(HANA.id, filled(open_form(slack, HANA.id, reply), Summary="Hana's words."))
    until(slack, reply, "differ")
    conflict = stats()

    card = wait_for("both sides", lambda: [m for m in thread_of(slack, reply) if "pick_1" in shown(m)])[-1]
    slack.press(PRIYA.id, card, "pick_1")

    until(slack, reply, "Hana's words.")
    assert (conflict["conflict"], conflict["pairs"]) == (before["conflict"] + 1, before["pairs"])
    assert (stats()["conflict"], stats()["corrected"]) == (before["conflict"], before["corrected"] + 1)


def test_a_conflict_that_is_edited_on_its_card_says_who_settled_it(slack: Slack, ask: Ask) -> None:
    reply = ask()
    for user, words in ((MARCO.id, "Marco's words."), (HANA.id, "Hana's words.")):
        slack.submit(user, filled(open_form(slack, user, reply), Summary=words))
        until(slack, reply, f"<@{user}>")
    card = wait_for("both sides", lambda: [m for m in thread_of(slack, reply) if "pick_1" in shown(m)])[-1]

    slack.submit(PRIYA.id, filled(open_form(slack, PRIYA.id, card), Summary="Priya's words."))

    until(slack, reply, "Priya's words.")
    assert f"Settled by <@{PRIYA.id}> with a new version" in shown(until(slack, card, "Settled"))


def test_who_is_overtaken_in_the_form_is_told_and_sees_both(slack: Slack, ask: Ask) -> None:
    reply = ask()
    form = open_form(slack, MARCO.id, reply)
    slack.close_modal(MARCO.id)
    slack.submit(HANA.id, filled(open_form(slack, HANA.id, reply), Summary="Hana's words."))
    until(slack, reply, "Hana's words.")

    sent = slack.submit_view(MARCO.id, form, filled(form, Summary="Marco's words."))

    assert sent["response_action"] == "update"
    assert "corrected this while you were writing" in json.dumps(sent)
    assert "Hana's words." in json.dumps(sent)
    assert "Marco's words." in json.dumps(sent)


def test_a_correction_of_an_answer_that_was_deleted_meanwhile_is_told(slack: Slack, ask: Ask) -> None:
    reply = ask()
    form = open_form(slack, MARCO.id, reply)
    slack.close_modal(MARCO.id)
    slack.choose(TOM.id, reply, "answer_menu", f"delete|{key(reply)}")

    sent = slack.submit_view(MARCO.id, form, filled(form, Summary="Marco's words."))

    assert sent["response_action"] == "errors"
    assert "no longer kept" in json.dumps(sent)


def test_a_private_answer_is_corrected_where_it_stands(slack: Slack, stats: Callable[[], Counted]) -> None:
    slack.command(MARCO.id, "/summarize", CALL.replace("NW-20418", "NW-99001"))
    reply, before = private(slack, MARCO.id, "NW-99001"), stats()

    slack.submit(MARCO.id, filled(open_form(slack, MARCO.id, reply), Summary="Words for me alone."))

    assert "Post to channel" in shown(private(slack, MARCO.id, "Words for me alone."))
    assert stats()["corrected"] == before["corrected"] + 1


def test_earlier_versions_stay_readable_and_ones_own_can_be_taken_back(slack: Slack, ask: Ask) -> None:
    reply = ask()
    slack.submit(MARCO.id, filled(open_form(slack, MARCO.id, reply), Summary="Marco's words."))
    reply = until(slack, reply, "Marco's words.")

    slack.choose(MARCO.id, reply, "answer_menu", f"versions|{key(reply)}")

    modal = wait_for("the versions", slack.modal)
    assert "Original answer by embedded" in json.dumps(modal)
    assert "take_back" in json.dumps(modal)
    slack.close_modal(MARCO.id)


def test_a_forgotten_call_is_gone(
    slack: Slack, ask: Ask, wrapup: Callable[..., subprocess.CompletedProcess[str]], stats: Callable[[], Counted]
) -> None:
    reply, before = ask(), stats()
    slack.react(MARCO.id, reply, "+1")
    until(slack, reply, "👍 1")

    done = wrapup("forget", ask.call)

    assert (done.returncode, stats()["pairs"], stats()["answers"]) == (0, before["pairs"], before["answers"] - 1)
    assert wrapup("forget", ask.call).returncode == 2
    assert wrapup("pairs", "show", ask.call).returncode == 2


def test_a_call_is_forgotten_from_the_menu_with_its_answer(slack: Slack, ask: Ask) -> None:
    reply = ask()
    slack.choose(TOM.id, reply, "answer_menu", f"forget|{key(reply)}")
    wait_for("the question", slack.modal)

    ticked = {"type": "checkboxes", "selected_options": [{"value": "also"}]}
    slack.submit(TOM.id, {"also": {"also": ticked}})

    wait_for("the answer to go", lambda: reply["ts"] not in [m["ts"] for m in slack.messages()])


def test_deleting_the_log_forgets_the_call(
    slack: Slack, wrapup: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    asked = slack.say(TOM.id, f"<@{BOT}> {CALL.replace('NW-20418', 'NW-DELETED')}")
    reply = answer(slack, asked)
    slack.react(MARCO.id, reply, "+1")
    until(slack, reply, "👍 1")

    slack.delete(asked)

    wait_for("the pair to go", lambda: wrapup("pairs", "show", "NW-DELETED").returncode == 2)


def test_deleting_the_root_with_the_log_forgets_what_was_asked_below_it(
    slack: Slack, wrapup: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    root = slack.say(TOM.id, CALL.replace("NW-20418", "NW-77001"))
    reply = answer(slack, slack.say(HANA.id, f"<@{BOT}> wrap up", thread=root["ts"]))
    slack.react(MARCO.id, reply, "+1")
    until(slack, reply, "👍 1")

    slack.delete(root)

    wait_for("the pair to go", lambda: wrapup("pairs", "show", "NW-77001").returncode == 2)


def test_a_thread_makes_no_pair(slack: Slack, stats: Callable[[], Counted]) -> None:
    root = slack.say(TOM.id, "My parcel with the order 4471 has not arrived, and I need it on Friday.")
    slack.say(HANA.id, "I'm sorry. I'll call the carrier today and write to you.", thread=root["ts"])
    reply, before = answer(slack, slack.say(PRIYA.id, f"<@{BOT}> wrap up", thread=root["ts"])), stats()

    slack.react(MARCO.id, reply, "+1")

    until(slack, reply, "👍 1")
    assert (stats()["approved"], stats()["pairs"]) == (before["approved"] + 1, before["pairs"])


def test_admins_see_what_was_collected(slack: Slack) -> None:
    slack.command(PRIYA.id, "/retrain", "pairs")

    assert "*Reviewer*" in shown(private(slack, PRIYA.id, "Training data"))


def test_others_get_a_polite_no(slack: Slack) -> None:
    slack.command(TOM.id, "/retrain", "pairs")

    assert "admins" in shown(private(slack, TOM.id, "is for admins"))


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def thread_of(slack: Slack, reply: Message) -> list[Message]:
    return [m for m in slack.messages() if m.get("thread_ts") == reply["thread_ts"]]
