"""The cheapest provider over monthly tokens and horizon."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from .answer import Comparison
from .variations import MONTHS, TOKENS, with_tokens
from .what_if import Compare, Progress, compare_plainly, standings

if TYPE_CHECKING:
    from .arrays import Floats, Ints

COLUMNS, STEP = 25, 3
"""Columns of the usual grid, and months from one of its rows to the next."""
HALVINGS = 3
"""How often the space between two columns is halved in search of the border in it."""

Cell = tuple[str, float]
"""Who is the cheapest, and at what total."""


@dataclass(frozen=True)
class Region:
    """A stretch of monthly tokens over which one provider is the cheapest at one horizon."""

    months: int
    low: float
    high: float
    provider: str


@dataclass(frozen=True)
class CheapestMap:
    """Who is the cheapest, and at what total, at each of some horizons (R) and monthly tokens (C)."""

    tokens: tuple[float, ...]
    months: tuple[int, ...]
    providers: tuple[str, ...]
    """Ids of those who are the cheapest somewhere; the source's where staying is."""
    winners: Ints
    """(R, C) index of the cheapest in ``providers``."""
    totals: Floats
    """(R, C) its total, in the profile's currency."""
    regions: tuple[Region, ...]
    """By horizon, then by tokens: the same, with the borders as they were found between the columns."""
    today: tuple[float, int]
    """Monthly tokens and months of the profile."""


def usual_grid(comparison: Comparison) -> tuple[list[float], list[int]]:
    """Monthly tokens in equal ratios around today's; months in equal steps, and today's."""
    tokens, months = comparison.profile.monthly_tokens, comparison.profile.months
    columns = np.geomspace(tokens / TOKENS, tokens * TOKENS, COLUMNS)
    return columns.tolist(), sorted({*range(STEP, MONTHS + 1, STEP), months})


def cheapest_map(
    comparison: Comparison,
    tokens: Sequence[float],
    months: Sequence[int],
    compare: Compare = compare_plainly,
    progress: Progress = lambda share: None,
) -> CheapestMap:
    """Compares at each of ``tokens`` and ``months``, both rising, and looks for the borders between two columns.

    The profile has to have tokens, and the comparison an option. A border lies within 1/16 of the distance of its
    columns (in ratio); who is the cheapest only somewhere between two columns with the same cheapest is missed.
    """
    rows: list[list[Cell]] = []
    regions: list[Region] = []
    for horizon in months:
        best = _row(comparison, horizon, compare)
        cells: list[Cell] = []
        for amount in tokens:
            cells.append(best(amount))
            progress((len(rows) + len(cells) / len(tokens)) / len(months))
        rows.append(cells)
        regions += _regions(horizon, tokens, cells, best)
    providers = sorted({region.provider for region in regions})
    return CheapestMap(
        tokens=tuple(tokens),
        months=tuple(months),
        providers=tuple(providers),
        winners=np.array([[providers.index(name) for name, _ in cells] for cells in rows]),
        totals=np.array([[total for _, total in cells] for cells in rows]),
        regions=tuple(regions),
        today=(comparison.profile.monthly_tokens, comparison.profile.months),
    )


def _row(comparison: Comparison, months: int, compare: Compare) -> Callable[[float], Cell]:
    """The cell at some monthly tokens, for one horizon."""
    profile = comparison.profile.model_copy(update={"months": months})

    def best(tokens: float) -> Cell:
        return next(iter(standings(compare(with_tokens(profile, tokens), comparison.catalogue)).items()))

    return best


def _regions(
    months: int, tokens: Sequence[float], cells: Sequence[Cell], best: Callable[[float], Cell]
) -> Iterator[Region]:
    """The stretches of a row."""
    low, provider = tokens[0], cells[0][0]
    for (left, (one, _)), (right, (other, _)) in pairwise(zip(tokens, cells, strict=True)):
        for border, following in _borders(left, right, one, other, best):
            yield Region(months, low, border, provider)
            low, provider = border, following
    yield Region(months, low, tokens[-1], provider)


def _borders(
    left: float, right: float, one: str, other: str, best: Callable[[float], Cell], halvings: int = HALVINGS
) -> list[tuple[float, str]]:
    """Where between two amounts the cheapest changes, and to whom."""
    if one == other:
        return []
    middle = sqrt(left * right)
    if halvings == 0:
        return [(middle, other)]
    between = best(middle)[0]
    return [
        *_borders(left, middle, one, between, best, halvings - 1),
        *_borders(middle, right, between, other, best, halvings - 1),
    ]
