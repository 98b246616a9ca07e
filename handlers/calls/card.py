"""The cards of answers in Block Kit.

Pure functions. Every message fits Slack's limits: each call gets an equal share of the room, and each field an equal share
of its call's. If something doesn't fit, the message says so, and `overflow` holds the complete text for a file.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bot.answers.answer import Answer, KeptAnswer
from bot.answers.family import EMBEDDED
from bot.feedback.votes_and_corrections import Standing
from handlers.calls import votes_line
from handlers.slack.fields import ROW, Laid, counted, field, item_words, title, words
from handlers.slack.layout import MESSAGE, actions, button, context, header, listed, section
from handlers.slack.message import Message, findable
from handlers.slack.mrkdwn import Block, clean, clip, escape, flat, mrkdwn, plain, size

DEFAULT_TASK = "summarize"
IN_THE_FILE = "The full wrap-up is in the file below."
# Slack can't show a file below a message that only one person sees.
SENT_DIRECTLY = "The full wrap-up is in the file that I sent you in a direct message."
SHOWN = "{:,} of {:,} calls are shown here. "
BLOCK_ID = 300  # characters: room for the block id that names the request
FULL_CALL = 2_900  # characters: the least room in which a call is readable with all its fields
FEWEST_BLOCKS = 4  # of a call with a single field: heading, field, footer, buttons
BRIEF_CALL = 1_300  # characters: the room of a call with the start of its answer and counts
DIVIDER: Block = {"type": "divider"}  # between calls with all their fields
# Ids that mean nothing to people: our hash of a call's content, a thread's time, and UUIDs.
_MEANS_NOTHING = re.compile(r"call-[0-9a-f]{16}|thread-[\d.]+|\w{8}-\w{4}-\w{4}-\w{4}-\w{12}")

CHOICES = {
    "copy": "Copy as text",
    "transcript": "Show transcript",
    "versions": "Show versions",
    "correct": "Correct",
    "forget": "Forget this call",
    "delete": "Delete",
}


def answers(
    request: str,
    kept: Sequence[KeptAnswer],
    problems: Sequence[tuple[str, str]],
    *,
    private: bool = False,
    posted_by: str = "",
    standings: Mapping[str, Standing] | None = None,
) -> Message:
    """One reply with the answer to each call, then the problems.

    `problems`: pairs of file and sentence; the file is "" if it isn't about one. `private`: adds the button that posts it
    to the channel. `posted_by`: the user id of the person who posted it. `standings`: the feedback, by key of the answer.
    """
    said = standings or {}
    post = [button("Post to channel", "post_to_channel", request, style="primary")] if private and kept else []
    where = SENT_DIRECTLY if private else IN_THE_FILE
    poster = [{"type": "context", "elements": [mrkdwn(f"Posted by <@{escape(posted_by)}>")]}] if posted_by else []
    # Take off first what must be there in any case, then share the rest. The numbers stand for the widest ones.
    beside = [*poster, *map(actions, post), context(SHOWN.format(10**6, 10**6) + where)]
    room = MESSAGE.characters - MESSAGE.cost(*beside) - BLOCK_ID
    # With answers, the problems take at most a quarter, so that the answers come first.
    unread = _unread(problems, room // 4, "Left out") if kept else _unread(problems, room, "I couldn't read these")
    calls = _whole(kept, [*beside, *unread.blocks], said) or _cut(kept, room - MESSAGE.cost(*unread.blocks), said)
    whole = calls.whole and unread.whole
    blocks = [*calls.blocks, *unread.blocks, *([] if whole else [_rest(calls, len(kept), where)])]
    blocks = _with_button(blocks or [section(plain("There was no call to wrap up."))], post, len(kept))
    return Message(_gist(kept, problems), findable(request, [*poster, *blocks]), "" if whole else _full(kept, problems))


def _rest(calls: Laid, count: int, where: str) -> Block:
    shown = sum(block["type"] == "header" for block in calls.blocks)
    return context((SHOWN.format(shown, count) if shown < count else "") + where)


def _with_button(blocks: list[Block], post: list[Block], calls: int) -> list[Block]:
    """Adds the button at the end. With a single call it goes beside the menu, to show what it posts."""
    if not post or calls != 1 or blocks[-1]["type"] != "actions":
        return blocks + [actions(*post)] * len(post)
    return [*blocks[:-1], actions(*post, *blocks[-1]["elements"])]


def posted() -> Message:
    """The text that replaces a private answer after it was posted to the channel."""
    text = "Posted to the channel."
    return Message(text, [section(plain(f"✅ {text}"))])


def deleted(places: Sequence[tuple[str, str]]) -> Message:
    """For the person who deleted a call log. `places`: channel and ts of its answers."""
    text = "You deleted a call log, so I've forgotten the call and everything made from it. Its answer is still here."
    press = button("Delete the answer too", "delete_answer", json.dumps(list(places[:20])), style="danger")
    return Message(text, [section(plain(text)), actions(press)])


def hint() -> Message:
    """How to ask, for a mention without a call."""
    text = "I can't find a call here. Mention me with the text of a call or its file, and I'll wrap it up."
    return Message(text, [section(plain(f"👋 {text}")), _ways()])


def usage() -> Message:
    """The help of the slash command."""
    text = "Wrapup reads a call log and answers with its summary, topics, action items and next steps."
    return Message(text, [section(plain(text)), _ways()])


def _ways() -> Block:
    rows = (
        "`/summarize` opens a form: paste a call or upload its file",
        "`/summarize TEXT` wraps up the text. Only you see the answer until you post it",
        "`/summarize LINK` wraps up the message that the link leads to",
        "Mention me with text or files in a channel or thread, or send them in a direct message",
        "*Wrap up this call* in the menu of any message",
    )
    return section(mrkdwn("\n".join(f"•  {row}" for row in rows)))


def as_text(kept: Sequence[KeptAnswer]) -> str:
    """The complete answers as Markdown."""
    return "\n\n".join(_markdown(name, each) for name, each in zip(names(kept), kept, strict=True)) + "\n"


def names(kept: Sequence[KeptAnswer]) -> list[str]:
    """The name of each call: its file, with its id if the file has several calls or the id means something to people."""
    same = Counter(each.file for each in kept)
    return [_name(each, alone=same[each.file] == 1) for each in kept]


def _name(kept: KeptAnswer, *, alone: bool) -> str:
    call = kept.answer.call
    if alone and _MEANS_NOTHING.fullmatch(call):
        return clean(kept.file) if kept.file else _kind(kept)
    return clean(" · ".join(dict.fromkeys(filter(None, (kept.file, call)))))


def _kind(kept: KeptAnswer) -> str:
    return "Wrap-up" if kept.answer.task == DEFAULT_TASK else title(kept.answer.task)


def _whole(kept: Sequence[KeptAnswer], beside: Sequence[Block], said: Mapping[str, Standing]) -> Laid | None:
    """All calls with all their fields, if they fit into a message together with the blocks `beside` them."""
    if len(kept) > MESSAGE.blocks // FEWEST_BLOCKS:
        return None
    room, titles = MESSAGE.characters, names(kept)
    laid = [_call(name, each, room, said) for name, each in zip(titles, kept, strict=True)]
    blocks = [block for each in laid for block in (DIVIDER, *each.blocks)][1:]
    fits = all(each.whole for each in laid) and MESSAGE.holds(*blocks, *beside, spare=BLOCK_ID)
    return Laid(blocks, whole=True) if fits else None


def _cut(kept: Sequence[KeptAnswer], room: int, said: Mapping[str, Standing]) -> Laid:
    """As many calls as fit, shortened."""
    titles = names(kept)
    # If the equal share is too small for all fields, show the start of each answer only.
    full = room // max(len(kept), 1) >= FULL_CALL
    shown = len(kept) if full else min(len(kept), room // BRIEF_CALL)
    between = [DIVIDER] if full else []
    room -= MESSAGE.cost(*between) * (shown - 1)
    blocks: list[Block] = []
    for index in range(shown):
        lay = _call if full else _brief
        # An equal share of what is left: a short call leaves its rest to the ones after it.
        laid = lay(titles[index], kept[index], room // (shown - index), said)
        room -= MESSAGE.cost(*laid.blocks)
        blocks += [*(between if index else []), *laid.blocks]
    return Laid(blocks, whole=False)


def _call(name: str, kept: KeptAnswer, room: int, said: Mapping[str, Standing]) -> Laid:
    """A call with all fields of its output, and a footer with buttons."""
    standing = said.get(kept.key, votes_line.OPEN)
    head, menu = header(name), _menu(kept.key, "copy", "transcript", "versions", "forget", "delete")
    foot = [
        *votes_line.lines(standing),
        context(_footer(kept.answer)),
        actions(*votes_line.buttons(kept.key, standing), menu),
    ]
    unverified = {each.index: each.reason for each in kept.answer.unverified}
    room -= MESSAGE.cost(head, *foot)
    fields = kept.answer.output.model_dump(mode="json")
    blocks, whole = [head], True
    for number, (each, value) in enumerate(fields.items()):
        # An equal share of what is left: a short field leaves its rest to the ones after it.
        laid = field(each, value, unverified, room // (len(fields) - number))
        room -= MESSAGE.cost(*laid.blocks)
        blocks += laid.blocks
        whole = whole and laid.whole
    return Laid([*blocks, *foot], whole)


def _brief(name: str, kept: KeptAnswer, room: int, said: Mapping[str, Standing]) -> Laid:
    """A call among many: the start of its answer, and the number of its other items."""
    fields = kept.answer.output.model_dump(mode="json")
    first, *rest = fields.items()
    counts = [counted(each, len(value)) for each, value in rest if isinstance(value, list)]
    unverified = [f"{len(kept.answer.unverified)} unverified"] if kept.answer.unverified else []
    standing = said.get(kept.key, votes_line.OPEN)
    state = [] if standing.state == "open" else [standing.state]
    head, foot = header(clip(name, 160)), context(" · ".join([*counts, *unverified, *state]))
    menu = _menu(kept.key, "copy", "transcript", "correct", "forget", "delete")
    empty = section(plain(""), accessory=menu)
    left = room - MESSAGE.cost(head, foot, empty)
    return Laid([head, empty | {"text": plain(clip(words(first[1]), max(left, 20)))}, foot], whole=False)


def _menu(key: str, *choices: str) -> Block:
    options = [{"text": {"type": "plain_text", "text": CHOICES[each]}, "value": f"{each}|{key}"} for each in choices]
    return {"type": "overflow", "action_id": "answer_menu", "options": options}


def _footer(answer: Answer) -> str:
    parts = [
        "built-in model (quotes the call)" if answer.model == EMBEDDED else answer.model,
        f"prompt {answer.prompt}",
        f"{answer.parts} parts" if answer.parts > 1 else "",
        f"{answer.usage.input_tokens:,} + {answer.usage.output_tokens:,} tokens" if answer.usage else "",
        f"{answer.latency_ms / 1000:.1f} s" if answer.latency_ms >= 1000 else f"{answer.latency_ms} ms",
    ]
    return " · ".join(filter(None, parts))


def _unread(problems: Sequence[tuple[str, str]], room: int, about: str) -> Laid:
    if not problems:
        return Laid([], whole=True)
    heading = section(mrkdwn(f"*{about}*"))
    rows = [f"⚠️ {_told(*each)}" for each in problems]
    content, shown = listed([clip(row, ROW) for row in rows], room - MESSAGE.cost(heading))
    return Laid([heading, *content], shown == len(rows) and all(size(row) <= ROW for row in rows))


def _told(file: str, sentence: str) -> str:
    return f"{file}: {sentence}" if file else sentence[:1].upper() + sentence[1:]


def _gist(kept: Sequence[KeptAnswer], problems: Sequence[tuple[str, str]]) -> str:
    files = sum(bool(file) for file, _ in problems)
    unread = f"{files} file{'s' * (files > 1)} couldn't be read." if files else ""
    if len(kept) == 1:
        return f"{_gist_of_one(kept[0])} {unread}".strip()
    if kept:
        listed = ", ".join(flat(name, 80) for name in names(kept)[:10])
        return f"Wrap-up of {len(kept)} calls: {listed}{', …' if len(kept) > 10 else '.'} {unread}".strip()
    return unread or "There was no call to wrap up."


def _gist_of_one(kept: KeptAnswer) -> str:
    name, kind = names([kept])[0], _kind(kept)
    field, first = next(iter(kept.answer.output.model_dump(mode="json").items()))
    said = words(first) if isinstance(first, str) else f"{title(field).lower()}: {words(first)}"
    return f"{kind if name == kind else f'{kind} of {flat(name, 150)}'}: {flat(said, 1500)}"


def _full(kept: Sequence[KeptAnswer], problems: Sequence[tuple[str, str]]) -> str:
    unread = "\n".join(f"- {clean(_told(*each))}" for each in problems)
    return as_text(kept) + (f"\n# Left out\n\n{unread}\n" if unread else "")


def _markdown(name: str, kept: KeptAnswer) -> str:
    unverified = {each.index: each.reason for each in kept.answer.unverified}
    fields = kept.answer.output.model_dump(mode="json").items()
    body = [f"## {title(each)}\n\n{_markdown_value(value, unverified)}" for each, value in fields]
    return "\n\n".join([f"# {name}", *body, clean(_footer(kept.answer))])


def _markdown_value(value: Any, unverified: dict[int, str]) -> str:
    if not isinstance(value, list):
        return clean(words(value))
    if value and isinstance(value[0], dict):
        items = (item_words(item, unverified.get(index, "")) for index, item in enumerate(value))
        return "\n".join(f"- {clean(what)} ({clean(aside)})".replace("\n", " ") for what, aside in items)
    return "\n".join(f"{number}. {clean(words(each))}" for number, each in enumerate(value, 1)) or "none"
