"""Lists the words of each category of abuse. They are offensive on purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.answers.moderation import Category

# Prefixes of words; `$` ends a word, `_` is a space. Words that are harmless in German ("die", "war") need context.
_STEMS: Mapping[Category, str] = {
    "insult": (
        "idiot moron stupid dumb fool$ fools$ foolish imbecile cretin loser pathetic coward clown$ clowns$ buffoon jerk$ jerks$ scum "
        "trash$ garbage$ worthless ignoran hypocrit liar$ liars$ lying$ disgusting ugly$ ridiculous fraud$ crook traitor ass$ asshole "
        "bastard douche dumbass jackass retard brainless braindead sheep$ shill troll$ trolls$ nutjob nutcase lunatic delusional nutty "
        "vile incompeten parasite leech$ pig$ pigs$ swine snowflake wacko crazy$ silly$ nonsense sicko weasel creep$ creeps$ laughable "
        "clueless dimwit halfwit moronic bigot racist$ racists$ nazi$ nazis$ fascist disgrace shame$ arrogant rubbish$ "
        "dummkopf trottel arschloch blödmann dämlich vollidiot 멍청 바보 병신 馬鹿 バカ アホ クズ"
    ),
    "threat": (
        "kill$ killed$ shoot$ shot$ hang$ hanged$ hunt$ burn$ to_die$ should_die$ must_die$ will_die$ and_die$ dead$ destroy$ beat$ smash$ strangle$ behead punish$ lynch "
        "execute$ executed$ bullet gun$ guns$ bomb$ bombs$ nuke stab$ rape$ attack$ eliminate$ exterminate punch$ slap$ "
        "umbringen töten verprügeln 죽여 죽일 殺す 殺してやる ぶっ殺"
    ),
    "sexual_explicit": (
        "sex$ sexual sexy porn naked nude penis vagina dick$ cock$ pussy boob tits$ blowjob orgasm masturbat anal$ anus rape rapist "
        "prostitut whore slut hooker$ genital erect horny groping grope molest pedophil sodom testicle balls$ semen crotch "
        "ficken hure 섹스 セックス"
    ),
    "hate": (
        "muslim islam jew$ jews$ jewish black$ blacks$ white$ whites$ gay$ gays$ lesbian homosexual queer$ fag$ faggot fags$ dyke$ "
        "tranny transgender immigrant illegals$ nigger nigga negro$ spic$ kike chink$ wetback savage$ savages$ arab arabs$ mexican "
        "terrorist infidel sodomite subhuman vermin race$ racial colored women$ feminazi refugee aliens$ christian catholic$ "
        "ausländer kanake 조센징 チョン"
    ),
    "obscene": (
        "fuck motherfuck shit bullshit crap$ crappy damn$ damned$ goddamn ass$ asses$ asshole bitch bastard dick$ dickhead cock$ cunt "
        "piss$ pissed$ prick$ wank tits$ arse$ arsehole bollocks wtf$ stfu$ hell$ screw$ sucks$ turd$ scheiß scheiss verdammt 씨발 시발 좆 クソ くそ"
    ),
    "violence": (
        "kill murder shoot shot$ stab blood bloody$ gun$ guns$ bomb a_war$ at_war$ wars$ massacre slaughter tortur beat$ beaten$ beating$ assault attack "
        "violen weapon rifle bullet behead hang$ hanged$ lynch burn$ burned$ burnt$ punch rape$ raped$ dead$ death execut genocide kick$ smash "
        "strangle töten mord 살인 죽여 殺"
    ),
}
# A typical sentence of each category, to compare meanings, and some that fit no category.
TYPICAL: Mapping[Category, str] = {
    "insult": "You are a stupid, pathetic idiot and a liar.",
    "threat": "I will find you and kill you, you deserve to be shot.",
    "sexual_explicit": "A sexually explicit description of naked bodies and sex acts.",
    "hate": "Those people are inferior because of their race, religion or sexual orientation and should not be here.",
    "obscene": "This is fucking bullshit.",
    "violence": "They beat him bloody, stabbed and murdered him.",
}
# How strongly a category's words suggest abuse. Words for groups of people, and news of violence, suggest little.
TELLS_TOXIC: Mapping[Category, float] = {
    "insult": 1.0,
    "threat": 1.0,
    "sexual_explicit": 1.0,
    "hate": 0.5,
    "obscene": 1.0,
    "violence": 0.0,
}
HARMLESS = (
    "I do not agree with this decision, because the costs are too high.",
    "Thank you, this was an interesting and helpful article.",
    "The government should explain how it will pay for the plan.",
)


def _pattern(stems: str) -> re.Pattern[str]:
    wide = [re.escape(stem) for stem in stems.split() if ord(stem[0]) > 0x3000]
    latin = [stem.replace("$", r"\b").replace("_", r"\s+") for stem in stems.split() if ord(stem[0]) <= 0x3000]
    return re.compile(rf"\b(?:{'|'.join(latin)})" + "".join(f"|{stem}" for stem in wide), re.IGNORECASE)


PATTERNS: Mapping[Category, re.Pattern[str]] = {category: _pattern(stems) for category, stems in _STEMS.items()}
