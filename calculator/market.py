"""What the market offers to customers who differ in numbers alone: all that a change of usage leaves as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from pricing import Text
from pricing.yaml_reader import Document

from .answer import Unavailable
from .catalogue import Catalogue
from .profile import Profile
from .setting import Setting, bounds_of, event_of, setting_for
from .supply import Goods, Supply, side_by_side, supply_of

NUMBERS = frozenset({
    "input_tokens", "output_tokens", "cached_share", "batch_share", "off_peak_share", "growth", "stored_tokens",
    "training_tokens", "prompts",
})  # fmt: skip
"""What a workload says to the arithmetic alone."""


class Market(NamedTuple):
    """A setting and what each provider has for it."""

    setting: Setting
    supplies: list[Supply]
    """By provider id."""
    unavailable: tuple[Unavailable, ...]
    goods: Goods | None
    """Those of all supplies together; None where there are none."""


@dataclass(frozen=True)
class _Kind:
    """What customers have in common to whom the market offers the same."""

    key: str
    """The profile but for its numbers, and what depends on them: offers open to it, tokens that need a price."""
    profile: Profile = field(compare=False)
    met: float = field(compare=False)
    document: Document = field(compare=False)


def market_for(profile: Profile, catalogue: Catalogue, document: Document) -> Market:
    """The market of a profile; raises ``InputError`` with problems placed by ``document``.

    Those of the last kinds of customers are kept: whoever moves a number up and down is answered faster.
    """
    return _market(catalogue, _kind(profile, catalogue, document))


@lru_cache(maxsize=32)
def _market(catalogue: Catalogue, kind: _Kind) -> Market:
    setting = setting_for(kind.profile, catalogue, kind.document, kind.met)
    supplies, unavailable = [], []
    for provider in sorted(catalogue.prices.providers.values(), key=lambda provider: provider.provider):
        if provider is not setting.source:
            supply = supply_of(provider, setting)
            if isinstance(supply, Text):
                unavailable.append(Unavailable(provider, supply))
            else:
                supplies.append(supply)
    goods = side_by_side([supply.goods for supply in supplies]) if supplies else None
    return Market(setting, supplies, tuple(unavailable), goods)


def _kind(profile: Profile, catalogue: Catalogue, document: Document) -> _Kind:
    """The profile with plain numbers: 1 where it matters that there are any, 0 elsewhere."""
    workloads = [
        workload.model_copy(
            update={
                **dict.fromkeys(NUMBERS, 0),
                "output_tokens": float(workload.output_tokens > 0),
                "stored_tokens": float(workload.stored_tokens > 0),
            }
        )
        for workload in profile.workloads
    ]
    plain: dict[str, Any] = {"name": "", "growth": 0.0, "loss_per_day": 0.0, "workloads": workloads}
    day_rate = None if profile.team.day_rate is None else 0.0
    plain["team"] = profile.team.model_copy(update={"engineers": 1.0, "day_rate": day_rate})
    plain["overlap"] = profile.overlap.model_copy(update={"share": 0.0})
    common = profile.model_copy(update=plain)
    bounds = bounds_of(event_of(profile, catalogue, document))
    met = max((least for least in bounds if least <= profile.monthly_tokens), default=0.0)
    return _Kind(f"{met} {common.model_dump_json()}", common, met, document)
