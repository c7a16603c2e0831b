"""``compare_many``: a table of profiles in, the best provider of each row out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pricing import InputError, Problem

from .case import case_for
from .catalogue import Catalogue, load_catalogue
from .comparison import profile_in
from .costs import source_cost
from .market import Market, market_for
from .profile import Profile
from .search import BILL, ONE_OFF, READINESS, TOTAL, ranked
from .setting import bounds_of, event_of
from .table import Table, table_of
from .usage import Usage, usage_of

if TYPE_CHECKING:
    import pandas as pd

    from .arrays import Assignment, Floats

CHUNK = 2_048
"""Rows that are calculated together: their arrays stay in the processor's cache."""
MONEY = {"total": TOTAL, "bill": BILL, "one_off_cost": ONE_OFF, "readiness_cost": READINESS}


def compare_many(
    profile: Profile | Mapping[str, Any] | Path | str,
    table: pd.DataFrame | Mapping[str, Any],
    catalogue: Catalogue | None = None,
    *,
    totals: bool = False,
) -> pd.DataFrame:
    """The best provider for each row of a ``table``, as ``compare`` would find it row by row.

    ``profile`` is what all rows have in common; a column replaces one of its fields and is called like it: ``growth``,
    ``team.day_rate``, ``workloads.chat.input_tokens`` (a workload by its name or its number from 0), ``starts``. Rows
    that differ in numbers alone are calculated together; each different day, stance, event, model … costs as much as
    an answer to one profile. An empty cell of the latter stands for the default.

    The result has the table's index and the columns ``provider``, ``total``, ``bill``, ``one_off_cost``,
    ``readiness_cost``, ``runner_up``, ``margin`` (its total less the best) and ``baseline``; money is in the profile's
    currency. They are empty where no provider takes all workloads. ``totals`` adds a column ``total.<provider>`` each.

    Raises ``InputError``, which names rows and columns.
    """
    import pandas as pd

    frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame(dict(table))
    base, _ = profile_in(profile)
    data = catalogue or load_catalogue()
    rows = table_of(base, frame)
    answers = _Answers(sorted(data.prices.providers), len(frame), totals)
    problems: list[Problem] = []
    for kind in _kinds(rows, data, problems):
        if problems:
            continue  # there will be no answer; what is wrong with the other rows is still told
        for start in range(0, len(kind.rows), CHUNK):
            some = kind.rows[start : start + CHUNK]
            answers.fill(some, kind.market, _usage(rows, kind.usage, kind.profile, some))
    if problems:
        raise InputError(problems)
    return answers.frame(frame.index)


@dataclass(frozen=True)
class _Kind:
    """Rows that differ in numbers alone."""

    rows: Assignment
    profile: Profile
    """That of the first row."""
    market: Market
    usage: Usage


def _kinds(table: Table, catalogue: Catalogue, problems: list[Problem]) -> Iterator[_Kind]:
    """The kinds of customers in a table; what is wrong with the terms of one is added to ``problems``."""
    for rows in _split(table, catalogue, problems):
        try:
            profile, document = table.profile(int(rows[0]))
            market = market_for(profile, catalogue, document)
        except InputError as error:
            problems += error.problems
        else:
            yield _Kind(rows, profile, market, usage_of(profile, market.setting.day_rate))


def _split(table: Table, catalogue: Catalogue, problems: list[Problem]) -> Iterator[Assignment]:
    """Numbers of the rows of each kind: rows with equal terms, to which the same offers and models are open."""
    everyone = np.arange(len(table.frame))
    if not len(everyone):
        return
    groups = [everyone]
    if table.terms:
        numbers = table.frame.groupby(table.terms, sort=False, dropna=False).ngroup()
        groups = _by(np.asarray(numbers, dtype=np.intp), everyone)
    for rows in groups:
        try:
            profile, document = table.profile(int(rows[0]))
            bounds = bounds_of(event_of(profile, catalogue, document))
        except InputError as error:
            problems += error.problems
            continue
        usage = _usage(table, usage_of(profile, 0.0), profile, rows)
        kinds = np.searchsorted(bounds, np.broadcast_to(usage.monthly_tokens, len(rows)), side="right")
        for tokens in (*usage.output_tokens, *usage.stored_tokens):
            if len(tokens) > 1:
                kinds = np.unique(kinds * 2 + (tokens > 0), return_inverse=True)[1]
        yield from _by(kinds, rows)


def _by(codes: Assignment, rows: Assignment) -> list[Assignment]:
    """The ``rows`` with equal ``codes``, in their order."""
    order = np.argsort(codes, kind="stable")
    edges = np.flatnonzero(np.diff(codes[order])) + 1
    return [rows[part] for part in np.split(order, edges)]


def _usage(table: Table, usage: Usage, profile: Profile, rows: Assignment) -> Usage:
    """The numbers of some rows; what no column says is that of ``usage``."""
    new: dict[str, Floats] = {}
    for path, values in table.numbers.items():
        mine, name = values[rows], str(path[-1])
        if path[0] == "workloads":
            continue
        if path == ("growth",):
            own = np.array([[workload.growth is not None] for workload in profile.workloads])
            new[name] = np.where(own, usage.growth, mine)
        else:
            new["overlap_share" if path[0] == "overlap" else name] = mine
    for path, values in table.numbers.items():
        if path[0] == "workloads":
            name = str(path[2])
            shape = (len(profile.workloads), len(rows))
            if name not in new:
                new[name] = np.broadcast_to(getattr(usage, name), shape).copy()
            new[name][int(path[1])] = values[rows]
    return usage.with_(len(rows), new)


class _Answers:
    """The columns of the answer, filled piece by piece."""

    def __init__(self, providers: list[str], rows: int, totals: bool) -> None:
        self.providers = providers
        self.number = {provider: number for number, provider in enumerate(providers)}
        self.best = np.full((2, rows), -1, dtype=np.int16)
        self.money = {name: np.full(rows, np.nan) for name in (*MONEY, "margin", "baseline")}
        self.totals = {provider: np.full(rows, np.nan) for provider in providers} if totals else {}

    def fill(self, rows: Assignment, market: Market, usage: Usage) -> None:
        """Calculates some rows."""
        baseline = source_cost(market.setting, usage)
        if baseline is not None:
            self.money["baseline"][rows] = baseline.sum(axis=0)
        if not market.supplies:
            return
        costs = np.stack([case_for(supply, usage).best().costs for supply in market.supplies])
        order = ranked(costs, min(len(costs), 2))
        everyone = np.arange(len(rows))
        known = np.array([self.number[supply.provider.provider] for supply in market.supplies], dtype=np.int16)
        self.best[: len(order), rows] = known[order]
        for name, part in MONEY.items():
            self.money[name][rows] = costs[order[0], part, everyone]
        if len(order) > 1:
            self.money["margin"][rows] = costs[order[1], TOTAL, everyone] - costs[order[0], TOTAL, everyone]
        for supply, cost in zip(market.supplies, costs, strict=True):
            if self.totals:
                self.totals[supply.provider.provider][rows] = cost[TOTAL]

    def frame(self, index: pd.Index) -> pd.DataFrame:
        """The table of the answers."""
        import pandas as pd

        names = pd.Index(self.providers)
        best, second = (pd.Categorical.from_codes(codes, names) for codes in self.best)
        money = {name: self.money[name] for name in MONEY}
        rest = {"runner_up": second, "margin": self.money["margin"], "baseline": self.money["baseline"]}
        totals = {f"total.{provider}": column for provider, column in self.totals.items()}
        return pd.DataFrame({"provider": best, **money, **rest, **totals}, index=index, copy=False)
