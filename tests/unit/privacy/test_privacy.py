"""Personal data is found and masked; what a summary needs stays."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.__main__ import main
from bot.calls.transcript import Turn
from bot.privacy import Masker, Mode, mask_pair

MASKED = [
    ("My name is Jane Doe.", "My name is [NAME_1]."),
    ("my name is jane doe and i lost my card", "my name is [NAME_1] and i lost my card"),
    ("Thanks, Maria!", "Thanks, [NAME_1]!"),
    ("I spoke with Dr. Feinberg.", "I spoke with Dr. [NAME_1]."),
    ("Guten Tag, mein Name ist Anna Schmidt.", "Guten Tag, mein Name ist [NAME_1]."),
    ("Hallo Frau Krause, einen Moment.", "Hallo Frau [NAME_1], einen Moment."),
    ("Bonjour, je m'appelle Camille Dubois.", "Bonjour, je m'appelle [NAME_1]."),
    ("안녕하세요, 저는 김민수입니다.", "안녕하세요, 저는 [NAME_1]입니다."),
    ("이서연 고객님, 감사합니다.", "[NAME_1] 고객님, 감사합니다."),
    ("田中と申します。", "[NAME_1]と申します。"),
    ("鈴木様、少々お待ちください。", "[NAME_1]様、少々お待ちください。"),
    ("My last name is spelled D-O-E.", "My last name is spelled [NAME_1]."),
    ("call me at (415) 555-2671", "call me at [PHONE_1]"),
    ("my cell is six five oh two five three double oh double oh", "my cell is [PHONE_1]"),
    ("It's 07700 900123, that's my mobile.", "It's [PHONE_1], that's my mobile."),
    ("Die Nummer ist null eins fünf eins zwei drei vier fünf sechs sieben acht.", "Die Nummer ist [PHONE_1]."),
    ("le zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre", "le [PHONE_1]"),
    ("번호는 공일공 일이삼사 오육칠팔이에요.", "번호는 [PHONE_1]이에요."),
    ("番号は〇九〇の一二三四の五六七八です", "番号は[PHONE_1]です"),
    ("write to jane.doe@example.com.", "write to [EMAIL_1]."),
    ("it's jane dot doe at gmail dot com", "it's [EMAIL_1]"),
    ("anna punkt schmidt at web punkt de", "[EMAIL_1]"),
    ("camille point dubois arobase orange point fr", "[EMAIL_1]"),
    ("it's four one one one, one one one one, one one one one, one one one one", "it's [CARD_1]"),
    ("card number 4111 1111 1111 1111 and the cvv is 737", "card number [CARD_1] and the cvv is [SECRET_1]"),
    ("IBAN GB29 NWBK 6016 1331 9268 19 please", "IBAN [IBAN_1] please"),
    ("My Social is 536-22-1894.", "My Social is [SSN_1]."),
    ("NI number is JG103759A", "NI number is [SSN_1]"),
    ("주민등록번호는 900101-1234567입니다.", "주민등록번호는 [SSN_1]입니다."),
    ("I live at 742 Evergreen Terrace, Springfield, IL 62704.", "I live at [ADDRESS_1]."),
    ("Ich wohne in der Lindenstraße 12, 10969 Berlin.", "Ich wohne in der [ADDRESS_1]."),
    ("J'habite 12 rue de la Paix, 75002 Paris", "J'habite [ADDRESS_1]"),
    ("住所は東京都千代田区丸の内1-9-1です。", "住所は[ADDRESS_1]です。"),
    ("주소는 서울특별시 강남구 테헤란로 152입니다.", "주소는 [ADDRESS_1]입니다."),
    ("My date of birth is March 3rd, 1985.", "My date of birth is [DOB_1]."),
    ("born on the second of may nineteen sixty six", "born on the [DOB_1]"),
    ("Ich bin am 3. März 1985 geboren.", "Ich bin am [DOB_1] geboren."),
    ("born 8 August 1977, appointment on 4/5/2024", "born [DOB_1], appointment on 4/5/2024"),
    ("log-ins from 203.0.113.77 and 2001:db8::7334", "log-ins from [IP_1] and [IP_2]"),
    ("my account number is 000123456789", "my account number is [ACCOUNT_1]"),
    ("Username: tbarnes88, password is hunter2", "Username: [ACCOUNT_1], password is [SECRET_1]"),
    ("My PIN is 7402.", "My PIN is [SECRET_1]."),
    ("We used AKIAIOSFODNN7EXAMPLE in the config.", "We used [SECRET_1] in the config."),
]
KEPT = [
    "Order number 3348917502 was placed on March 5th for $1,020.",
    "Your appointment is on 2024-05-06 at 10:22, room 1204.",
    "I bought the Galaxy S24 Ultra at Best Buy for 4,999.99 dollars.",
    "Wells Fargo and the Johnson & Johnson coupon",
    "We're on version 10.15.7.2 of the firmware.",
    "Will the refund be there in May, or in June?",
    "There are one, two, three, four, five steps to it.",
    "The pin came off the hinge and the password reset page is broken.",
    "so at this point in time we could do it",
    "Die Bestellung 30028174 vom 12.03.2024 kostet 149,90 Euro.",
    "고객님, 삼성 갤럭시 S24는 내일 오후 3시에 도착합니다.",
    "お客様、注文番号5521093は5月3日午後2時に届きます。",
    "It was said by [PII] at **** on [DATE].",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert Masker().mask(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_what_a_summary_needs_stays(text: str) -> None:
    assert Masker().mask(text) == text


def test_one_person_has_one_placeholder_by_full_name_first_name_and_surname() -> None:
    masked = Masker().mask("My name is Jane Doe. Thanks, Jane. Is Ms. Doe there? JANE DOE is.")

    assert masked == "My name is [NAME_1]. Thanks, [NAME_1]. Is Ms. [NAME_1] there? [NAME_1] is."


def test_two_people_of_one_surname_stay_apart() -> None:
    masked = Masker().mask("This is Jane Doe, and my husband John Doe.")

    assert masked == "This is [NAME_1], and my husband [NAME_2]."


def test_the_same_number_has_the_same_placeholder_written_or_spoken() -> None:
    masked = Masker().mask("my card is 4111 1111 1111 1111\nso " + "four one one one " + "one one one one " * 3)

    assert masked.count("[CARD_1]") == 2


def test_a_speakers_label_tells_a_name() -> None:
    masked = Masker(["Agent: Xiomara Quezada", "Speaker 1"]).mask("then Xiomara said it")

    assert masked == "then [NAME_1] said it"


def test_numbers_of_placeholders_in_the_text_are_not_given_again() -> None:
    masked = Masker().mask("Thanks, Maria. [NAME_1] is here.")

    assert masked == "Thanks, [NAME_2]. [NAME_1] is here."


def test_the_question_in_one_turn_tells_what_the_answer_is() -> None:
    turns = [Turn(0, "agent", "Can you tell me your account number?"), Turn(1, "customer", "85731890")]

    masked, _ = mask_pair(turns, {})

    assert masked[1].text == "[ACCOUNT_1]"


def test_the_answer_has_the_placeholders_of_the_transcript() -> None:
    turns = [Turn(0, "customer", "i'm Stephanie Hill, reach me at 212-555-0198", name="Stephanie Hill")]
    output = {"summary": "Stephanie asked for a call.", "action_items": [{"task": "Call 212 555 0198", "turn": 0}]}

    masked, answer = mask_pair(turns, output)

    assert masked[0] == Turn(0, "customer", "i'm [NAME_1], reach me at [PHONE_1]", name="[NAME_1]")
    assert answer == {
        "summary": "[NAME_1] asked for a call.",
        "action_items": [{"task": "Call [PHONE_1]", "turn": 0}],
    }


def test_roles_in_place_of_names_stay() -> None:
    masked, _ = mask_pair([Turn(0, "agent", "Hello.", name="Agent")], {})

    assert masked[0].name == "Agent"


def test_strict_masks_every_long_number() -> None:
    text = "it is 448120 for order 3348917502"

    assert Masker(mode="strict").mask(text) == "it is [ACCOUNT_1] for order [ACCOUNT_2]"


@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_a_number_that_is_dictated_in_pieces_is_masked_in_each_turn(mode: Mode) -> None:
    said = ["So the account number is four one", "seven nine", "two two, and that's all."]

    masked, _ = mask_pair([Turn(n, "customer", text) for n, text in enumerate(said)], {}, mode)

    assert [turn.text for turn in masked] == ["So the account number is [ACCOUNT_1]", "[ACCOUNT_1]", "[ACCOUNT_1], and that's all."]  # fmt: skip


def test_strict_masks_ages_and_unknown_words_where_a_name_may_stand() -> None:
    masked = Masker(mode="strict").mask("Thanks, Zorblatt, you are 61 years old.")

    assert masked == "Thanks, [NAME_1], you are [DOB_1]."


PIECES = st.sampled_from(
    [
        *(text for text, _ in MASKED),
        *KEPT,
        *"@ . , : - ( ) [ ] ' \n \t + / ? [NAME_1] [PII] **** at dot is my name the pin card phone order born".split(
            " "
        ),
        *"four one oh double J-A-N-E Jane Doe Mr. Dr 4111 555 0198 1985 İ ß 田中様 님".split(" "),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=12).map(" ".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
@example("Ich bin am 3. März 1985 geboren. \n My date of birth is March 3rd, 1985.")
@example("my number is 555-1234 4111 1111 1111 1111 and 020 7946 0958")
def test_masking_twice_changes_nothing(text: str) -> None:
    once = Masker().mask(text)

    assert Masker().mask(once) == once


@given(st.lists(TEXTS, max_size=5), st.sampled_from(["standard", "strict"]))
@settings(max_examples=200, deadline=None)
@example(["We counted two", "Three, four.", "Five five, was it?"], "strict")
def test_masking_a_call_twice_changes_nothing(said: list[str], mode: Mode) -> None:
    once, _ = mask_pair([Turn(n, "other", text) for n, text in enumerate(said)], {}, mode)

    assert mask_pair(once, {}, mode)[0] == once


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_masking_twice_with_one_masker_changes_nothing(text: str) -> None:
    masker = Masker()
    once = masker.mask(text)

    assert masker.mask(once) == once


@given(TEXTS, st.sampled_from(["standard", "strict"]))
@settings(max_examples=200, deadline=None)
def test_the_places_found_are_those_that_are_replaced(text: str, mode: str) -> None:
    found = Masker(mode=mode).find(text)  # type: ignore[arg-type]

    pieces, at = "", 0
    for item in found:
        assert at <= item.start < item.end
        pieces += text[at : item.start] + item.placeholder
        at = item.end
    assert pieces + text[at:] == Masker(mode=mode).mask(text)  # type: ignore[arg-type]


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_masked_text_grows_by_no_more_than_its_placeholders(text: str) -> None:
    found = Masker().find(text)

    assert len(Masker().mask(text)) <= len(text) + sum(len(item.placeholder) for item in found)


HOSTILE = {
    "digits": "4 1 1 1 " * 130_000,
    "one number": "4" * 1_000_000,
    "at signs": "@" * 1_000_000,
    "half addresses": "a.b-c@d." * 125_000,
    "spaces": " " * 1_000_000,
    "spoken": "four one double " * 60_000,
    "letters apart": "a-b-c " * 160_000,
    "capitals": "Mr. Dr. " * 125_000,
    "marks": "[NAME_1" * 140_000,
    "colons": "a:b:" * 250_000,
    "a long word": "a" * 999_999 + "1",
    "names": "thanks Maria Maria " * 50_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_megabyte_made_to_be_slow_is_masked_in_seconds(kind: str) -> None:
    start = time.process_time()

    Masker().mask(HOSTILE[kind])

    assert time.process_time() - start < 6  # two on a quiet machine; what is not linear takes minutes


def test_the_command_prints_the_masked_text(tmp_path: Path) -> None:
    file = tmp_path / "call.txt"
    file.write_text("My name is Jane Doe.\n", "utf-8")

    result = CliRunner().invoke(main, ["mask", str(file)])

    assert (result.exit_code, result.output) == (0, "My name is [NAME_1].\n")


def test_the_command_tells_what_it_found_as_json() -> None:
    result = CliRunner().invoke(main, ["mask", "-", "--json"], input="Thanks, Maria")

    assert json.loads(result.output) == {
        "text": "Thanks, [NAME_1]",
        "found": [{"type": "NAME", "start": 8, "end": 13, "placeholder": "[NAME_1]"}],
    }


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["mask", str(tmp_path / "none.txt")])

    assert result.exit_code == 2
    assert "none.txt" in result.output
