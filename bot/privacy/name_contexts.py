"""Knows which words come before or after a name, and which words are never one."""

from __future__ import annotations

import re

from bot.privacy.phrases import phrases, words

LETTERS = r"[^\W\d_]"
WORD = re.compile(rf"(?<!\w){LETTERS}++(?:['’-](?!s(?!\w)){LETTERS}++)*+(?!\w)")
ANY_WORD = re.compile(
    rf"{LETTERS}+(?:['’-](?!s(?!\w)){LETTERS}+)*"
)  # faster than WORD, but also matches parts of words
NEXT = re.compile(rf"(?:\.? |(?<=\b[A-Za-z])\. )(?={LETTERS})")
PARTICLES = frozenset("van von der den de del della da di la le el al bin ibn dos du zu ter st".split())

# Words that can follow "this is", "I'm" or "thanks," but aren't names.
NO_NAME = frozenset(
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
NO_PERSON_AFTER = re.compile(
    r"(?:\s?&|['’]s (?=[A-Z])|\s(?:&|and Sons|Inc|LLC|Ltd|GmbH|AG|Corp|Co|Company|Bank|Hotel|Inn|Suites|Street|St|Avenue|Ave|Road|Rd|Drive"
    r"|Lane|Boulevard|Blvd|Square|Plaza|Park|Airport|Station|Center|Centre|Mall|Hospital|Clinic|University|College|School|Church"
    r"|Stadium|Theater|Theatre|Museum|Library|Bridge|Beach|Island|Lake|River|Valley|County|City|Springs|Hills|Heights|Village"
    r"|Restaurant|Cafe|Bar|Grill|Pizza|Steakhouse|Kitchen|Foundation|Group|Insurance|Airlines|Motors|Terminal|Field|Garden|Gardens"
    r"|Straße|Platz|Allee|Court|Place|Terrace|Tower|House|Building|Hall|Arena|Bay|Creek)(?![^\W_]))"
)
NO_PERSON_BEFORE = re.compile(
    r"(?<![^\W_])(?:San|Santa|Saint|St\.?|Mount|Mt\.?|Lake|Fort|Ft\.?|Port|New|Los|Las|El|North|South|East|West|Hotel|Hôtel|Café|Cafe|Camp"
    r"|Cape|Point|Big|rue|avenue|boulevard|place) $"
)
BRANDS = re.compile(
    words(
        "john lewis; ben (?:&|and) jerry; johnson (?:&|and) johnson; j\\.?p\\.? ?morgan; charles schwab; ralph lauren; calvin klein"
        "; tommy hilfiger; michael kors; louis vuitton; papa john; trader joe; dave (?:&|and) buster; harley[- ]davidson; jack daniel"
        "; jim beam; ernst (?:&|and) young; morgan stanley; merrill lynch; tim hortons; victoria's secret; marks (?:&|and) spencer"
        "; kate spade; marc jacobs; wells fargo; fannie mae; freddie mac; sally mae; mary kay; estée lauder; hugo boss; jack wolfskin"
        "; dr\\.? oetker; dr\\.? pepper; mr\\.? coffee; mrs\\.? fields; mr\\.? clean; captain morgan; johnnie walker; paul smith"
        "; john deere; dick's sporting"
    )
)

FILLER = re.compile(r"(?:(?:uh|um|er|erm|ähm?|äh|euh|well|,|is|ist|est|like)[ ,]{1,3}){0,2}")
RELATIVE = (
    "husband; wife; daughter; son; mother; father; mom; mum; dad; brother; sister; friend; buddy; roommate; boss; colleague; partner"
    "; girlfriend; boyfriend; fiancée?; neighbou?r; assistant; manager; cousin; uncle; aunt; nephew; niece; landlord; tenant"
    "; mari; femme"
)
# After these, any word except NO_NAME is a name, in any case.
TOLD = (
    "names?['’]s; name is; names? was; name ist; vorname ist; nachname ist; ich heiße; je m['’]appelle; mon nom est"
    "; mon prénom est; he['’]s called; she['’]s called; ask for; name is spelled; in the name of; under the name(?: of)?"
)
# After these, a capitalised word is a name.
LABELLED = "first name; last name; full name; surname; name; nom; prénom; vorname; nachname; mon nom"
# After these, a word is a name if it is listed, or if it and the next word are capitalised.
INTRODUCED = (
    "this is; i am; i['’]m; speaking (?:with|to); spoke (?:with|to); speak (?:with|to); talk(?:ed|ing)? (?:with|to)"
    "; transfer(?:ring)? you to; connect you (?:with|to); through to; contact; he['’]s; she['’]s; it['’]s; it is; c['’]est; ici"
    "; is this; hier ist; hier spricht; ich bin(?: die| der)?; am apparat(?: ist)?; verbinde sie mit; je suis; passez-moi"
    "; is under; are under; holder is; belongs to; account of; sincerely; regards; yours; mfg; grüße; cordialement; referred by"
    "; signed by; attn; owner is; tenant is; account to; account for; call me; mann; tochter; sohn; mutter; vater"
)
GREETED = (
    "thanks; thank you(?: so much| very much)?; hi(?: there)?; hello; hey; dear; cheers; bye; goodbye; welcome(?: back)?"
    "; good morning; good afternoon; good evening; nice to (?:meet|see) you; hallo; guten tag; guten morgen; guten abend"
    "; wiederhören; danke; bonjour; bonsoir; merci; salut; sorry; okay; ok; alright; all right; right; so; great; perfect; sure"
    "; yes; no; well"
)
LEADS = {"told": TOLD, "labelled": f"{LABELLED}; {RELATIVE}", "introduced": INTRODUCED, "greeted": GREETED}
LEAD = re.compile(words(";".join(LEADS.values())) + r"(?=[ ,:\n])")
LEAD_KINDS = [(kind, re.compile(phrases(listed))) for kind, listed in LEADS.items()]
TITLED = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Dr|Prof|Hr|Fr|Mme|Mlle|mr|mrs|ms|dr|prof)\.? |(?:Miss|Doctor|Professor|Sir|Herrn?|Frau|Monsieur|Madame|Mademoiselle|doctor|nurse|Nurse|Officer|Agent) )"
    r"(?:(?:Dr|Prof)\.? )?"
)
ASKED = re.compile(
    r"(?:\b(?:your|full|last|first|whose|what|the) name\b(?! of)|who am i speaking|who i am speaking|who is this|nachname|vorname|votre nom|prénom|名前|성함|이름)"
    r"[^\n?]{0,50}(?:[?？]|please|(?<=name)\.?)[^\n]{0,30}\n"
    r"(?:[\w .()\[\]-]{1,25}: ?)?(?:(?:sure|yes|yeah|yep|okay|ok|of course|it['’]s|it is|that['’]s|um|uh|i['’]m|this is|my name is|ja|oui|c['’]est)[,. ]{1,3}){0,3}"
)
SIGNED = re.compile(
    rf"(?<!\w)(?P<name>[A-ZÀ-Þ]{LETTERS}+(?: [A-ZÀ-Þ]{LETTERS}+)?)"
    r"(?= is my (?:last |first |family |full )?name(?!\w)|,? speaking(?!\w)| am Apparat| à l['’]appareil)"
)
LABEL = re.compile(
    rf"^(?:\[[^\]\n]{{1,20}}\] ?)?(?P<name>{LETTERS}[\w.'’-]{{1,24}}(?: {LETTERS}[\w.'’-]{{0,24}}){{0,2}})(?: \([^)\n]{{1,20}}\))?:(?= )",
    re.MULTILINE,
)
SPELLED = re.compile(rf"(?<![\w'’-]){LETTERS}(?:(?:[-–.,] ?| )[-–]? ?{LETTERS}(?![\w'’])){{2,}}")
SPELLED_AS = re.compile(
    rf"(?<![\w'’-]){LETTERS} (?:as in|for|like|wie|comme) {LETTERS}+(?:,? (?:and )?{LETTERS} (?:as in|for|like|wie|comme) {LETTERS}+|,? {LETTERS}(?![\w'’])){{1,}}"
)
NAME_NEAR = re.compile(r"name|spell|buchstab|nom\b|épel|schreib")

# Speaker labels that aren't a person's name.
ROLES = frozenset(
    "speaker participant marketing project manager industrial designer interface interviewer interviewee moderator host bot assistant"
    " representative rep advisor adviser sales consultant expert chair external internal unknown channel mitarbeiter kunde kundin"
    " berater agentin conseiller conseillère cliente narrator".split()
)
