"""The local Slack and our way to drive it, against a small Bolt app."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.child import Child, wait_for
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT, HANA, MARCO, PRIYA, SUCCESS, SUPPORT, TOM
from tests.doubles.commands import Run

Values = dict[str, dict[str, Any]]
LAMP = Path(__file__).parent.parent.parent / "samples" / "damaged-lamp.vtt"
TEXT: Values = {"call": {"text": {"type": "plain_text_input", "value": "agent: hi\ncustomer: hello"}}}
TASK: Values = {"task": {"name": {"type": "static_select", "selected_option": {"value": "moderate"}}}}


@pytest.fixture
def bot(slack: Slack, run: Run) -> Child:
    child = run("python", "-m", "tests.doubles.echo_bot", slack=slack)
    wait_for("the bot to connect", slack.connected)
    return child


@pytest.fixture
def web(http_slack: Slack, run: Run) -> Child:
    listen = f"127.0.0.1:{http_slack.environment()['PORT']}"
    child = run("gunicorn", "--no-control-socket", "--bind", listen, "tests.doubles.echo_bot:web", slack=http_slack)
    wait_for("the bot to listen", http_slack.connected)
    return child


def reply(slack: Slack, message: Message) -> Message:
    return wait_for("a reply", lambda: slack.replies(message))[-1]


@pytest.mark.usefixtures("bot")
def test_a_mention_is_answered_in_its_thread(slack: Slack) -> None:
    asked = slack.say(MARCO.id, f"<@{BOT}> hello")

    assert reply(slack, asked)["thread_ts"] == asked["ts"]


@pytest.mark.usefixtures("bot")
def test_a_shared_file_reaches_the_bot(slack: Slack) -> None:
    shared = slack.upload(MARCO.id, LAMP, text=f"<@{BOT}> this one")

    assert "damaged-lamp.vtt" in reply(slack, shared)["blocks"][1]["text"]["text"]


@pytest.mark.usefixtures("bot")
def test_a_direct_message_is_answered(slack: Slack) -> None:
    asked = slack.say(HANA.id, "hello", HANA.id)

    assert reply(slack, asked)["text"] == "To you: hello"


@pytest.mark.usefixtures("bot")
def test_where_the_bot_is_no_member_it_hears_nothing(slack: Slack) -> None:
    slack.say(TOM.id, f"<@{BOT}> hello", SUCCESS)

    assert not [line for line in slack.log() if line["kind"] == "events_api"]


@pytest.mark.usefixtures("bot")
def test_a_button_is_pressed(slack: Slack) -> None:
    asked = slack.say(MARCO.id, f"<@{BOT}> hello")

    slack.press(PRIYA.id, reply(slack, asked), "correct")

    assert wait_for("the change", lambda: reply(slack, asked)["text"] == "Pressed by priya")


@pytest.mark.usefixtures("bot")
def test_a_menu_is_used(slack: Slack) -> None:
    asked = slack.say(MARCO.id, f"<@{BOT}> hello")

    slack.choose(PRIYA.id, reply(slack, asked), "more", "copy")

    assert wait_for("the choice", lambda: reply(slack, asked)["text"] == "Chose copy")


@pytest.mark.usefixtures("bot")
def test_a_button_that_is_not_there_is_told_with_those_that_are(slack: Slack) -> None:
    asked = slack.say(MARCO.id, f"<@{BOT}> hello")
    answer = reply(slack, asked)

    with pytest.raises(LookupError, match="has no thanks; it has: more, correct"):
        slack.press(PRIYA.id, answer, "thanks")


@pytest.mark.usefixtures("bot")
def test_a_reaction_is_noticed(slack: Slack) -> None:
    said = slack.say(MARCO.id, "hello")

    slack.react(TOM.id, said, "+1")

    assert reply(slack, said)["text"] == "Saw +1"


@pytest.mark.usefixtures("bot")
def test_the_home_tab_is_shown(slack: Slack) -> None:
    slack.open_home(TOM.id)

    assert wait_for("the Home tab", lambda: slack.home(TOM.id))["blocks"][0]["text"]["text"] == "Welcome"


@pytest.mark.usefixtures("bot")
def test_a_command_is_answered(slack: Slack) -> None:
    slack.command(HANA.id, "/summarize", "the call")

    assert wait_for("an answer", slack.messages)[0]["text"] == "Heard the call"


@pytest.mark.usefixtures("bot")
def test_a_modal_is_filled_in_and_sent(slack: Slack) -> None:
    slack.command(HANA.id, "/summarize")
    wait_for("the modal", slack.modal)

    slack.submit(HANA.id, TEXT | TASK)

    said = wait_for("the bot's message", lambda: slack.messages(HANA.id))
    assert said[0]["text"] == "agent: hi\ncustomer: hello|moderate|[]"


@pytest.mark.usefixtures("bot")
def test_a_modal_that_the_bot_refuses_stays_open(slack: Slack) -> None:
    slack.command(HANA.id, "/summarize")
    wait_for("the modal", slack.modal)

    slack.submit(HANA.id, TEXT)

    assert slack.modal()


@pytest.mark.usefixtures("bot")
def test_what_the_bot_asked_of_slack_is_kept(slack: Slack) -> None:
    reply(slack, slack.say(MARCO.id, f"<@{BOT}> hello"))

    assert [call["channel"] for call in slack.calls("chat.postMessage")] == [SUPPORT]


@pytest.mark.usefixtures("bot")
def test_a_reset_empties_the_workspace(slack: Slack) -> None:
    reply(slack, slack.say(MARCO.id, f"<@{BOT}> hello"))

    slack.reset()

    assert not slack.messages()


@pytest.mark.usefixtures("web")
def test_events_mode_posts_signed_requests(http_slack: Slack) -> None:
    asked = http_slack.say(MARCO.id, f"<@{BOT}> hello")

    assert reply(http_slack, asked)


@pytest.mark.usefixtures("web")
def test_a_delivery_is_repeated(http_slack: Slack) -> None:
    asked = http_slack.say(MARCO.id, f"<@{BOT}> hello")

    status = http_slack.redeliver()

    assert (status, len(wait_for("both replies", lambda: http_slack.replies(asked)[1:]))) == (200, 1)


@pytest.mark.usefixtures("web")
def test_a_message_shortcut_is_used(http_slack: Slack) -> None:
    said = http_slack.say(MARCO.id, "hello")

    http_slack.shortcut(PRIYA.id, "wrap_up", said)

    assert reply(http_slack, said)["text"] == "Shortcut on hello"


@pytest.mark.usefixtures("web")
def test_an_old_signature_is_refused_by_the_bot(http_slack: Slack) -> None:
    status = http_slack.post(b"{}", {"Content-Type": "application/json"}, at=1_000)

    assert status == 401


def test_no_shortcut_can_be_used_in_socket_mode(slack: Slack) -> None:
    said = slack.say(MARCO.id, "hello")

    with pytest.raises(RuntimeError, match="events mode only"):
        slack.shortcut(PRIYA.id, "wrap_up", said)
