import pytest

from bot.calls.document import Document
from bot.calls.formats import email_thread
from bot.calls.reading import CallLog

HEAD = (
    "From: Jane Doe <jane@home.example>\nTo: help@acme.example\nSubject: Lamp\nDate: Tue, 7 May 2024 09:00:00 +0000\n"
)


def only(text: str) -> CallLog:
    (log,) = email_thread.read(Document(text))
    return log


def said(text: str) -> list[tuple[str | None, str]]:
    return [(each.label, each.text) for each in only(text).utterances]


def test_a_message_is_a_turn_of_its_sender() -> None:
    assert said(f"{HEAD}\nMy lamp broke.\n") == [("Jane Doe", "My lamp broke.")]


def test_the_message_id_is_the_calls() -> None:
    assert only(f"{HEAD}Message-ID: <7@home>\n\nMy lamp broke.\n").id == "7@home"


def test_an_encoded_body_is_decoded() -> None:
    encoding = "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n"

    assert said(f"{HEAD}{encoding}\nSch=F6n.\n") == [("Jane Doe", "Schön.")]


def test_a_body_that_was_decoded_with_the_file_is_left_as_it_is() -> None:
    assert said(f"{HEAD}Content-Type: text/plain; charset=iso-8859-1\n\nSchön.\n") == [("Jane Doe", "Schön.")]


def test_a_body_in_html_becomes_words() -> None:
    assert said(f"{HEAD}Content-Type: text/html\n\n<p>My <b>lamp</b></p>\n") == [("Jane Doe", "My lamp")]


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, May 6, 2024 at 10:12 AM Acme Support <s@acme.example> wrote:\n\n> Try again.\n",
        "On 6 May 2024, at 10:12, Acme Support\n<s@acme.example> wrote:\n> Try again.\n",
        "Am 06.05.2024 um 10:12 schrieb Acme Support <s@acme.example>:\n> Try again.\n",
        "-----Original Message-----\nFrom: Acme Support\nSent: Monday, May 6, 2024 10:12 AM\nTo: Jane\n\nTry again.\n",
        "Von: Acme Support\nGesendet: 06.05.2024 10:12\nAn: Jane\nBetreff: Lamp\n\nTry again.\n",
        "> From: Acme Support <s@acme.example>\n> Date: 6 May 2024 10:12\n> To: Jane\n>\n> Try again.\n",
    ],
)
def test_a_quoted_reply_comes_first_with_its_sender_and_time(quoted: str) -> None:
    first, last = only(f"{HEAD}\nIt works.\n\n{quoted}").utterances

    assert (first.label, first.text, (last.start_s or 0) - (first.start_s or 0)) == (
        "Acme Support",
        "Try again.",
        82080,
    )


def test_replies_quoted_in_replies_come_oldest_first() -> None:
    text = "Third.\n\nOn 6 May 2024 10:00, Bob wrote:\n> Second.\n>\n> On 5 May 2024 10:00, Jane wrote:\n>> First.\n"

    assert said(text) == [("Jane", "First."), ("Bob", "Second."), (None, "Third.")]


def test_a_quoted_time_later_than_the_replys_is_left_out() -> None:
    log = only(f"{HEAD}\nIt works.\n\nOn 8 May 2024 10:00, Bob wrote:\n> Try again.\n")

    assert [each.start_s is None for each in log.utterances] == [True, False]


def test_an_mbox_gives_a_call_for_each_subject_and_says_nothing_twice() -> None:
    message = "From {0}@x Mon May  6 10:00:00 2024\nFrom: {0}@x\nSubject: {1}\nDate: Mon, 6 May 2024 1{2}:00:00 +0000\n\n{3}\n\n"
    text = "".join(
        (
            message.format("bob", "Re: Lamp", 1, "Second.\n\nOn 6 May 2024 10:00, ann@x wrote:\n> First."),
            message.format("ann", "Lamp", 0, "First."),
            message.format("eve", "Chair", 2, "Other."),
        )
    )

    logs = list(email_thread.read(Document(text)))

    assert [[each.text for each in log.utterances] for log in logs] == [["First.", "Second."], ["Other."]]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\nHi.",
        "Thanks.\n\nOn 6 May 2024, at 10:12, Bob <b@x> wrote:\n> Hi.\n",
        f"From a@b Mon May 6 2024\n{HEAD}\nHi.",
    ],
)
def test_mail_is_its(text: str) -> None:
    assert email_thread.sure(Document(text)) >= 0.8


@pytest.mark.parametrize(
    "text",
    [
        "From: 555-1234\nTo: 555-4321\nDate: 6 May 2024\n\nAgent: Hello.\n",
        "On Monday Bob wrote:\nAgent: Hello.\n",
        "[1]",
    ],
)
def test_other_texts_are_not_its(text: str) -> None:
    assert email_thread.sure(Document(text)) == 0.0


def test_the_rule_above_a_quoted_message_is_not_said() -> None:
    quoted = "From: Support <s@b.example>\nSent: Monday, January 1, 2024 9:00 AM\nTo: Jo\n\nPlease restart it."

    (log,) = email_thread.read(Document(f"It works.\n\n{'_' * 32}\n{quoted}\n"))

    assert [each.text for each in log.utterances] == ["Please restart it.", "It works."]
