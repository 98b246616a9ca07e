"""What a person typed, from the text that Slack hands over."""

import pytest

from handlers.slack.text import permalink, plain, without_mention


@pytest.mark.parametrize(
    ("given", "typed"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("see <https://a.example/x?y=1&amp;z=2>", "see https://a.example/x?y=1&z=2"),
        ("see <https://a.example|the page>", "see the page"),
        ("write to <mailto:jane@a.example|jane@a.example>", "write to jane@a.example"),
        ("call <tel:+15551234|555-1234>", "call 555-1234"),
        ("ask <@U1> in <#C1|support>", "ask @Jane in #support"),
        ("<!here> and <!subteam^S1|@agents>", "@here and @agents"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("this one:```Agent: hi\nCustomer: hello```", "this one:\nAgent: hi\nCustomer: hello"),
    ],
)
def test_slacks_escapes_become_what_was_typed(given: str, typed: str) -> None:
    assert plain(given, lambda _: "Jane") == typed


@pytest.mark.parametrize("given", ["<@U0> wrap up", "<@U0>: wrap up", "<@U0|wrapup>, wrap up", "wrap up <@U0>"])
def test_the_bots_name_is_left_out(given: str) -> None:
    assert without_mention(given, "U0") == "wrap up"


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("https://a.slack.com/archives/C0123/p1700000000123456", ("C0123", "1700000000.123456", "")),
        ("<https://a.slack.com/archives/C0123/p1700000000123456>", ("C0123", "1700000000.123456", "")),
        (
            "https://a.slack.com/archives/C0/p1700000000123456?thread_ts=1690000000.000001&cid=C0",
            ("C0", "1700000000.123456", "1690000000.000001"),
        ),
        (
            "<https://a.slack.com/archives/C0/p1700000000123456?cid=C0&amp;thread_ts=1690000000.000001>",
            ("C0", "1700000000.123456", "1690000000.000001"),
        ),
    ],
)
def test_a_link_to_a_message_tells_its_place(link: str, place: tuple[str, str, str]) -> None:
    assert permalink(link) == place


@pytest.mark.parametrize("text", ["", "https://a.example/x", "see https://a.slack.com/archives/C0/p1700000000123456"])
def test_what_is_more_or_less_than_such_a_link_is_none(text: str) -> None:
    assert permalink(text) is None
