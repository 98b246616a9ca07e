"""Finds postal addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.cues import HAS_CJK
from bot.privacy.phrases import phrases, words
from bot.privacy.span import LineSpans, Span, each
from bot.privacy.spoken import WORDS

_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"
_CITY = r"[A-ZÄÖÜÉ][\w.'’äöüé-]+(?: [A-ZÄÖÜÉ][\w.'’äöüé-]+){0,2}"
_UNIT = r"(?:,? (?:(?:Apt|Apartment|Suite|Ste|Unit|Floor|Flat|apt|apartment|suite|unit)\.? ?#?|# ?)\w{1,5}|,? \d{1,2}(?:st|nd|rd|th) [Ff]loor)?"
_TAIL = rf"(?:(?:,? {_CITY}){{0,2}}?,? (?:[A-Z]{{2}} \d{{5}}(?:-\d{{4}})?|{_POSTCODE})|, ?{_CITY}(?=[,.;!?]|$))?"
_SHORT = r"St|Ave|Rd|Dr|Ln|Blvd|Ct|Pl|Cir|Sq|Pkwy|Hwy"
_LONG = (
    "Street|Avenue|Road|Drive|Lane|Boulevard|Court|Place|Terrace|Way|Circle|Square|Parkway|Highway|Close|Crescent|Gardens"
    "|Grove|Mews|Row|Hill|Trail"
)
_NUMBER = r"(?<![\w.,:$€£-])\d{1,5}[A-Za-z]?(?:[-/]\d{1,4})?,? "
_SIDE = r"(?: (?:NW|NE|SW|SE|N|S|E|W|Northwest|Northeast|Southwest|Southeast|North|South|East|West)(?!\w))?"
_STREET = re.compile(
    rf"{_NUMBER}(?:(?:[A-ZÀ-Þ][\w'’-]{{0,24}}\.?|\d{{1,3}}(?:st|nd|rd|th)) ){{1,4}}?(?:(?:{_LONG})(?!\w)|(?:{_SHORT})(?!\w)\.?){_SIDE}{_UNIT}{_TAIL}"
)
# In lower case: only street kinds that aren't other words too, and no counts of things ("3 people").
_STREET_LOWER = re.compile(
    rf"{_NUMBER}(?:(?!(?:minutes?|blocks?|people|persons?|miles?|hours?|days?|stops?|in|on|to|at|of|the|down|from|and|for|with|per|is"
    rf"|was|or|pm|am|more|other|new|different|big|main|side|way)\b)[a-z0-9][\w'’-]{{0,24}}\.? ){{1,3}}?"
    rf"(?:street|st|avenue|ave|road|rd|lane|boulevard|blvd|drive)(?!\w){_UNIT}{_TAIL}"
)
_BOX = re.compile(rf"(?<!\w)P\.? ?O\.? ?Box \d{{1,6}}(?:,? {_CITY})?(?:,? [A-Z]{{2}} \d{{5}})?", re.IGNORECASE)
_PLACE = re.compile(rf"(?<!\w){_CITY},? [A-Z]{{2}} \d{{5}}(?:-\d{{4}})?(?!\w)")
_UK = re.compile(rf"(?<!\w){_POSTCODE}(?!\w)")
_FRENCH = re.compile(
    r"(?<!\w)\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|bd|place|allée|chemin|impasse|quai|cours|route|square)"
    r" (?:(?:de la|de l'|du|des|de|d') ?)?[A-ZÉÈ][\w'’éèêàôîç-]*(?: [A-ZÉÈ][\w'’éèêàôîç-]*){0,3}"
    r"(?:,? \d{5} [A-ZÉÈ][\w'’éèêàôîç-]*)?",
)
_GERMAN = re.compile(
    r"(?<!\w)(?:(?:Am|An der|Im|In der|Auf dem|Zum|Zur|Unter den|[A-ZÄÖÜ][a-zäöüß]+er) )?(?:Alten |Neuen |Großen |Kleinen )?"
    r"(?:[A-ZÄÖÜ][a-zäöüß-]*)?(?:straße|strasse|str\.|Str\.|weg|platz|allee|gasse|ring|damm|ufer|markt|Markt|chaussee|Straße|Platz|Allee|Weg)"
    r" \d{1,4} ?[a-z]?(?!\w)(?:,? (?:D-)?\d{5} [A-ZÄÖÜ][a-zäöüß-]+)?"
)
_GERMAN_ALONE = re.compile(
    r"(?<!\w)(?:Straße|Platz|Allee|Weg|Markt) \d{1,4} ?[a-z]?(?!\w)(?:,? \d{5} [A-ZÄÖÜ][a-zäöüß-]+)?"
)
_DISTRICT = re.compile(r"(?<!\w)(?:D-)?\d{5} [A-ZÄÖÜ][a-zäöüß-]{2,}(?= (?:wohn|leb)|[.,]? *$)", re.MULTILINE)
_JAPANESE = re.compile(
    r"(?:〒? ?\d{3}-\d{4}[ 　]{0,2})?(?:東京都|北海道|(?:京都|大阪)府|[一-龯]{2,3}県)[^\s、。,\d]{1,30}\d[\d０-９ー−丁目番地号-]*\d?|〒 ?\d{3}-\d{4}"
)
_KOREAN = re.compile(
    r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기도?|강원도?|충청[남북]도|전라[남북]도|경상[남북]도|제주)[가-힣]{0,5}"
    r"(?: [가-힣]{1,6}[시군구]){0,2} [가-힣\d]{1,12}(?:로|길|동|읍|면|리) ?\d{1,5}(?:-\d{1,4})?(?:번지|번길|호)?"
)
_SAID_NUMBER = phrases(
    ";".join(sorted((word for word in WORDS if word.isascii() and len(word) > 2), key=len, reverse=True))
)
_SAID = re.compile(
    words("live; lives; living; address; house; home; deliver; ship; send; moved")
    + rf"[^\n.?!]{{0,24}}? (?P<place>(?:{_SAID_NUMBER}[ -]){{1,4}}"
    r"(?:[a-z]+ ){1,2}(?:street|avenue|road|lane|drive|boulevard|court|way|place|close))(?!\w)"
)


def spans(text: str, lowered: str, lines: LineSpans) -> Iterator[Span]:
    """Yields every postal address, longest readings first."""
    patterns = [_BOX, _STREET, _STREET_LOWER, _PLACE, _UK, _FRENCH, _GERMAN, _GERMAN_ALONE, _DISTRICT]
    if HAS_CJK.search(text):
        patterns += [_JAPANESE, _KOREAN]
    found = [match for pattern in patterns for match in each(pattern, text, lines)]
    for match in sorted(found, key=lambda match: match.start() - match.end()):
        yield Span("ADDRESS", *match.span(), _value(match[0]))
    for match in _SAID.finditer(lowered):
        yield Span("ADDRESS", *match.span("place"), _value(match["place"]))


def _value(said: str) -> str:
    return re.sub(r"\W+", " ", said.casefold()).strip()
