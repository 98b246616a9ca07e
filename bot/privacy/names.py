"""People's names: from introductions, titles, greetings and answers, and from lists of given names and surnames."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from bot.privacy import given_names, surnames
from bot.privacy.phrases import phrases, words
from bot.privacy.span import Span

_LETTERS = r"[^\W\d_]"
_WORD = re.compile(rf"(?<!\w){_LETTERS}++(?:['’-](?!s(?!\w)){_LETTERS}++)*+(?!\w)")
_ANY_WORD = re.compile(rf"{_LETTERS}+(?:['’-](?!s(?!\w)){_LETTERS}+)*")  # quicker, and finds parts of words too
_NEXT = re.compile(rf"(?:\.? |(?<=\b[A-Za-z])\. )(?={_LETTERS})")
_GIVEN = given_names.CLEAR | given_names.CAPITALISED | given_names.AMBIGUOUS
_SURNAMES = surnames.CLEAR | surnames.WORDS
_LISTED = given_names.CLEAR | given_names.CAPITALISED | surnames.CLEAR
_PARTICLES = frozenset("van von der den de del della da di la le el al bin ibn dos du zu ter st".split())

# Words that follow "this is", "I'm", "thanks," and are nobody's name.
_NO_NAME = frozenset(
    """
oh says told gave thinks wants prescribed recommended ordered asked mr mrs ms dr prof hr fr mme mlle herr uh um umm uhm hmm hm mm mhm mm-hmm uh-huh huh yup yep nope oops ouch aha ooh ha haha eh er erm mmm i'll i've i'd i'm you're it'll
we're they're he's she's that'll there's here's who's let's don't doesn't can't won't isn't absolutely scusi
a about above absolutely account actually after again agent ah all almost already alright also always am amazing an and another
any anyone anything apparently appreciate are as ask asking at available awesome away back bad be because been before being
best better big bit both bring but by bye call called caller calling can cannot card care case certainly check checking client
come coming concerned confused connected correct could currently customer day dear definitely delighted describe did different
difficult do doctor does doing done don't down due during each early easy either else email end english even ever every everyone
everybody everything exactly excellent excited expecting extremely fair far fine first folks following for forever from full fully
future general gentlemen getting give given giving glad go god going gone good got great guest guys had half happy hard has have
having he headed hello help helping her here hereby hers hey hi him his hold home hope hoping how however hurt hurting i if ill in
indeed inside interested into is issue it its it's just keep kind know ladies last late later least left less let like line
listening literally little located long looking looks lost lot lovely ma'am maam madam made mainly make making man many married
may maybe me mean might mine miss missing moment more morning most mostly much must my name nearly need needed needs never new next nice
no nobody none normal not nothing now number of off office ok okay old on once one online only open operator or other others our ours
out over own paid pain part patient perfect perfectly person phone please pleased possible pretty probably problem quite
ready real really reason receiving referring regarding regards related right running sad safe said same satisfied saying see
sent service she should showing sick simply since sir so some somebody someone something sometimes soon sorry speaking
still stopping stuck such suffering support supposed sure surprised survey system taken taking team terrible than thank thankful
thanks that that's the their them themselves then there therefore these they thing this those though through tired to today together
tomorrow tonight too totally transferring trouble true truly trying two unable under unfortunately until up upset us used user using
usually very wait waiting want was way we week welcome well went were what what's whatever when where which while who whole why
will with within without wonderful wondering work working worried would wow wrong yeah year years yes yesterday yet you
your yours yourself spelled speak actually again monday tuesday wednesday thursday friday saturday sunday january february march
april june july august september october november december english german french spanish american british canadian european
indian chinese japanese korean mexican italian christian google amazon apple microsoft samsung comcast siri alexa cortana dragon
mom mum dad mother father grandma grandpa brother sister son daughter wife husband uncle aunt honey sweetie dude buddy friend
bin das dem den der des die ein eine einen einer es hier ich ihnen ihr ihre im ist ja mein meine nein nicht noch nur schon sehr sie
sind und uns von vom wie wir zu zufrieden zum zur frau herr herrn geehrte geehrter guten danke bitte alles leider gerade gut
au aussi avec bien bon bonjour bonsoir ce cela cette client cliente content contente de des désolé désolée du elle en et ici il
je la le les ma madame mais merci mon monsieur ne non notre nous on oui par parfait pas pour que qui sa ses son sur tout très
un une votre vous là à y né née
""".split()
)
_NO_PERSON_AFTER = re.compile(
    r"(?:\s?&|['’]s (?=[A-Z])|\s(?:&|and Sons|Inc|LLC|Ltd|GmbH|AG|Corp|Co|Company|Bank|Hotel|Inn|Suites|Street|St|Avenue|Ave|Road|Rd|Drive"
    r"|Lane|Boulevard|Blvd|Square|Plaza|Park|Airport|Station|Center|Centre|Mall|Hospital|Clinic|University|College|School|Church"
    r"|Stadium|Theater|Theatre|Museum|Library|Bridge|Beach|Island|Lake|River|Valley|County|City|Springs|Hills|Heights|Village"
    r"|Restaurant|Cafe|Bar|Grill|Pizza|Steakhouse|Kitchen|Foundation|Group|Insurance|Airlines|Motors|Terminal|Field|Garden|Gardens"
    r"|Straße|Platz|Allee|Court|Place|Terrace|Tower|House|Building|Hall|Arena|Bay|Creek)(?![^\W_]))"
)
_NO_PERSON_BEFORE = re.compile(
    r"(?<![^\W_])(?:San|Santa|Saint|St\.?|Mount|Mt\.?|Lake|Fort|Ft\.?|Port|New|Los|Las|El|North|South|East|West|Hotel|Hôtel|Café|Cafe|Camp"
    r"|Cape|Point|Big|rue|avenue|boulevard|place) $"
)
_BRANDS = re.compile(
    words(
        "john lewis; ben (?:&|and) jerry; johnson (?:&|and) johnson; j\\.?p\\.? ?morgan; charles schwab; ralph lauren; calvin klein"
        "; tommy hilfiger; michael kors; louis vuitton; papa john; trader joe; dave (?:&|and) buster; harley[- ]davidson; jack daniel"
        "; jim beam; ernst (?:&|and) young; morgan stanley; merrill lynch; tim hortons; victoria's secret; marks (?:&|and) spencer"
        "; kate spade; marc jacobs; wells fargo; fannie mae; freddie mac; sally mae; mary kay; estée lauder; hugo boss; jack wolfskin"
        "; dr\\.? oetker; dr\\.? pepper; mr\\.? coffee; mrs\\.? fields; mr\\.? clean; captain morgan; johnnie walker; paul smith"
        "; john deere; dick's sporting"
    )
)

_FILLER = re.compile(r"(?:(?:uh|um|er|erm|ähm?|äh|euh|well|,|is|ist|est|like)[ ,]{1,3}){0,2}")
_RELATIVE = (
    "husband; wife; daughter; son; mother; father; mom; mum; dad; brother; sister; friend; buddy; roommate; boss; colleague; partner"
    "; girlfriend; boyfriend; fiancée?; neighbou?r; assistant; manager; cousin; uncle; aunt; nephew; niece; landlord; tenant"
    "; mari; femme"
)
# Any word but a few is a name here, in any case.
_TOLD = (
    "names?['’]s; name is; names? was; name ist; vorname ist; nachname ist; ich heiße; je m['’]appelle; mon nom est"
    "; mon prénom est; he['’]s called; she['’]s called; ask for; name is spelled; in the name of; under the name(?: of)?"
)
# A name here where it is capitalised.
_LABELLED = "first name; last name; full name; surname; name; nom; prénom; vorname; nachname; mon nom"
# A name here where it is listed, or capitalised and followed by another.
_INTRODUCED = (
    "this is; i am; i['’]m; speaking (?:with|to); spoke (?:with|to); speak (?:with|to); talk(?:ed|ing)? (?:with|to)"
    "; transfer(?:ring)? you to; connect you (?:with|to); through to; contact; he['’]s; she['’]s; it['’]s; it is; c['’]est; ici"
    "; is this; hier ist; hier spricht; ich bin(?: die| der)?; am apparat(?: ist)?; verbinde sie mit; je suis; passez-moi"
    "; is under; are under; holder is; belongs to; account of; sincerely; regards; yours; mfg; grüße; cordialement; referred by"
    "; signed by; attn; owner is; tenant is; account to; account for; call me; mann; tochter; sohn; mutter; vater"
)
_GREETED = (
    "thanks; thank you(?: so much| very much)?; hi(?: there)?; hello; hey; dear; cheers; bye; goodbye; welcome(?: back)?"
    "; good morning; good afternoon; good evening; nice to (?:meet|see) you; hallo; guten tag; guten morgen; guten abend"
    "; wiederhören; danke; bonjour; bonsoir; merci; salut; sorry; okay; ok; alright; all right; right; so; great; perfect; sure"
    "; yes; no; well"
)
_LEADS = {"told": _TOLD, "labelled": f"{_LABELLED}; {_RELATIVE}", "introduced": _INTRODUCED, "greeted": _GREETED}
_LEAD = re.compile(words(";".join(_LEADS.values())) + r"(?=[ ,:\n])")
_LEAD_KINDS = [(kind, re.compile(phrases(listed))) for kind, listed in _LEADS.items()]
_TITLED = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Dr|Prof|Hr|Fr|Mme|Mlle|mr|mrs|ms|dr|prof)\.? |(?:Miss|Doctor|Professor|Sir|Herrn?|Frau|Monsieur|Madame|Mademoiselle|doctor|nurse|Nurse|Officer|Agent) )"
    r"(?:(?:Dr|Prof)\.? )?"
)
_ASKED = re.compile(
    r"(?:\b(?:your|full|last|first|whose|what|the) name\b(?! of)|who am i speaking|who i am speaking|who is this|nachname|vorname|votre nom|prénom|名前|성함|이름)"
    r"[^\n?]{0,50}(?:[?？]|please|(?<=name)\.?)[^\n]{0,30}\n"
    r"(?:[\w .()\[\]-]{1,25}: ?)?(?:(?:sure|yes|yeah|yep|okay|ok|of course|it['’]s|it is|that['’]s|um|uh|i['’]m|this is|my name is|ja|oui|c['’]est)[,. ]{1,3}){0,3}"
)
_SIGNED = re.compile(
    rf"(?<!\w)(?P<name>[A-ZÀ-Þ]{_LETTERS}+(?: [A-ZÀ-Þ]{_LETTERS}+)?)"
    r"(?= is my (?:last |first |family |full )?name(?!\w)|,? speaking(?!\w)| am Apparat| à l['’]appareil)"
)
_LABEL = re.compile(
    rf"^(?:\[[^\]\n]{{1,20}}\] ?)?(?P<name>{_LETTERS}[\w.'’-]{{1,24}}(?: {_LETTERS}[\w.'’-]{{0,24}}){{0,2}})(?: \([^)\n]{{1,20}}\))?:(?= )",
    re.MULTILINE,
)
_SPELLED = re.compile(rf"(?<![\w'’-]){_LETTERS}(?:(?:[-–.,] ?| )[-–]? ?{_LETTERS}(?![\w'’])){{2,}}")
_SPELLED_AS = re.compile(
    rf"(?<![\w'’-]){_LETTERS} (?:as in|for|like|wie|comme) {_LETTERS}+(?:,? (?:and )?{_LETTERS} (?:as in|for|like|wie|comme) {_LETTERS}+|,? {_LETTERS}(?![\w'’])){{1,}}"
)
_NAME_NEAR = re.compile(r"name|spell|buchstab|nom\b|épel|schreib")

Found = tuple[int, int]
Accepts = Callable[[str, re.Match[str]], bool]  # whether a word at a place of the text is a name


def spans(text: str, lowered: str, known: Collection[str], strict: bool) -> Iterator[Span]:
    """Every name of `text`; `known` are parts of names, in lower case, that the call has told before.

    What one place tells (`my name is xiomara`) is found in every other.
    """
    brands = [match.span() for match in _BRANDS.finditer(lowered)]
    told = dict(found for found in _told(text, lowered, strict) if not _within(found, brands))
    for start, end in told.items():
        yield _span(lowered, start, end)
    known = {part for start, end in told.items() for part in _parts(lowered[start:end])} | set(known)
    yield from known_spans(text, lowered, known, brands, told)
    for start, end in _spelled(text, lowered, known):
        yield Span("NAME", start, end, _joined(lowered[start:end]))


def known_spans(
    text: str,
    lowered: str,
    known: Collection[str],
    brands: Collection[Found] = (),
    told: Mapping[int, int] = MappingProxyType({}),
) -> Iterator[Span]:
    """The names of `text` that the lists or `known` hold, wherever they stand, but those already `told` (start to end)."""
    brands = brands or [match.span() for match in _BRANDS.finditer(lowered)]
    for start, end in _listed(text, lowered, known, told):
        if not _within((start, end), brands):
            yield _span(lowered, start, end)


def parts_of(name: str) -> list[str]:
    """The parts of a speaker's label that name a person; none for "Agent" or "Speaker 1"."""
    words = [match[0] for match in _WORD.finditer(name)]
    lowered = [word.lower() for word in words]
    if any(word in _NO_NAME or word in _ROLES for word in lowered):
        lowered = [word for word in lowered if word in _LISTED]
    return [word for word in lowered if len(word) > 1]


