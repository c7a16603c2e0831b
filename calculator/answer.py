"""What a comparison answers. Money is in the profile's currency and unrounded; tokens are target tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from offers import Assumption, Event, Offer
from offers.claims import Status
from offers.schema import Benefit
from pricing import Model, Provider, Text

from .catalogue import Catalogue
from .profile import Profile
from .timeline import Horizon

Json = dict[str, Any]
Render = Callable[[Text], str]


class MonthRow(NamedTuple):
    """One month of an option; ``list_cost = grants + discounts + vouchers + bill``."""

    month: int
    """Number from 0; -1 is the overlap before the move."""
    starts: date
    ends: date
    """The day after the last."""
    tokens: float
    granted_tokens: float
    grants: float
    """Money that granted tokens saved."""
    discounts: float
    vouchers: float
    bill: float

    @property
    def list_cost(self) -> float:
        """Price of the month before any offer."""
        return self.grants + self.discounts + self.vouchers + self.bill


class BenefitUse(NamedTuple):
    """What one benefit of a claimed offer did: tokens for grants, money for vouchers, None elsewhere."""

    benefit: Benefit
    models: tuple[str, ...]
    """Ids of the models it covers."""
    granted: float | None
    used: float | None
    lapsed: float | None
    ends_on: date | None
    """Last day of its life; None: no end."""
    runs_out_on: date | None
    """Day on which it is spent."""
    saved: float
    """Money it saved: its realised value, re-embedding included."""


class OfferUse(NamedTuple):
    """What became of an offer."""

    offer: Offer
    status: Status
    reason: Text
    claimed_on: date | None
    claim_by: date | None
    """Last day to claim; None: no last day, or not to be claimed."""
    benefits: tuple[BenefitUse, ...]


class OneOffItem(NamedTuple):
    """One line of the one-off cost."""

    item: str
    """integration, evaluation, per_prompt, rework, reindex, retrain; re_embedding, retraining (token charges)."""
    days: float
    """Person-days, after services."""
    cost: float
    covered_by: str | None
    """Id of the offer whose service takes a share off, or pays."""
    days_saved: float = 0.0
    """Person-days that the service takes off."""


@dataclass(frozen=True)
class Option:
    """A provider with a model for each workload, and what moving there costs."""

    rank: int
    provider: Provider
    models: dict[str, Model]
    """Model by workload name."""
    ratios: dict[str, float]
    """Target tokens for one source token, by workload name."""
    monthly: tuple[MonthRow, ...]
    one_off: tuple[OneOffItem, ...]
    readiness_cost: float
    ready_on: date
    free_until: date | None
    """First day on which ordinary use is paid; None: never."""
    source_tokens: float
    """Source tokens of all months."""
    offers: tuple[OfferUse, ...]
    assumptions: tuple[Assumption, ...]
    warnings: tuple[Text, ...]

    @cached_property
    def bill(self) -> float:
        """What is paid for tokens."""
        return sum(row.bill for row in self.monthly)

    @cached_property
    def list_cost(self) -> float:
        """What the tokens would cost without any offer."""
        return sum(row.list_cost for row in self.monthly)

    @cached_property
    def saved_by_offers(self) -> float:
        """List cost - bill."""
        return sum(row.grants + row.discounts + row.vouchers for row in self.monthly)

    @cached_property
    def one_off_cost(self) -> float:
        """The work of moving, in money."""
        return sum(item.cost for item in self.one_off)

    @cached_property
    def total(self) -> float:
        """Bill + one-off cost + cost of not being ready."""
        return self.bill + self.one_off_cost + self.readiness_cost

    @cached_property
    def price_per_million(self) -> float | None:
        """Bill for 1,000,000 source tokens; None where there are none."""
        return self.bill / self.source_tokens * 1e6 if self.source_tokens else None


class Baseline(NamedTuple):
    """The source's own list cost over the months, had staying been possible; None: it has no price on the day."""

    provider: Provider
    monthly: tuple[float, ...] | None

    @property
    def total(self) -> float | None:
        """Sum of the months."""
        return None if self.monthly is None else sum(self.monthly)


class Unavailable(NamedTuple):
    """A provider that cannot take the workloads, and why."""

    provider: Provider
    reason: Text


class Comparison(NamedTuple):
    """The answer: options by rank, beside the cost of staying."""

    catalogue: Catalogue
    """The data it follows from."""
    profile: Profile
    event: Event
    horizon: Horizon
    baseline: Baseline
    options: tuple[Option, ...]
    unavailable: tuple[Unavailable, ...]
    exchange_rates: dict[str, float]
    """Units of the profile's currency for 1 unit of each provider's currency, on ``as_of``."""
    day_rate: float
    """What a person-day costs."""

    def to_json(self, render: Render = str) -> Json:
        """The answer as plain values, as `docs/formats.md` lays it down; ``render`` turns a ``Text`` into words."""
        return {
            "event": self.event.event,
            "as_of": self.horizon.as_of.isoformat(),
            "starts": self.horizon.starts.isoformat(),
            "months": self.horizon.months,
            "currency": self.profile.currency,
            "stance": self.profile.stance,
            "baseline": {
                "provider": self.baseline.provider.provider,
                "total": self.baseline.total,
                "monthly": None if self.baseline.monthly is None else list(self.baseline.monthly),
            },
            "options": [_option(option, render) for option in self.options],
            "unavailable": [
                {"provider": one.provider.provider, "reason": render(one.reason)} for one in self.unavailable
            ],
        }


def _option(option: Option, render: Render) -> Json:
    return {
        "rank": option.rank,
        "provider": option.provider.provider,
        "models": {workload: model.id for workload, model in option.models.items()},
        "total": option.total,
        "bill": option.bill,
        "one_off_cost": option.one_off_cost,
        "readiness_cost": option.readiness_cost,
        "list_cost": option.list_cost,
        "saved_by_offers": option.saved_by_offers,
        "price_per_million": option.price_per_million,
        "free_until": _day(option.free_until),
        "ready_on": _day(option.ready_on),
        "monthly": [
            {
                "month": row.month,
                "from": _day(row.starts),
                "to": _day(row.ends),
                "tokens": row.tokens,
                "granted_tokens": row.granted_tokens,
                "list_cost": row.list_cost,
                "grants": row.grants,
                "discounts": row.discounts,
                "vouchers": row.vouchers,
                "bill": row.bill,
            }
            for row in option.monthly
        ],
        "offers": [_offer(use, render) for use in option.offers],
        "one_off": [
            {
                "item": line.item,
                "days": line.days,
                "cost": line.cost,
                "covered_by": line.covered_by,
                "days_saved": line.days_saved,
            }
            for line in option.one_off
        ],
        "assumptions": [
            {"term": one.term, "offer": one.offer, "assumed": render(one.assumed)} for one in option.assumptions
        ],
        "warnings": [render(warning) for warning in option.warnings],
    }


def _offer(use: OfferUse, render: Render) -> Json:
    return {
        "id": use.offer.id,
        "status": use.status,
        "reason": render(use.reason),
        "claimed_on": _day(use.claimed_on),
        "claim_by": _day(use.claim_by),
        "benefits": [
            {
                "kind": one.benefit.kind,
                "granted": one.granted,
                "used": one.used,
                "lapsed": one.lapsed,
                "ends_on": _day(one.ends_on),
                "runs_out_on": _day(one.runs_out_on),
                "saved": one.saved,
                "models": list(one.models),
            }
            for one in use.benefits
        ],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
