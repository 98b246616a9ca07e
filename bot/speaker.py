"""Who speaks: agent, customer or other, from what a file calls a speaker and from what is clearly said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.transcript import Speaker

AGENT_WORDS = frozenset(
    "agent representative rep csr advisor adviser operator support staff assistant bot ivr admin internal dispatcher agente "
    "consultant employee specialist technician helpdesk server system_agent virtual_agent service doctor clinician nurse "
    "mitarbeiter mitarbeiterin berater beraterin kundenservice conseiller conseillere".split()
) | {"상담원", "상담사", "직원", "担当者", "担当", "オペレーター", "オペレータ", "スタッフ", "客服", "坐席"}
CUSTOMER_WORDS = frozenset(
    "customer caller client member user guest external consumer subscriber patient shopper requester end_user contact cliente "
    "kunde kundin anrufer anruferin".split()
) | {"고객", "고객님", "손님", "お客様", "顧客", "客户", "客戶"}
# Professions say a role and are still worth keeping as the speaker's name.
_KEPT_AS_NAME = frozenset({"doctor", "clinician", "nurse", "patient"})

_SPLIT = re.compile(r"[\s_/\-()\[\],.:;#<>|]+")


def role_of(label: str | None) -> Speaker | None:
    """The role that a label names ("Agent", "Jane (Support)", "CUSTOMER 2"), or None."""
    if not label:
        return None
    words = [word for word in _SPLIT.split(label.lower()) if word]
    whole = "_".join(words)
    agent = whole in AGENT_WORDS or any(word in AGENT_WORDS for word in words)
    customer = whole in CUSTOMER_WORDS or any(word in CUSTOMER_WORDS for word in words)
    if words[:1] == ["customer"] and agent:  # "Customer Service", "Customer Support Rep": the desk, not the caller
        customer = False
    if agent == customer:
        return None
    return "agent" if agent else "customer"


def name_of(label: str | None) -> str | None:
    """The label as a name, or None where it only says the role."""
    if not label or not label.strip():
        return None
    words = [word for word in _SPLIT.split(label.lower()) if word]
    roles = (AGENT_WORDS | CUSTOMER_WORDS | {"other"}) - _KEPT_AS_NAME
    return None if words and all(word in roles or word.isdigit() for word in words) else " ".join(label.split())


_OPENS = re.compile(
    r"\b(thank(s| you)( so much)? for (calling|contacting|holding|reaching|choosing)|how (can|may|could) i (help|assist)|"
    r"what can i (do for|help) you|this is \w+ (with|from|at)|my name is \w+,? (and )?how|you('ve| have) reached|"
    r"wie kann ich ihnen helfen|vielen dank für ihren anruf)|무엇을 도와|お電話ありがとう|ご用件",
    re.IGNORECASE,
)


def infer_agent(said: Sequence[tuple[str, str]]) -> str | None:
    """The label of the speaker who clearly answers the phone, from (label, text) in order; None where it is not clear.

    Clear means: exactly one speaker says an opening of a service desk within the first six turns.
    """
    found = {label for label, text in said[:6] if _OPENS.search(text)}
    return found.pop() if len(found) == 1 else None