_ROLES = frozenset(
    "speaker participant marketing project manager industrial designer interface interviewer interviewee moderator host bot assistant"
    " representative rep advisor adviser sales consultant expert chair external internal unknown channel mitarbeiter kunde kundin"
    " berater agentin conseiller conseillère cliente narrator".split()
)


def _span(lowered: str, start: int, end: int) -> Span:
    return Span("NAME", start, end, " ".join(_parts(lowered[start:end])) or lowered[start:end])


def _parts(name: str) -> list[str]:
    return [match[0] for match in _WORD.finditer(name) if match[0] not in _PARTICLES]


def _within(found: Found, spans_of: Collection[Found]) -> bool:
    return any(start < found[1] and found[0] < end for start, end in spans_of)


def _spreads(part: str) -> bool:
    """Whether a name told in one place is a name in all others: not where it is a word as well."""
    return len(part) > 2 and part not in _NO_NAME and part not in given_names.AMBIGUOUS and part not in surnames.WORDS


def _told(text: str, lowered: str, strict: bool) -> Iterator[Found]:
    accepts = _ACCEPTS | {"introduced": _is_capital, "greeted": _is_capital} if strict else _ACCEPTS
    for match in _LEAD.finditer(lowered):
        yield from _taken(text, _after(lowered, match.end()), accepts[_lead_kind(match[0])])
    for match in _TITLED.finditer(text):
        yield from _taken(text, match.end(), _is_titled)
    for match in _ASKED.finditer(lowered) if "\n" in lowered else ():
        yield from _taken(text, match.end(), _is_answer)
    for match in _SIGNED.finditer(text):
        yield from _taken(text, match.start("name"), _is_told)
    for match in _LABEL.finditer(text):
        parts = parts_of(match["name"])
        if match["name"][0].isupper() and parts and (strict or any(part in _GIVEN for part in parts)):
            yield match.span("name")


