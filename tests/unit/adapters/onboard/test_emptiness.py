import pytest

from bot.adapters.onboard.emptiness import reason_for_nothing
from bot.adapters.onboard.languages import language_of
from bot.adapters.onboard.sentences import sentences
from bot.calls.transcript import Turn
from tests.doubles.onboard_calls import CALLS, CLEANER, KETTLE, LAMPE, MEETING, ROUTER, said


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["O: [silence]", "O: ..."], "silence"),
        ([], "silence"),
        (["O: You have reached the voicemail of Hale Ltd. Please leave a message after the tone."], "voicemail"),
        (
            ["O: Hier ist die Mailbox von Petra Klein. Bitte hinterlassen Sie eine Nachricht nach dem Signalton."],
            "voicemail",
        ),
        (["A: Thank you for calling, how can I help?", "C: Sorry, wrong number."], "wrong number"),
        (["A: 여보세요?", "C: 죄송합니다, 잘못 걸었어요."], "wrong number"),
        (["C: This is just a test call, please ignore."], "test"),
        (["A: Thanks for calling Brightwater, this is Lena, how can I help?", "C: Hello? Can you hear me?"], "little"),
        (["C: Hi.", "A: Bye."], "little"),
        (
            [
                "O: Your call has been forwarded to an automated voice messaging system. 555 0134 is not available. At the tone, "
                "please record your message. When you have finished recording, you may hang up or press 1 for more options."
            ],
            "voicemail",
        ),
        (["O: ただいま電話に出ることができません。発信音の後にメッセージをどうぞ。"], "voicemail"),
        (
            [
                "A: Thank you for calling Hale, this is Joe, how can I help?",
                "C: Hello?",
                "A: I can't hear you. I'm going to hang up now. Please call us back.",
            ],
            "little",
        ),
        (
            [
                "A: Thank you for holding. Are you still there?",
                "A: As I cannot hear you I will release the call. Goodbye.",
            ],
            "little",
        ),
        (["A: 하나전자 고객센터입니다.", "A: 여보세요? 들리시나요?"], "little"),
        (
            [
                "C: Is this Mario's Pizza?",
                "A: No, this is Harbour Bank.",
                "C: Oh, I must have the wrong number, sorry.",
            ],
            "wrong number",
        ),
    ],
)
def test_a_call_with_nothing_in_it_has_a_reason(lines: list[str], reason: str) -> None:
    assert reason_for_nothing(sentences(said(*lines))) == reason


@pytest.mark.parametrize(
    "lines",
    [
        [
            "O: You have reached the voicemail of Hale Ltd. Please leave a message after the tone.",
            "C: Hi, this is Tom Berg, I was charged twice for my visit, please call me back.",
        ],
        ["C: I think you have the wrong number on my account, can you change it?", "A: Sure, I've updated it."],
        ["C: The number on my bill is a wrong number.", "A: I'll correct it and send you a new bill today."],
        ["C: You charged the wrong person.", "A: I'll refund it today."],
        ["C: My results have not come, this is only a test kit problem.", "A: We will send it again."],
        ["C: Is the brown boot still in stock?", "A: No, that size is not available."],
        ["C: My test drive at your shop was cancelled and nobody called me back about a new date."],
        ["C: Do you carry an inhaler?", "A: I have asthma and hay fever."],
    ],
)
def test_a_short_call_with_something_in_it_has_none(lines: list[str]) -> None:
    assert reason_for_nothing(sentences(said(*lines))) is None


@pytest.mark.parametrize("turns", CALLS)
def test_a_real_call_has_none(turns: tuple[Turn, ...]) -> None:
    assert reason_for_nothing(sentences(turns)) is None


@pytest.mark.parametrize(
    ("turns", "code"), [(KETTLE, "en"), (LAMPE, "de"), (CLEANER, "ko"), (ROUTER, "ja"), (MEETING, "en"), ((), "en")]
)
def test_the_language_of_a_call_is_known(turns: tuple[Turn, ...], code: str) -> None:
    assert language_of(turns).code == code
