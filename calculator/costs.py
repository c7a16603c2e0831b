"""Tokens, list prices and work of models, before grants and vouchers: `docs/model.md`, sections 2, 3 and 6, on arrays.

Axes: ``W`` workloads, ``M`` models, ``N`` customers. The models may be those of several providers: all of a market take
no longer than one alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .effort import COMMON_ITEMS, Item
from .setting import Setting
from .supply import Goods, Rates, rates_of
from .usage import Usage

if TYPE_CHECKING:
    from .arrays import Assignment, Floats


class Costs(NamedTuple):
    """What each model makes of each workload. Tokens are target tokens; ``N`` is 1 where all customers are alike."""

    use: Floats
    """(2, W, M, N) tokens of the base month, and the list price of one."""
    store: Floats
    """(2, W, M, N) tokens of the vector store, which is embedded again, and the list price of one."""
    sums: Floats
    """(3, W, M, N) what an assignment adds up: the bill where nothing can be drawn, in the provider's currency; the
    one-off cost, without re-embedding that grants and vouchers may pay, in the profile's; person-days after services.
    """
    training: Floats
    """(W, M, N) cost of training again, in the provider's currency; 0 where it is free or its price unknown."""

    def of(self, models: slice) -> Costs:
        """Those of some of the models."""
        return Costs(*(table[..., models, :] for table in self))


def costs_of(goods: Goods, setting: Setting, usage: Usage, common: dict[Item, Floats]) -> Costs:
    """The costs of models for customers; ``common`` are their ``common_days``."""
    embeds = np.array([[source.kind == "embedding"] for source in setting.sources])
    tokens = (usage.input_tokens + usage.output_tokens)[:, None] * goods.ratio
    stored_tokens = (usage.stored_tokens * embeds)[:, None] * goods.ratio
    price, stored_price = unit_costs(usage, goods.rates)
    training = usage.training_tokens[:, None] * goods.ratio * (goods.rates.training / 1e6)
    days = goods.days
    for item, left in zip(COMMON_ITEMS, goods.left, strict=True):
        days = days + common[item][:, None] * left
    bill = (goods.undrawn @ usage.by_month.swapaxes(0, 1)) * tokens * price
    one_off = training + goods.undrawn_move * stored_tokens * stored_price
    return Costs(
        use=_stack(tokens, price),
        store=_stack(stored_tokens, stored_price),
        sums=_stack(bill, days * usage.day_rate + one_off * goods.exchange_rate, days),
        training=training,
    )


def _stack(*tables: Floats) -> Floats:
    return np.stack(np.broadcast_arrays(*tables))


def unit_costs(usage: Usage, rates: Rates) -> tuple[Floats, Floats]:
    """(W, M, N) list price of a token of ordinary use, input and output taken together, and of an input token."""
    cached, batch = usage.cached_share[:, None], usage.batch_share[:, None]
    p_in, p_out, p_cached = rates.busy + usage.off_peak_share[:, None] * rates.off_peak
    batched = batch * (1.0 - rates.batch_discount)
    into = (batched * p_in + (1.0 - batch) * ((1.0 - cached) * p_in + cached * p_cached)) / 1e6
    out = (batched + (1.0 - batch)) * p_out / 1e6
    tokens_in, tokens_out = usage.input_tokens[:, None], usage.output_tokens[:, None]
    tokens = tokens_in + tokens_out
    return (tokens_in * into + tokens_out * out) / np.where(tokens > 0, tokens, 1.0), into


def pick(tables: Floats, assignment: Assignment) -> Floats:
    """(…, W, S, N) what tables (…, W, M, N) say of the models of each assignment (W, S)."""
    return tables[..., np.arange(len(assignment))[:, None], assignment, :]


def source_cost(setting: Setting, usage: Usage) -> Floats | None:
    """(K, N) the source's own list cost month by month, in the profile's currency; None where it has no price."""
    rate = setting.exchange_rates.get(setting.source.currency)
    models = list({model.id: model for model in setting.sources}.values())
    prices = [price for model in models if (price := model.price_on(setting.horizon.as_of))]
    if rate is None or len(prices) < len(models):
        return None
    unit_cost, _ = unit_costs(usage, rates_of(prices, [workload.context for workload in setting.profile.workloads]))
    own = np.array([[models.index(model)] for model in setting.sources])
    return usage.over_months((usage.input_tokens + usage.output_tokens) * pick(unit_cost, own)[:, 0]) * rate
