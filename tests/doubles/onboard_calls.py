"""Calls written for the tests of the embedded model, and its vectors, loaded once."""

from __future__ import annotations

from functools import cache

from bot.adapters.onboard.vectors import Vectors
from bot.calls.transcript import Speaker, Turn

_ROLES: dict[str, Speaker] = {"A": "agent", "C": "customer", "O": "other"}


def said(*lines: str) -> tuple[Turn, ...]:
    """Turns from lines such as "A: Good morning."; O is somebody whose role is not known."""
    return tuple(Turn(n, _ROLES[line[0]], line[3:]) for n, line in enumerate(lines))


@cache
def vectors() -> Vectors:
    return Vectors()


KETTLE = said(
    "A: Thanks for calling Brightwater Home, this is Lena, how can I help?",
    "C: Hi. I ordered a kettle two weeks ago and it still has not arrived. The tracking page has not changed since Monday.",
    "A: I'm sorry about that. Let me check the order for you.",
    "C: Also, I was charged 15 dollars for express shipping.",
    "A: I'll refund the 15 dollars today, and the warehouse team will call you by Friday to arrange a new delivery.",
    "C: Okay.",
    "A: Please send us a photo of the invoice when you have a moment. Is there anything else I can help you with?",
    "C: No, that's all. Bye.",
)
LAMPE = said(
    "A: Guten Tag, Nordlicht Versand, wie kann ich Ihnen helfen?",
    "C: Guten Tag, meine Bestellung 88 ist gestern angekommen, aber die Lampe ist zerbrochen.",
    "A: Das tut mir sehr leid. Ich schicke Ihnen heute noch eine neue Lampe. Bitte laden Sie ein Foto der Lampe hoch.",
    "C: Das mache ich, vielen Dank.",
)
CLEANER = said(
    "A: 안녕하세요, 하나전자 고객센터입니다. 무엇을 도와드릴까요?",
    "C: 지난주에 주문한 청소기가 아직도 안 왔어요. 배송이 어떻게 된 건가요?",
    "A: 죄송합니다. 물류센터에서 출고가 늦어졌습니다. 내일까지 발송해 드리겠습니다.",
    "C: 네, 감사합니다.",
)
ROUTER = said(
    "A: お電話ありがとうございます。さくら通信でございます。",
    "C: インターネットが昨日から繋がらないんです。ルーターを再起動しても直りません。",
    "A: 回線に障害が見つかりました。明日の午前中に技術者が訪問いたします。ルーターの電源は入れたままにしてください。",
    "C: 分かりました。",
)
MEETING = said(
    "O: We should move the launch to May. I will update the plan by Friday.", "O: Please send me the new budget."
)
CALLS = (KETTLE, LAMPE, CLEANER, ROUTER, MEETING)
