"""Lists phrases of promises, requests, times, complaints and solutions (English, German, Korean, Japanese)."""

from __future__ import annotations

import re

from bot.answers.evidence import VERBS


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_PEOPLE = (
    r"(?:team|department|engineer|technician|manager|supervisor|colleague|specialist|driver|courier|warehouse|representative|"
    r"nurse|office|bank|company|seller|support|lab|pharmacy|advisor|adviser|agent|crew|carrier|plumber|electrician|mechanic|insurer|supplier|branch|workshop)"
)
PROMISE = _any(
    r"\b(?:i|we)(?: ?['’]ll| ll| ?will| shall| ?'m going to| am going to| ?'re going to| are going to| ?'m gon ?na| ?'re gon ?na| gon ?na)\b",
    r"\byou(?:'ll| will| should) (?:be )?(?:receive|get|hear|contacted|notified|refunded|credited)",
    r"\bich (?:werde|schicke|sende|rufe|melde|kümmere|veranlasse|buche|storniere|überweise|leite|gebe|erstatte|bestelle|lasse)\b",
    r"\bwir (?:werden|schicken|senden|rufen|melden|kümmern|veranlassen|buchen|stornieren|überweisen|erstatten|liefern|tauschen)\b",
    r"\b(?:erstatten|schicken|senden|melden|überweisen|tauschen|buchen|prüfen|klären|reparieren|ersetzen|schicke|sende|melde|prüfe|erstatte) (?:wir|ich)\b",
    r"겠습니다|드릴게요|할게요|보낼게요|올게요|갈게요|예정입니다|(?:해|보내|전화|연락) ?드리(?:도록|려고)",
    r"(?:お送り|ご連絡|手配|発送|郵送|返金|交換|対応|報告|連絡|送付|手続き|修理|訂正|変更|折り返し\S*)(?:を|は)?(?:いた|致)?(?:させていただき)?(?:し)?ます|させていただきます|しておきます|伺います",
)
# From an agent this is something to do; from a customer it is a wish.
INTENT = _any(
    r"\blet ?'s (?:go ahead and |also |get |order |start |do |plan |schedule |have |make |try |continue |increase |set )",
    r"\b(?:i|we)(?: ?'d| would)? (?:also )?(?:like|want) (?:for )?(?:you )?to\b|\b(?:i|we) (?:do )?wan ?na\b",
    r"\bwe (?:should|can|could|need to|have to) (?:also |then )?\w+",
)
THIRD = _any(
    rf"\b(?:they|he|she|someone|somebody|(?:the|our|my|a|an|your)(?: \w+){{0,2}} {_PEOPLE})(?: ?['’]ll| ll| ?will| (?:is|are) going to)\b(?! be(?! in touch| sent| contact| calling| reach)| have\b)",
    r"\b(?:der|die|das|ein|eine|unser|unsere|jemand)(?: \w+)? ?(?:techniker|kolleg|team|abteilung|monteur|fahrer|jemand)\w*"
    r" (?:wird|werden|ruft|meldet|kommt|kümmert|prüft)",
    r"\bkommt\b.* (?:techniker|monteur|kollege|kollegin|fahrer)\b",
    r"\b(?:der|die|das|unser|unsere)(?: \w+){1,2} (?:wird|werden) (?:sie|ihnen|sich)\b",
    r"(?:팀|부서|기사님?|담당자|매니저)(?:이|가|에서|께서)?\s.*(?:겠습니다|예정|드릴|드립니다)",
    r"(?:技術者|部署|チーム|係|責任者|業者|作業員)(?:の者)?(?:が|から|より).*ます",
)
REQUEST = _any(
    r"\bplease (?!wait|hold|allow|bear|tell|let me know if|confirm|verify|provide|give me|be patient|note)\w+",
    r"\byou(?:'ll| will)? (?:just )?(?:need|have|ought) to|\byou(?:'ll| will| may| might) (?:just )?want to|\byou (?:must|should(?! (?:be (?:able|getting|receiving|hearing|seeing|fine|good)|see|get|receive|hear|find|now|have)\b)|can (?:also )?(?:try|call|go|send|visit|use|email|return))\b",
    r"\b(?:make sure|be sure) (?:to|you|that you)\b|\b(?:don't forget|remember) to\b",
    r"\b(?:give (?:us|me) a call|call (?:us|me)(?: back)?|let (?:us|me) know|contact (?:us|me|the)|send (?:us|me|it)|come back|follow up with)\b",
    r"\b(?:i|we)(?: ?'d| would)? (?:advise|suggest|recommend|encourage)|\b(?:i|we)(?: ?'d| would)? (?:like|want|need) you to\b",
    r"\b(?:can|could|would) you (?:please )?(?:send|call|email|ask|arrange|cancel|refund|replace|change|update|make sure)\b",
    rf"(?<!the )(?<!your )(?<!my )\bfirst,? (?:{VERBS})\b|^(?:then,? )?(?:download|install|uninstall|restart|unplug|upload|fill in|fill out|reply to|sign in|log in) \w+",
    r"\bcontinue (?:taking|using|with|on|the|your)\b",
    r"(?<!wie )\bbitte\b(?! sehr| sch[öo]n)|\bsie (?:müssen|sollten|sollen|brauchen)\b|\b(?:könnten|würden) sie\b|denken sie daran|vergessen sie nicht",
    r"주세요|주시(?:기 바랍니다|면 됩니다|겠어요)|(?<!잘 )부탁(?:드립니다|드려요|드릴게요|합니다)|십시오|하셔야|(?:해|내) ?주셔야",
    r"ください|下さい|(?<!よろしく)(?<!宜しく)お願い(?:いた|致)?し(?:ます|たい)|していただけ|いただく必要",
)
IN_CALL = _any(
    r"\banything else|\bsomething else|\bwhat else|\bhow (?:else )?(?:can|may|could) (?:i|we)",
    r"\b(?:let me|let us|i'?ll|i will|i(?:'m| am) (?:just )?(?:going to|gon ?na)|we'?ll|we will|i wan ?na|let ?'s)"
    r" (?:(?:just|quickly|also|now|go ahead and|have to|need to|be able to) )*"
    r"(?:check|look|see|pull|take a|have a|verify|confirm|ask you|do (?:a|an|your) (?:quick|physical)|help|assist|need|examine|listen|press|"
    r"be right|put you|place you|transfer|connect|wait|hold|try|do that|do my|think|be there|be happy|be glad|know|tell|say|explain|mention|go over|start with|talk|summarize|review|discuss|address|meet)(?!.*\b(?:contact|call|phone|e-?mail|text|notify|write to) you\b)",
    r"(?:\b(?:one|just a|give me a|for a|in a)|^a) (?:moment|second|minute|sec)\b|\bhold on|\bbear with|\bhang on|\bplease (?:wait|hold|allow|stay)",
    r"\b(?:could|can|may|might|would) (?:i|you|we) (?:please |just |also |kindly )*(?:have|get|know|tell|confirm|provide|give|verify|spell|repeat|help|hear|share|ask|lift|move|bend|show|take a)",
    r"\bplease (?:confirm|tell|provide|give me|verify|share|note|enter|select|rate)|\bleave (?:a|your|us a)(?: \w+)? message|\bcome again|\bconfirmation details|\bto confirm\b|\baffirm\b|\bgo ahead[.?!]?$",
    r"\bthank|\bwelcome|\bhave a (?:great|nice|good|wonderful|lovely)|\bhappy to\b|\bglad to\b|\bsorry\b|\bno problem|\bappreciate",
    r"\b(?:will|'ll) (?:be )?(?:right )?(?:in|back|with you)\b|\b(?:is|are) (?:right )?(?:back|with you)\b|\bcome in\b|\bwon't\b|\b(?:will|would|can|could) ?n[o']t\b",
    r"\b(?:that|it|there)(?: ?'ll| will) be\b|\bdon't worry|\bdo you (?:want|need|have|know)|\bwould you like|\bwill that be|\bdoes that",
    r"\b(?:i'?ll|i will|i(?:'d| would)) (?:like|love|take|have|go with|prefer|be)\b(?! you| to\b)",
    r"kann ich (?:ihnen )?(?:sonst|noch|helfen)|wie kann ich|(?:einen|kleinen) moment|augenblick|bleiben sie|nennen sie|darf ich|vielen dank"
    r"|(?:können|könnten) sie mir .*(?:nennen|sagen|bestätigen|geben)|(?:schaue|sehe) (?:kurz |mal )?nach|guten tag|auf wiederhören",
    r"잠시만|도와 ?(?:드릴까요|드리겠)|더 (?:필요|궁금)|성함|성명|감사합니다|확인해 ?(?:보겠|드리겠|볼게|드릴게)|말씀해 ?(?:주|보)|알겠습니다|불러 ?주|알려 ?주",
    r"少々お待ち|お待ちください|お名前|確認(?:いた|致)?します|お調べ|お伺い|ありがとうござい|他に|教えて|おっしゃ|失礼(?:いた|致)?します|承知|かしこまり",
)
# Offers by an agent. They become something to do if the customer accepts.
OFFER = _any(
    r"\b(?:i|we) (?:can|could) (?:also |just |then )?(?:send|ship|book|order|arrange|schedule|refund|replace|credit|cancel|issue|waive|reserve)\b",
    r"\bich (?:kann|könnte) ihnen .*(?:schicken|senden|erstatten|buchen|gutschreiben|reservieren)\b|드릴 수 있|(?:発送|交換|返金|手配|予約)(?:することが)?(?:できます|可能です)",
)
CONSENT = _any(
    r"\b(?:yes|yeah|yep|sure|ok|okay|great|perfect|please|fine|good|works|wonderful|excellent|thanks|thank you)\b(?!, but)",
    r"\b(?:ja|gern|gerne|gut|bitte|prima|perfekt)\b|^(?:네|예)|좋|はい|お願い",
)
# Answers of a customer who tried the advice during the call.
TRIED = _any(
    r"\bi(?: have|['’]ve)? (?:just |already )?(?:did|done|tried|checked|restarted|unplugged|reset)\b|\bstill (?:not|no|the same|red|nothing|doesn't|won't|isn't)\b"
    r"|\b(?:it|that)(?: still)? (?:worked|works|helped|(?:didn't|doesn't|won't) (?:work|help|do))\b",
    r"\bhabe ich (?:schon|gerade|bereits|eben)|\b(?:immer noch|geht jetzt|hat (?:nicht )?geholfen)|해 ?봤|했는데|아직도|여전히|やってみ|しましたが|試し",
)
DONE = _any(
    r"\b(?:i|we)(?:'ve|’ve| have)(?: just| now| already| also)? \w+(?:ed|en|nt|t|de|ut|it)\b|\bhas been\b|\bhave been\b|\bis (?:now )?(?:done|booked|confirmed|cancelled|all set)",
    r"\bhabe ich .*(?:t|en)\b|\bist erledigt|wurde\b|했습니다|되었습니다|됐습니다|しました|いたしました|済み",
)
PROBLEM = _any(
    r"\b(?:problem|issue|trouble|error|wrong|broken|broke|damaged|missing|lost|stolen|late|delayed|fail\w*|stopp?ed|can't|cannot|couldn't|won't|"
    r"doesn't|didn't|isn't|not working|never|unable|charged|complain\w*|hurt\w*|pain\w*|need|want|would like|looking for|calling about|trying to|help me)\b",
    r"problem|fehler|kaputt|defekt|zerbroch|fehlt|verspät|funktioniert nicht|geht nicht|nicht angekommen|möchte|brauche|reklam|kündig|storn",
    r"문제|고장|안 ?(?:돼|되|왔|와|나와|됩)|오류|환불|취소|교환|불량|파손|늦|못|싶|분실|해지",
    r"問題|故障|壊れ|エラー|届かない|届いていない|届きません|できない|できません|不良|返品|返金|キャンセル|解約|紛失|遅れ|たいのですが|たいんです",
)
SETTLED = _any(
    r"\b(?:refund\w*|replace\w*|credit\w*|send|sent|ship\w*|book\w*|schedul\w*|cancel\w*|confirm\w*|resolv\w*|fix\w*|solv\w*|reset|restart\w*|"
    r"escalat\w*|appointment|within|tomorrow|prescri\w*|order\w*|follow up|policy|unfortunately|submitted|available|reserv\w*)\b",
    r"erstatt|ersatz|schicke|gebucht|storniert|termin|gutschr|leider|veranlass|techniker",
    r"환불|교체|발송|예약|취소|접수|처리|방문|죄송하지만|완료",
    r"返金|交換|発送|予約|手配|キャンセル|完了|申し訳|訪問|対応",
)
GREETING = _any(
    r"\b(?:hello|hi|hey|good (?:morning|afternoon|evening)|bye|goodbye|thanks?|thank you|welcome|how are you|have a|take care|my name is|you too|"
    r"how (?:can|may) i|anything else|nice day|cheers|pleasure)\b",
    r"guten (?:tag|morgen|abend)|hallo|wiederhören|danke|vielen dank|gern geschehen|wie kann ich|mein name",
    r"안녕|감사|고맙|수고|무엇을 도와|여보세요|こんにちは|もしもし|ありがとう|失礼|お世話|ご用件",
)

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_COUNT = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a few|a couple of|several|the next(?: \w+)?)"
)
_NOON = r"(?:noon|midday|midnight)"
_UNIT = r"(?:(?:business|working) )?(?:minute|hour|day|week|month|year)s?"
_HOUR = r"\d{1,2}(?::\d\d)? ?(?:[ap]\.m\.|[ap]m\b|o'clock)"
_CLOCK = r"\d{1,2}(?::\d\d)?"
_WHEN = (
    rf"(?:today|tonight|tomorrow(?: (?:morning|afternoon|evening|night|{_NOON}))?|(?:this|next|the following|on|every) (?:week|month|{_DAY}|morning|afternoon|evening)"
    rf"|{_DAY}(?: (?:morning|afternoon|evening))?|the end of (?:the |this )?(?:day|week|month)|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|the \d{{1,2}}(?:st|nd|rd|th)"
    rf"|{_HOUR}|{_NOON}|\d{{4}}-\d\d-\d\d|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)"
)
_TAG = r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
DUE = _any(
    rf"\b(?<!last )(?<!since )(?:(?:by|before|until|till|on|at|from|after|between|around|no later than) )?{_WHEN}(?:,? (?:at|by|between|before|and|to) {_WHEN}| at noon| (?:between|from) {_CLOCK} (?:and|to) {_CLOCK})*",
    rf"\b(?:within|in|after|for|over) (?:about |around |approximately |the next )?{_COUNT}(?:(?: to | or |-| - ){_COUNT})? {_UNIT}",
    rf"\b{_COUNT}(?: to |-){_COUNT} {_UNIT}|\b\d+ (?:business|working) days|\bwithin the (?:next )?(?:hour|day|week|month)\b|\bas soon as possible|\basap\b|\bonce a (?:day|week)",
    r"\b(?:bis |am |ab |noch )?(?:heute|(?<!guten )morgen|übermorgen)(?: noch| früh| vormittag| nachmittag| abend)?\b(?:,? um \d{1,2}(?:[:.]\d\d)? uhr)?",
    rf"\b(?:bis |am |bis zum |ab |nächsten? |kommenden? )(?:{_TAG}|woche|ende der woche|\d{{1,2}}\.(?: ?\w+)?)(?: zwischen \d{{1,2}} und \d{{1,2}} uhr|,? um \d{{1,2}}(?:[:.]\d\d)? uhr)?",
    r"\b(?:innerhalb von|binnen|in) (?:\w+ bis )?\w+ (?:stunden|tagen|werktagen|wochen|minuten)\b|\bum \d{1,2}(?:[:.]\d\d)? uhr",
    r"(?:오늘|내일|모레|이번 ?주|다음 ?주|[월화수목금토일]요일)(?: ?(?:오전|오후|중|안|\d+시(?: ?\d+분| ?반)?|까지|월요일|화요일|수요일|목요일|금요일))*|"
    r"\d+ ?(?:~ ?\d+ ?)?(?:시간|영업일|주일?|일|시|분)(?: ?(?:이내|안|후|까지|내))(?:에|로)?",
    r"(?:本日|今日|明日|明後日|今週|来週|[月火水木金土日]曜日?)(?:中|の?午前中?|の?午後|まで)?(?:に|まで)?|\d+(?:営業日|日|時間|週間|時|分)(?:以内|後|まで)(?:に)?",
)
