"""One month of an option, step by step, so that a person can calculate it again: `docs/model.md`, sections 2 to 5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from calculator import Comparison, Option
from calculator.answer import BenefitUse, MonthRow
from calculator.profile import Workload
from offers import Offer
from offers.schema import Discount
from pricing import Model, Price

Kind = Literal["input", "cached_input", "batch_input", "output", "batch_output"]


@dataclass(frozen=True)
class Charge:
    """Tokens of one kind at one price."""

    kind: Kind
    tokens: float
    """Target tokens."""
    price: float
    """Per 1,000,000 tokens, in the provider's currency."""

    @property
    def cost(self) -> float:
        """Their list cost, in the provider's currency."""
        return self.tokens * self.price / 1e6


@dataclass(frozen=True)
class WorkloadMonth:
    """What one workload uses in the month, and what it costs at list price."""

    workload: str
    model: Model
    base_tokens: float
    """Source tokens of the base month."""
    step: float
    """What the tokens of a month are multiplied by for the next: 1 + growth."""
    grown: float
    """What those of the base month are multiplied by for this one."""
    ratio: float
    """Target tokens for one source token."""
    charges: tuple[Charge, ...]

    @property
    def tokens(self) -> float:
        """Target tokens."""
        return sum(charge.tokens for charge in self.charges)

    @property
    def list_cost(self) -> float:
        """Their list cost, in the provider's currency."""
        return sum(charge.cost for charge in self.charges)


@dataclass(frozen=True)
class Worked:
    """The steps from the usage of one month to its bill."""

    option: Option
    row: MonthRow
    """The month as the answer has it."""
    workloads: tuple[WorkloadMonth, ...]
    exchange_rate: float
    """Units of the profile's currency for 1 unit of the provider's."""
    gifts: tuple[tuple[Offer, BenefitUse], ...]
    """Benefits that saved money and were alive at some time of the month."""

    @property
    def list_cost(self) -> float:
        """List cost of the month, in the provider's currency."""
        return sum(workload.list_cost for workload in self.workloads)


def worked(comparison: Comparison, option: Option) -> Worked:
    """The month of an option that tells most: the first with the most kinds of savings beside a bill."""
    row = max(
        (row for row in option.monthly if row.month >= 0),
        key=lambda row: sum(part > 0 for part in (row.grants, row.discounts, row.vouchers, row.bill)),
    )
    return Worked(
        option,
        row,
        tuple(_workload(comparison, option, workload, row.month) for workload in comparison.profile.workloads),
        comparison.exchange_rates[option.provider.currency],
        tuple(
            (use.offer, gift) for use in option.offers for gift in use.benefits if gift.saved > 0 and _alive(gift, row)
        ),
    )


def _alive(gift: BenefitUse, row: MonthRow) -> bool:
    """Whether a gift began before the month was over, and neither ended nor was spent before it."""
    begins = gift.benefit.from_ if isinstance(gift.benefit, Discount) else None
    over = min((day for day in (gift.ends_on, gift.runs_out_on) if day), default=row.starts)
    return over >= row.starts and (begins is None or begins < row.ends)


def _workload(comparison: Comparison, option: Option, workload: Workload, month: int) -> WorkloadMonth:
    model, ratio = option.models[workload.label], option.ratios[workload.label]
    step = 1 + (comparison.profile.growth if workload.growth is None else workload.growth)
    grown = step**month
    price = model.price_on(comparison.horizon.as_of)
    assert price is not None  # else the model would be no candidate
    into, out = (tokens * grown * ratio for tokens in (workload.input_tokens, workload.output_tokens))
    return WorkloadMonth(
        workload.label, model, workload.input_tokens + workload.output_tokens, step, grown, ratio,
        tuple(_charges(workload, price, into, out)),
    )  # fmt: skip


def _charges(workload: Workload, price: Price, into: float, out: float) -> list[Charge]:
    """Target tokens by the price they pay (section 3); kinds that do not occur are left out."""
    rates = price.rates(workload.context, workload.off_peak_share)
    cached, batch = workload.cached_share, workload.batch_share
    in_batches = 1 - (price.batch_discount or 0.0)
    charges = [
        Charge("input", into * (1 - batch) * (1 - cached), rates.input),
        Charge("cached_input", into * (1 - batch) * cached, rates.cached_input),
        Charge("batch_input", into * batch, rates.input * in_batches),
        Charge("output", out * (1 - batch), rates.output),
        Charge("batch_output", out * batch, rates.output * in_batches),
    ]
    return [charge for charge in charges if charge.tokens > 0]
