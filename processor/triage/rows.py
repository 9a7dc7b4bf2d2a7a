"""The rows of the rule table: one that matches decides; of neighbours that weigh, the heaviest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from processor.policy import Rule, When
from processor.triage.conditions import Condition, Facts, compile_when
from processor.triage.vocabulary import BY_ITSELF, Reading, Vocabulary
from processor.triage.weighing import WeighingRule, Weight

_COMMON = ("automatic:", "language:", "mailbox:", "recipient:")  # conditions that hold of very many mails


TOLD = 2  # of the rules that have enough: the one that takes the mail, and the next; of others their weight alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One rule that was asked about the mail."""

    rule: str
    matched: bool
    why: str  # what matched, or the first condition that failed
    # Of a row that came near: what of it matched before, but for what nearly every mail has. A remark, no result.
    held: str = field(default="", compare=False)


class Row:
    """One rule or urgency row, made ready. What it says when it fails never changes, so it is made once."""

    def __init__(self, name: str, when: When) -> None:
        self.name = name
        self._conditions = tuple(
            (condition, Tried(rule=name, matched=False, why=condition.lacking)) for condition in compile_when(when)
        )

    def ask(self, facts: Facts) -> Tried:
        """Does it match the mail, and why?"""
        held: list[str] = []
        for condition, failed in self._conditions:
            found = condition.found(facts)
            if bool(found) is not condition.wanted:
                return self._refused(condition, found, failed, held)
            if found:
                held.append(found)
        return Tried(rule=self.name, matched=True, why="; ".join(held) or "takes every mail")

    def _refused(self, condition: Condition, found: str, failed: Tried, held: list[str]) -> Tried:
        near = [words for words in held if not words.startswith(_COMMON)]
        if condition.wanted and not near:
            return failed
        why = failed.why if condition.wanted else found
        return Tried(rule=self.name, matched=False, why=why, held="; ".join(near))


class _WeighingRow:
    """A rule that weighs, made ready. Its conditions must hold, too."""

    def __init__(self, rule: Rule, vocabulary: Vocabulary) -> None:
        self.name = rule.name
        self._row = Row(rule.name, rule.when)
        self._weighing = WeighingRule(rule, vocabulary)
        self.any = self._weighing.any  # a mail that has none of these words has nothing that it weighs
        self.nothing = Tried(rule=rule.name, matched=False, why="weighs nothing")

    def weigh(self, facts: Facts, reading: Reading) -> tuple[Weight | None, Tried]:
        """How heavy it is for this mail, where that is enough; and what there is to say of it otherwise."""
        weight = self._weighing.weigh(reading, facts)
        if not weight.heard:
            return None, self.nothing
        asked = self._row.ask(facts)
        if not asked.matched:
            return None, asked
        why = f"weighs {weight.sum:g} of {self._weighing.enough:g}"
        near = why if 2 * weight.sum >= self._weighing.enough else ""
        said = Tried(rule=self.name, matched=False, why=why, held=near)
        return weight if weight.sum >= self._weighing.enough else None, said

    def told(self, weight: Weight, facts: Facts, *, matched: bool) -> Tried:
        """What it weighs, with everything that was heard."""
        why = self._weighing.told(weight, facts)
        return Tried(rule=self.name, matched=matched, why=why, held="" if matched else why)


class Run:
    """Neighbours in the table that weigh: of those with enough the heaviest takes the mail, of equals the first."""

    def __init__(self, rows: tuple[_WeighingRow, ...]) -> None:
        self._rows = tuple((row.any, row, (row, None, row.nothing)) for row in rows)

    def ask(self, facts: Facts, reading: Reading) -> list[Tried]:
        """What each says, in order; the one that takes the mail, if any, comes last."""
        mask = reading.mask | BY_ITSELF
        asked = [(row, *row.weigh(facts, reading)) if mask & some else lacking for some, row, lacking in self._rows]
        enough = [(weight.sum, -place) for place, (_, weight, _) in enumerate(asked) if weight]
        if not enough:
            return [said for _, _, said in asked]
        taking, *next_ = (-place for _, place in sorted(enough, reverse=True)[:TOLD])
        for place in next_:
            asked[place] = (asked[place][0], None, self._told(asked[place], facts, matched=False))
        tried = [said for place, (_, _, said) in enumerate(asked) if place != taking]
        return [*tried, self._told(asked[taking], facts, matched=True)]

    def _told(self, asked: tuple[_WeighingRow, Weight | None, Tried], facts: Facts, *, matched: bool) -> Tried:
        row, weight, said = asked
        return row.told(weight, facts, matched=matched) if weight else said

    def takers(self, facts: Facts, reading: Reading) -> list[str]:
        """Those that have enough."""
        return [row.name for _, row, _ in self._rows if row.weigh(facts, reading)[0]]


class Single:
    """One row that does not weigh."""

    def __init__(self, row: Row) -> None:
        self._row = row

    def ask(self, facts: Facts, reading: Reading) -> list[Tried]:  # noqa: ARG002 - rows and runs are asked alike
        """What it says."""
        return [self._row.ask(facts)]

    def takers(self, facts: Facts, reading: Reading) -> list[str]:  # noqa: ARG002 - rows and runs are asked alike
        """Its name, where it matches."""
        return [self._row.name] if self._row.ask(facts).matched else []


def compile_rows(rules: Iterable[Rule], vocabulary: Vocabulary) -> Iterator[Run | Single]:
    """The rules in order, neighbours that weigh together."""
    for weighs, some in groupby(rules, key=lambda rule: bool(rule.evidence)):
        if weighs:
            yield Run(tuple(_WeighingRow(rule, vocabulary) for rule in some))
        else:
            yield from (Single(Row(rule.name, rule.when)) for rule in some)