@lru_cache(maxsize=1024)
def _lead_kind(phrase: str) -> str:
    return next(kind for kind, pattern in _LEAD_KINDS if pattern.fullmatch(phrase))


def _after(lowered: str, at: int) -> int:
    while at < len(lowered) and lowered[at] in " ,\n":
        at += 1
    filler = _FILLER.match(lowered, at)
    return filler.end() if filler else at


def _taken(text: str, at: int, accepts: Accepts) -> Iterator[Found]:
    """The name that begins at `at`, where `accepts` its first word."""
    first = _WORD.match(text, at)
    if not first or len(first[0]) < 2 or first[0].lower() in _NO_NAME or not accepts(text, first):
        return
    if _NO_PERSON_AFTER.match(text, first.end()):
        return
    yield at, _extended(text, first)


def _extended(text: str, first: re.Match[str]) -> int:
    """The end of the name that begins with `first`: up to three more parts."""
    end = at = first.end()
    for _ in range(3):
        gap = _NEXT.match(text, at)
        word = _WORD.match(text, gap.end()) if gap else None
        if not word or not gap or ("." in gap[0] and not re.search(r"(?<![^\W_])[A-Za-z]$", text[at - 2 : at])):
            break
        if _continues(first[0], word[0]):
            end = at = word.end()
        elif word[0].lower() in _PARTICLES:
            at = word.end()
        else:
            break
    return end


