"""How well a model does on mails that it has not learned from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)  # of probabilities, for the table of calibration
ONE_IN_TWENTY = 1.645  # standard deviations above chance: mere luck is as good once in twenty times


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was guessed of one mail, and what people made of it."""

    true: str
    guessed: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLabel:
    """How one label was guessed."""

    label: str
    mails: int
    precision: float | None  # of the mails guessed to be of it, those that are; None where none was
    recall: float  # of its mails, those guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Guesses of about the same probability: of a calibrated model as many are right as it says."""

    least: float
    most: float
    mails: int
    said: float  # the mean probability
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How well one question is answered."""

    mails: int
    accuracy: float
    by_chance: float  # the accuracy of saying always what is the most frequent
    labels: tuple[OfLabel, ...]
    calibration: tuple[Bin, ...]
    calibration_error: float  # by how much probabilities and truth differ, in the mean

    @property
    def better_than_chance(self) -> bool:
        """By more than luck explains once in twenty times."""
        spread = sqrt(self.by_chance * (1 - self.by_chance) / self.mails)
        return self.accuracy > self.by_chance + ONE_IN_TWENTY * spread


def judge(told: Sequence[Told]) -> Judgement:
    """Of at least one mail."""
    mails = len(told)
    true = Counter(one.true for one in told)
    bins = tuple(_bins(told))
    return Judgement(
        mails=mails,
        accuracy=sum(one.true == one.guessed for one in told) / mails,
        by_chance=true.most_common(1)[0][1] / mails,
        labels=tuple(_of_label(label, told) for label, _count in true.most_common()),
        calibration=bins,
        calibration_error=sum(one.mails * abs(one.said - one.right) for one in bins) / mails,
    )


def _of_label(label: str, told: Sequence[Told]) -> OfLabel:
    own = [one for one in told if one.true == label]
    guessed = [one for one in told if one.guessed == label]
    right = sum(one.guessed == label for one in own)
    return OfLabel(
        label=label,
        mails=len(own),
        precision=right / len(guessed) if guessed else None,
        recall=right / len(own),
    )


def _bins(told: Sequence[Told]) -> list[Bin]:
    found = []
    for least, most in pairwise(BINS):
        inside = [one for one in told if least < one.probability <= most]
        if inside:
            said = sum(one.probability for one in inside) / len(inside)
            right = sum(one.true == one.guessed for one in inside) / len(inside)
            found.append(Bin(least=least, most=most, mails=len(inside), said=said, right=right))
    return found
