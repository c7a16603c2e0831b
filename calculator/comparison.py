"""``compare``: a profile in, the options by rank out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from pricing import Text
from pricing.yaml_reader import Document

from .account import account_of
from .answer import Baseline, Comparison, Option
from .case import Best, Case, cases_for
from .catalogue import Catalogue, load_catalogue
from .costs import source_cost
from .market import market_for
from .oneoff import ready_on
from .profile import Profile, profile_from, read_profile_file
from .search import COSTS, DAYS, READINESS, ranked
from .setting import Setting
from .usage import Usage, usage_of


def compare(
    profile: Profile | Mapping[str, Any] | Path | str, catalogue: Catalogue | None = None, **changes: Any
) -> Comparison:
    """Prices a profile with every provider and ranks them.

    ``profile`` is a ``Profile``, a mapping, or the path of a YAML file; ``changes`` replace its fields
    (``compare("profile.yaml", months=24)``). Raises ``InputError`` where the input cannot be used.
    """
    loaded, document = profile_in(profile, changes)
    return compare_profile(loaded, catalogue or load_catalogue(), document)


def profile_in(
    profile: Profile | Mapping[str, Any] | Path | str, changes: Mapping[str, Any] | None = None
) -> tuple[Profile, Document]:
    """The profile that was given in one of the ways ``compare`` takes, with ``changes`` to its fields."""
    if isinstance(profile, Profile):
        profile = profile.model_dump(by_alias=True)
    if isinstance(profile, Mapping):
        return profile_from({**profile, **(changes or {})})
    return read_profile_file(profile, changes=changes)


def compare_profile(profile: Profile, catalogue: Catalogue, document: Document) -> Comparison:
    """``compare`` for a profile that was read: ``document`` knows the lines, so that errors can point at them."""
    market = market_for(profile, catalogue, document)
    setting = market.setting
    usage = usage_of(profile, setting.day_rate)
    cases = cases_for(market.supplies, market.goods, usage) if market.goods else []
    found = [case.best() for case in cases]
    costs = np.array([best.costs for best in found]).reshape(len(found), COSTS, 1)
    ready = ready_on(setting.horizon.as_of, costs[:, DAYS, 0] / usage.engineers).tolist()
    source_tokens = float(usage.source_tokens[0])
    return Comparison(
        catalogue=catalogue,
        profile=profile,
        event=setting.event,
        horizon=setting.horizon,
        baseline=_baseline(setting, usage),
        options=tuple(
            _option(rank, cases[index], found[index], ready[index], source_tokens)
            for rank, index in enumerate(ranked(costs, len(costs))[:, 0].tolist(), 1)
        ),
        unavailable=market.unavailable,
        exchange_rates=setting.exchange_rates,
        day_rate=float(usage.day_rate[0]),
    )


def _option(rank: int, case: Case, best: Best, ready: date, source_tokens: float) -> Option:
    """The provider's cheapest assignment, told."""
    supply = case.supply
    account = account_of(case, best.assignment)
    chosen = [*zip(supply.setting.profile.workloads, supply.ratio, account.models, strict=True)]
    unsure = [] if best.certain else [Text("too many combinations of models to try them all: a good one is shown")]
    return Option(
        rank=rank,
        provider=supply.provider,
        models={workload.label: supply.models[m] for workload, _, m in chosen},
        ratios={workload.label: float(ratio[m, 0]) for workload, ratio, m in chosen},
        monthly=account.months(),
        one_off=case.work.items(account.models, account.re_embedding, case.costs.training),
        readiness_cost=float(best.costs[READINESS, 0]),
        ready_on=ready,
        free_until=account.free_until(),
        source_tokens=source_tokens,
        offers=account.offers(),
        assumptions=account.assumptions(),
        warnings=(*unsure, *case.work.warnings(account.models)),
    )


def _baseline(setting: Setting, usage: Usage) -> Baseline:
    """The source's list cost, month by month."""
    monthly = source_cost(setting, usage)
    return Baseline(setting.source, None if monthly is None else tuple(monthly[:, 0].tolist()))