def _continues(first: str, word: str) -> bool:
    """Whether `word` is a part of the name that begins with `first`: capitalised as it is, or a surname in lower case."""
    part = word.lower()
    if len(word) == 1:
        return word.isupper() and first[0].isupper() and word != "I"
    if part in _NO_NAME:
        return False
    if first[0].isupper():
        return word[0].isupper() and (first.isupper() or not word.isupper())
    return part in _SURNAMES or part in _LISTED


def _is_told(_text: str, _word: re.Match[str]) -> bool:
    return True


def _is_capital(_text: str, word: re.Match[str]) -> bool:
    return word[0][0].isupper()


def _is_listed(_text: str, word: re.Match[str]) -> bool:
    lowered = word[0].lower()
    return lowered in given_names.CLEAR or (word[0][0].isupper() and lowered in _LISTED)


def _is_introduced(text: str, word: re.Match[str]) -> bool:
    """`this is Latoya with Allied`, `I'm Gareth Llewellyn,`: listed, or capitalised before a surname, a firm or an end."""
    if _is_listed(text, word):
        return True
    if not word[0][0].isupper() or word[0].isupper():
        return False
    lowered = word[0].lower()
    return (
        lowered in _GIVEN
        or lowered in _SURNAMES
        or bool(re.match(r" [A-Z][a-z'’-]+(?:[,.;]|$| and)", text[word.end() : word.end() + 30]))
    )


