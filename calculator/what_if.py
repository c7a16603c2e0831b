"""What would change the decision: the nearest value of each input at which another provider is the cheapest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import isclose, sqrt

from pricing.yaml_reader import Document

from .answer import Comparison
from .catalogue import Catalogue
from .comparison import compare_profile
from .profile import Profile
from .variations import Input, Variation, variations

Compare = Callable[[Profile, Catalogue], Comparison]
Progress = Callable[[float], None]
"""Is told what share of the work is done; what it raises stops the work."""

TOLERANCE = 1e-6
"""How closely a flip is found, in parts of its value; near 0 in parts of a hundredth of the range."""
SLACK = 1e-10
"""Relative size below which two totals differ by rounding only."""
HALVINGS = 3
"""How often a range is halved in search of a flip, where its ends alone do not exclude one."""
NUDGE = 0.2
"""By how much an input is changed to see how much it matters."""


@dataclass(frozen=True)
class Flip:
    """The value nearest to today's at which another provider is the cheapest."""

    value: float
    """The first such whole number (of months; of a day as ``date.toordinal`` counts), else within ``TOLERANCE``."""
    provider: str
    """Id of the provider that is the cheapest there; that of the source where staying is."""


@dataclass(frozen=True)
class Nudge:
    """The standing of today's cheapest with an input changed by ``NUDGE``."""

    value: float
    total: float
    """Its total."""
    margin: float
    """By how much it beats the best of the others; negative where it does not."""


@dataclass(frozen=True)
class Finding:
    """What the change of one input does to the decision."""

    input: Input
    below: Flip | None
    above: Flip | None
    less: Nudge | None
    more: Nudge | None


def standings(comparison: Comparison) -> dict[str, float]:
    """Totals by provider id, the cheapest first. Where nobody is cut off, staying with the source stands among them."""
    totals = {option.provider.provider: option.total for option in comparison.options}
    stay = comparison.baseline.total
    if comparison.event.cutoff is not None or stay is None:
        return totals
    source = comparison.baseline.provider.provider
    best = min(totals.values(), default=stay)
    first = stay < best or isclose(stay, best, rel_tol=1e-12, abs_tol=1e-12)
    return {source: stay, **totals} if first else {**totals, source: stay}


def cheapest(comparison: Comparison) -> str:
    """Id of the cheapest provider; there has to be one."""
    return next(iter(standings(comparison)))


def compare_plainly(profile: Profile, catalogue: Catalogue) -> Comparison:
    """A comparison of records that are sound already."""
    return compare_profile(profile, catalogue, Document("profile"))


def flips(
    comparison: Comparison, compare: Compare = compare_plainly, progress: Progress = lambda share: None
) -> list[Finding]:
    """What each input, changed alone, does to the decision. Empty where there is nothing to choose between."""
    if len(standings(comparison)) < 2:
        return []
    found = []
    every = list(variations(comparison))
    for done, variation in enumerate(every, 1):
        found.append(finding(variation, comparison, compare))
        progress(done / len(every))
    return found


def finding(variation: Variation, comparison: Comparison, compare: Compare = compare_plainly) -> Finding:
    """What the change of one input does to the decision, where there is something to choose between.

    Whole numbers (months, days) are exact: the first one at which another provider is the cheapest.

    The day rate, the loss per day, exchange rates and, where delay costs nothing, person-days cannot miss a flip
    either. There the total of each assignment of models is a straight line, so the lowest total is concave: where the
    line of one end of a range passes through the other end it is the lowest all along, and where it does not, the
    lowest total is looked up where the lines of the two ends meet, and so on (M. J. Eisner and D. G. Severance,
    Mathematical techniques for efficient record segmentation in large shared databases, J. ACM 23, 1976).

    All other totals only rise or only fall. No other provider can be the cheapest within a range whose ends show the
    highest total of today's cheapest below the lowest of each other. Ranges of which this does not hold are halved
    ``HALVINGS`` times; then only their ends count. What flips and flips back inside such a last piece, 1/8 of the way
    or less, is missed.
    """
    search = _Search(variation, comparison, compare)
    less, more = search.nudged(-NUDGE), search.nudged(NUDGE)
    return Finding(
        variation.input, search.nearest(variation.input.low), search.nearest(variation.input.high), less, more
    )


