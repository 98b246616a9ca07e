"""Decides whether a speaker is the agent, the customer or somebody else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.calls.transcript import Speaker

AGENT_WORDS = frozenset(
    "agent representative rep csr advisor adviser operator support staff assistant bot ivr admin internal dispatcher agente "
    "consultant employee specialist technician helpdesk server system_agent virtual_agent service doctor clinician nurse "
    "mitarbeiter mitarbeiterin berater beraterin kundenservice conseiller conseillere".split()
) | {"상담원", "상담사", "직원", "担当者", "担当", "オペレーター", "オペレータ", "スタッフ", "客服", "坐席"}
CUSTOMER_WORDS = frozenset(
    "customer caller client member user guest external consumer subscriber patient shopper requester end_user contact cliente "
    "kunde kundin anrufer anruferin".split()
) | {"고객", "고객님", "손님", "お客様", "顧客", "客户", "客戶"}
# Speakers in a call who are neither its agent nor its customer.
NEITHER_WORDS = frozenset("supervisor manager interpreter translator system unknown automated".split())
# A profession tells the role, but is worth keeping as the speaker's name.
_KEPT_AS_NAME = frozenset({"doctor", "clinician", "nurse", "patient"})

# These words name a role even before a name ("Agent Smith"), the others only at the end ("Technical Support", not
# "User Interface").
_BEFORE_A_NAME = (
    frozenset(
        "agent representative rep csr advisor adviser operator customer caller client doctor nurse patient".split()
    )
    | {word for word in AGENT_WORDS | CUSTOMER_WORDS if not word.isascii()}
    | frozenset("mitarbeiter mitarbeiterin berater beraterin kunde kundin anrufer anruferin".split())
)
_SAY_NOTHING = frozenset("team desk center centre line side party speaker id channel".split())

_SPLIT = re.compile(r"[\s_/\-()\[\],.:;#<>|]+")
_PARTS = re.compile(r"[/()\[\],:;<>|]+| - ")


@lru_cache(1000)
def role_of(label: str | None) -> Speaker | None:
    """Returns the role that a label names ("Agent", "Jane (Support)", "CUSTOMER 2"), or None."""
    telling = {word for part in _PARTS.split(label.lower()) for word in _telling(part)} if label else set()
    agent, customer = bool(telling & AGENT_WORDS), bool(telling & CUSTOMER_WORDS)
    if agent == customer:
        # "Customer Service", "Customer Support Rep": the desk, not the caller
        return "agent" if agent and str(label).lower().startswith("customer") else None
    return "agent" if agent else "customer"


def _telling(part: str) -> set[str]:
    """Returns the words in one part of a label that can name a role: the last, and a strong first."""
    words = [word for word in _SPLIT.split(part) if word and not word.isdigit() and word not in _SAY_NOTHING]
    if not words:
        return set()
    return {words[-1], "_".join(words)} | ({words[0]} & _BEFORE_A_NAME)


@lru_cache(1000)
def name_of(label: str | None) -> str | None:
    """Returns the label as a name, or None if it only says the role. A small number becomes "Speaker 1"."""
    if not label or not label.strip():
        return None
    words = [word for word in _SPLIT.split(label.lower()) if word]
    if label.strip().isdigit() and len(label.strip()) < 4:
        return f"Speaker {label.strip()}"
    roles = (AGENT_WORDS | CUSTOMER_WORDS | {"other"}) - _KEPT_AS_NAME
    says_role = "_".join(words) == "end_user" or all(word in roles or word.isdigit() for word in words)
    return None if words and says_role else " ".join(label.split())


_OPENS = re.compile(
    r"\b(thank(s| you)( so much)? for (calling|contacting|holding|reaching|choosing)|how (can|may|could) i (help|assist)|"
    r"what can i (do for|help) you|this is \w+ (with|from|at)|my name is \w+,? (and )?how|you('ve| have) reached|"
    r"wie kann ich ihnen helfen|vielen dank für ihren anruf)|무엇을 도와|お電話ありがとう|ご用件",
    re.IGNORECASE,
)


def infer_agent(said: Sequence[tuple[str, str]]) -> str | None:
    """Returns the label of the speaker who clearly answers the phone, or None. `said` holds (label, text) in order.

    Clear means: exactly one speaker says an opening of a service desk within the first six turns.
    """
    found = {label for label, text in said[:6] if _OPENS.search(text)}
    return found.pop() if len(found) == 1 else None