def _is_greeted(text: str, word: re.Match[str]) -> bool:
    if _is_listed(text, word):
        return True
    return (
        word[0][0].isupper()
        and word[0].lower() in _GIVEN
        and bool(re.match(r"[,.!?\n]|$", text[word.end() : word.end() + 1]))
    )


def _is_titled(text: str, word: re.Match[str]) -> bool:
    lowered = word[0].lower()
    if word[0][0].isupper() or lowered in _LISTED or lowered in _SURNAMES:
        return True
    return text[word.start() - 2 : word.start()] == ". " and text[word.start() - 4].islower()


def _is_answer(text: str, word: re.Match[str]) -> bool:
    if _is_listed(text, word):
        return True
    rest = re.match(r"[^\n.?!,]*", text[word.end() : word.end() + 40])
    return word[0][0].isupper() and rest is not None and len(rest[0].split()) <= 2


_ACCEPTS: dict[str, Accepts] = {
    "told": _is_told,
    "labelled": _is_capital,
    "introduced": _is_introduced,
    "greeted": _is_greeted,
}


def _listed(text: str, lowered: str, known: Collection[str], told: Mapping[int, int]) -> Iterator[Found]:
    """Names that the lists or the call itself know, with what follows them."""
    upto = 0
    for match in _occurrences(lowered, known):
        start = match.start()
        upto = max(upto, told.get(start, 0))
        if start < upto:
            continue
        start = _before_surname(text, start) if match[0] in surnames.CLEAR and match[0] not in _GIVEN else start
        first = _WORD.match(text, start)
        if (
            first
            and (start < match.start() or _stands(text, match, known))
            and not _NO_PERSON_AFTER.match(text, first.end())
            and not _NO_PERSON_BEFORE.search(text, max(0, start - 12), start)
        ):
            upto = _extended(text, first)
            yield start, upto


def _occurrences(lowered: str, known: Collection[str]) -> Iterator[re.Match[str]]:
    """The words of the text that the lists or the call know as names.

    Which they are is asked of the set of its words, which is quicker than asking for every word in turn.
    """
    names = {
        word for word in set(_ANY_WORD.findall(lowered)) if word in _GIVEN or word in surnames.CLEAR or word in known
    }
    if len(names) > 60:
        yield from (match for match in _WORD.finditer(lowered) if match[0] in names)
    elif names:
        longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        pattern = rf"(?<![^\W_])(?<!{_LETTERS}['’-])(?:{longest_first})(?![^\W_]|['’-](?!s(?![^\W_])){_LETTERS})"
        yield from re.finditer(pattern, lowered)


def _before_surname(text: str, start: int) -> int:
    """Where the name begins that ends with a listed surname: at the capitalised word before it, if there is one."""
    before = re.search(r"(?<![\w.'’-])([A-Z][a-z'’-]+) $", text[max(0, start - 24) : start])
    if not before or not text[start].isupper() or before[1].lower() in _NO_NAME:
        return start
    return start - len(before[0])


def _stands(text: str, match: re.Match[str], known: Collection[str]) -> bool:
    """Whether a word that is known or listed is a name at this place."""
    word, capital = match[0], text[match.start()].isupper()
    if word in given_names.CLEAR or (word in known and _spreads(word)):
        return True
    if not capital or word in _NO_NAME:
        return False
    if word in given_names.CAPITALISED:
        return True
    following = re.match(r" ([A-Z][a-z'’-]+)", text[match.end() : match.end() + 30])
    if following and word in given_names.AMBIGUOUS and following[1].lower() in surnames.CLEAR:
        return True
    if word not in known:
        return False
    inside = re.search(r"[^.?!:\n ] $", text[max(0, match.start() - 2) : match.start()])
    return bool(inside) or bool(following and following[1].lower() in known)


def _spelled(text: str, lowered: str, known: Collection[str]) -> Iterator[Found]:
    for pattern in (_SPELLED_AS, _SPELLED):
        for match in pattern.finditer(text):
            near = _NAME_NEAR.search(lowered, max(0, match.start() - 60), match.start())
            joined = "" if near else _joined(match[0].lower())
            if near or joined in _LISTED or joined in known:
                yield match.span()


def _joined(spelled: str) -> str:
    return "".join(match[1] for match in re.finditer(rf"(?<![\w])({_LETTERS})(?!\w)", spelled))
