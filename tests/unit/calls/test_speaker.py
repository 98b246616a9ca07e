import pytest

from bot.calls.speaker import infer_agent, name_of, role_of


@pytest.mark.parametrize(
    "label",
    ["Agent", "AGENT 2", "Jane (Support)", "virtual_agent", "Customer Service", "상담원", "担当者", "Mitarbeiterin"],
)
def test_words_for_the_desk_are_the_agent(label: str) -> None:
    assert role_of(label) == "agent"


@pytest.mark.parametrize("label", ["Customer", "CALLER", "end_user", "Bob (customer)", "고객", "お客様", "Anrufer"])
def test_words_for_the_caller_are_the_customer(label: str) -> None:
    assert role_of(label) == "customer"


@pytest.mark.parametrize("label", ["Jane Doe", "User Name", "spk_0", "Speaker 1", "", None, "Agent / Customer"])
def test_other_labels_tell_no_role(label: str | None) -> None:
    assert role_of(label) is None


@pytest.mark.parametrize("label", ["Agent", "customer 2", "END_USER", "other", " ", None])
def test_a_role_is_no_name(label: str | None) -> None:
    assert name_of(label) is None


@pytest.mark.parametrize(
    ("label", "name"),
    [("Jane  Doe", "Jane Doe"), ("Jane (Agent)", "Jane (Agent)"), ("Doctor", "Doctor"), ("0", "Speaker 0")],
)
def test_a_name_is_kept(label: str, name: str) -> None:
    assert name_of(label) == name


@pytest.mark.parametrize(
    "opening", ["Thank you for calling Acme.", "How can I help you?", "Wie kann ich Ihnen helfen?"]
)
def test_who_opens_like_a_desk_is_the_agent(opening: str) -> None:
    assert infer_agent([("A", "Hello?"), ("B", opening)]) == "B"


def test_two_who_open_like_a_desk_leave_it_open() -> None:
    assert infer_agent([("A", "How can I help you?"), ("B", "How may I help you?")]) is None


def test_an_opening_late_in_the_call_proves_nothing() -> None:
    assert infer_agent([("A", "Yes.")] * 6 + [("B", "How can I help you?")]) is None