class _Search:
    """Comparisons along one input, each value compared once."""

    def __init__(self, variation: Variation, comparison: Comparison, compare: Compare) -> None:
        self.variation = variation
        self.input = variation.input
        self.compare = compare
        self.winner = cheapest(comparison)
        self.seen = {self.input.today: comparison}

    def at(self, value: float) -> Comparison:
        """The comparison with that value."""
        if value not in self.seen:
            self.seen[value] = self.compare(*self.variation.change(value))
        return self.seen[value]

    def cheapest(self, value: float) -> str:
        """Who is the cheapest at a value."""
        return cheapest(self.at(value))

    def nudged(self, by: float) -> Nudge | None:
        """Today's cheapest at a value changed by a part of it; None for a day, and where there is nothing to change."""
        if self.input.today == 0 or not self.variation.monotone:
            return None
        value = self.input.today + by * abs(self.input.today)
        value = round(value) if self.variation.whole else value
        value = min(max(value, self.input.low), self.input.high)
        return Nudge(value, standings(self.at(value))[self.winner], self._margin(value))

    def _margin(self, value: float) -> float:
        totals = standings(self.at(value))
        return min(total for provider, total in totals.items() if provider != self.winner) - totals[self.winner]

    def nearest(self, end: float) -> Flip | None:
        """The first flip on the way from today's value to ``end``, between the values that were compared already."""
        today = self.input.today
        leaps = {step * (1 + side * TOLERANCE / 2) for step in self.variation.steps for side in (-1, 1)}
        between = {value for value in {*self.seen, *leaps} if min(today, end) < value < max(today, end)}
        find = self._between_lines if self.variation.slope else self._between
        for near, far in pairwise(sorted({today, end, *between}, reverse=end < today)):
            flip = find(near, far)
            if flip is not None:
                return flip
        return None

    def _between(self, near: float, far: float, halvings: int = HALVINGS) -> Flip | None:
        """The first flip after ``near``, where today's cheapest still is the cheapest."""
        if self.variation.monotone and self._excluded(near, far):
            return None
        last = abs(far - near) <= 1 if self.variation.whole else halvings == 0 or self._close(near, far)
        if last:
            return self._narrowed(near, far) if self.cheapest(far) != self.winner else None
        middle = (near + far) // 2 if self.variation.whole else self._middle(near, far)
        return self._between(near, middle, halvings - 1) or self._between(middle, far, halvings - 1)

    def _middle(self, near: float, far: float) -> float:
        """Half way; in ratio, where all values are above 0."""
        return sqrt(near * far) if self.input.low > 0 else (near + far) / 2

    def _excluded(self, near: float, far: float) -> bool:
        """Whether totals that only rise or only fall from end to end leave no room for a flip."""
        one, other = standings(self.at(near)), standings(self.at(far))
        highest = max(one[self.winner], other[self.winner])
        return all(highest < min(total, other[name]) for name, total in one.items() if name != self.winner)

    def _tolerance(self, near: float, far: float) -> float:
        return TOLERANCE * max(abs(near), abs(far), (self.input.high - self.input.low) / 100)

    def _close(self, near: float, far: float) -> bool:
        return abs(far - near) <= self._tolerance(near, far)

    def _narrowed(self, near: float, far: float) -> Flip:
        """The flip between a value before and one after it: where the chord of the margins meets 0.

        The margin of the end that stays is halved, so that both ends move; every third step halves the range instead,
        as margins may leap.
        """
        before, after = self._margin(near), self._margin(far)
        step = 0
        while not self.variation.whole and not self._close(near, far):
            step += 1
            least = self._tolerance(near, far) / abs(far - near) / 2
            share = before / (before - after) if step % 3 and before > after else 0.5
            value = near + min(max(share, least), 1 - least) * (far - near)
            if self.cheapest(value) == self.winner:
                near, before, after = value, self._margin(value), after / 2
            else:
                far, before, after = value, before / 2, self._margin(value)
        return Flip(far, self.cheapest(far))

    def _between_lines(self, near: float, far: float) -> Flip | None:
        """The first flip after ``near`` where the lowest total is concave."""
        if self.cheapest(near) != self.winner:
            return Flip(near, self.cheapest(near))
        (here, rise), (there, rise_there) = self._line(near), self._line(far)
        gap = here + rise * (far - near) - there
        if gap <= SLACK * max(abs(here), abs(there)):
            return None
        # Neither line is below the lowest total anywhere, so they meet between the two ends; beyond them only by
        # rounding, or where there were too many models to find the lowest total for sure.
        meet = far - gap / (rise - rise_there) if rise != rise_there else far
        meet = min(max(meet, min(near, far)), max(near, far))
        height = there + rise_there * (meet - far)
        if meet not in (near, far) and self._line(meet)[0] < height - SLACK * abs(height):
            return self._between_lines(near, meet) or self._between_lines(meet, far)
        return Flip(meet, self.cheapest(far)) if self.cheapest(far) != self.winner else None

    def _line(self, value: float) -> tuple[float, float]:
        """The lowest total at a value, and how fast it rises there."""
        assert self.variation.slope is not None
        comparison = self.at(value)
        provider, total = next(iter(standings(comparison).items()))
        option = next((one for one in comparison.options if one.provider.provider == provider), None)
        return total, self.variation.slope(option, value)
