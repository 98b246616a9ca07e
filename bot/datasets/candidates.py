"""Picks the stored pairs that can go into a dataset."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import partial

from bot.answers.family import Family
from bot.answers.prompts import fingerprint, frame
from bot.datasets import rules
from bot.datasets.dataset import Candidate, side_of
from bot.datasets.ports import Cores, Workbench
from bot.datasets.record import completion, line, recorder, to_holdout
from bot.datasets.rules import Finding
from bot.datasets.second_scan import Scan, from_bytes, scan_stored
from bot.errors import UnknownSchema
from bot.feedback.pair import Pair, Stored, from_json
from bot.privacy.masker import Redact
from bot.task import Task


class Gathering:
    """Checks all pairs for one export."""

    def __init__(
        self, task: Task, family: Family, redact: Redact, seed: str, earlier: set[str], bench: Workbench, cores: Cores
    ) -> None:
        self.family, self.task, self.bench, self.redact, self._cores = family, task, bench, redact, cores
        self.candidates = 0
        self._seed, self.earlier = seed, earlier
        self._record = recorder(family.record_format)
        self._frame = frame(task, "tuned")
        self._prompts = {fingerprint(task, "base"), fingerprint(task, "tuned")}

    def take(self, batch: Iterable[Stored]) -> dict[str, bytes]:
        """Adds pairs to the bench or finds fault with them. Returns the new scans, by key."""
        read = [(stored, pair) for stored in batch if (pair := self._read(stored)) and pair.task == self.task.name]
        scans = {stored.key: from_bytes(stored.scan, stored.text, self.redact) for stored, _ in read}
        missing = [stored for stored, _ in read if scans[stored.key] is None]
        made = self._cores.map(partial(scan_stored, mode=self.redact), [stored.text for stored in missing])
        fresh = {stored.key: scan for stored, scan in zip(missing, made, strict=True)}
        scans |= {stored.key: from_bytes(fresh[stored.key], stored.text, self.redact) for stored in missing}
        for stored, pair in read:
            if scanned := scans[stored.key]:
                self._take(stored.key, pair, scanned)
        return fresh

    def _read(self, stored: Stored) -> Pair | None:
        try:
            return from_json(stored.text)
        except UnknownSchema as error:
            self._find(stored.key, rules.UNREADABLE, str(error))
        except (ValueError, TypeError, KeyError):
            self._find(stored.key, rules.UNREADABLE, "it is damaged")
        return None

    def _take(self, key: str, pair: Pair, scanned: Scan) -> None:
        try:
            answer = completion(self.task, pair.output)
        except ValueError:
            return self._find(key, rules.WRONG_OUTPUT, f"the schema of the task {pair.task} has changed")
        asked = self._frame.texts(pair.transcript)
        tokens = rules.tokens(*asked, answer)
        if broken := self._broken(pair, scanned, answer, tokens):
            return self._find(key, *broken)
        candidate = self._candidate(key, pair, scanned, asked, answer, tokens)
        if not candidate.known and pair.prompt not in self._prompts:
            self._find(key, rules.OLD_PROMPT, f"the prompt was {pair.prompt}")
        self.bench.add(candidate)
        self.candidates += 1
        return None

    def _broken(self, pair: Pair, scanned: Scan, answer: str, tokens: int) -> tuple[rules.Rule, str] | None:
        """Returns the rule that keeps a pair out and what was found, or None."""
        if not scanned.whole:
            return rules.NO_TRANSCRIPT, ""
        if rules.says_nothing(pair.output):
            return rules.EMPTY, ""
        if scanned.personal:
            return rules.PERSONAL, ", ".join(scanned.personal)
        most = self.family.limits.max_record_tokens
        if most and tokens > most:
            return rules.TOO_LONG, f"{tokens:,} tokens (estimate), at most {most:,} allowed"
        if word := rules.reserved(self.family, pair.transcript, answer):
            return rules.RESERVED, repr(word)
        return None

    def _candidate(
        self, key: str, pair: Pair, scanned: Scan, asked: tuple[str, str], answer: str, tokens: int
    ) -> Candidate:
        call = hashlib.sha256(pair.transcript.encode())
        content = call.copy()
        content.update(answer.encode())
        side = side_of(call.hexdigest()[:32], self._seed)
        known = content.hexdigest()[:32] in self.earlier
        row = to_holdout(pair, answer) if side == "holdout" else self._record(*asked, answer)
        topics = pair.output.get("topics", pair.output.get("categories", ()))
        return Candidate(
            key=key,
            call=call.digest()[:16],
            call_id=hashlib.sha256(pair.call.encode()).digest()[:16],
            content=content.digest()[:16],
            side=side,
            known=known,
            asked_at=pair.asked_at,
            at=pair.at,
            label=pair.label,
            source=pair.source,
            reviewers=pair.reviewers,
            topics=tuple(map(str, topics)),
            tokens=tokens,
            signature=scanned.signature,
            line=line(row),
            preference=self._preference(pair, asked, answer) if side == "train" else b"",
        )

    def _preference(self, pair: Pair, asked: tuple[str, str], answer: str) -> bytes:
        """Returns the line that prefers a correction over the answer; b"" if there is no answer or it is the same."""
        if pair.rejected is None:
            return b""
        try:
            rejected = completion(self.task, pair.rejected)
        except ValueError:
            return b""
        system, user = asked
        row = {"system": system, "prompt": user, "chosen": answer, "rejected": rejected}
        return line(row) if rejected != answer else b""

    def _find(self, key: str, rule: rules.Rule, detail: str = "") -> None:
        self.bench.find(Finding(key, rule, detail))
