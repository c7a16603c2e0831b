"""The months as FOCUS 1.2 rows, which FinOps tools read: https://focus.finops.org/focus-specification/v1-2/."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from calculator import Comparison, Option
from calculator.answer import MonthRow
from report.language import Language
from report.tables import Cell, csv_text, models_used

COLUMNS = (
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart",
    "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart",
    "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost",
    "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
    "ServiceSubcategory", "x_GrantedTokens", "x_Models", "x_Month", "x_Rank",
)  # fmt: skip
"""The mandatory columns of FOCUS 1.2, some others of it, and ours (x_)."""
TOKEN_CHARGES = ("re_embedding", "retraining")
"""The one-off items that a provider bills."""
ESTIMATE = "estimate"
"""The billing account: there is none before the move."""


def focus(comparison: Comparison, lang: Language) -> str:
    """CSV: for each provider and month the usage, and a credit for free tokens and one for vouchers.

    A discount lowers the price, so it is the difference between ListCost and ContractedCost; free tokens and
    vouchers are credits, whose four costs are equal and negative, as FOCUS demands.
    """
    rows = [row for option in comparison.options for row in _rows(comparison, option, lang)]
    return csv_text(COLUMNS, [[row.get(column) for column in COLUMNS] for row in rows])


def _rows(comparison: Comparison, option: Option, lang: Language) -> Iterator[dict[str, Cell]]:
    name = lang.name(option.provider)
    common: dict[str, Cell] = {
        "BillingAccountId": ESTIMATE, "BillingAccountName": comparison.profile.name,
        "BillingCurrency": comparison.profile.currency, "InvoiceIssuerName": name, "ProviderName": name,
        "PublisherName": name, "ServiceCategory": "AI and Machine Learning", "ServiceSubcategory": "Generative AI",
        "ServiceName": _service(option, lang), "x_Models": models_used(option), "x_Rank": option.rank,
    }  # fmt: skip
    for item in option.one_off:
        if item.item in TOKEN_CHARGES:
            start = comparison.horizon.first_use
            charge = _charge("Usage", item.cost, start, start + timedelta(days=1))
            about = {"ChargeDescription": item.item, "ChargeFrequency": "One-Time"}
            yield {**common, **charge, **about, "PricingQuantity": 1, "PricingUnit": "Jobs"}
    for month in option.monthly:
        more: dict[str, Cell] = {"x_Month": month.month, "ChargeFrequency": "Usage-Based"}
        yield {**common, **_usage(month), **more}
        for what, amount in (("free tokens", month.grants), ("voucher", month.vouchers)):
            if amount:
                credit = _charge("Credit", -amount, month.starts, month.ends)
                yield {**common, **credit, **more, "ChargeDescription": what}


def _usage(month: MonthRow) -> dict[str, Cell]:
    charge = _charge("Usage", month.list_cost - month.discounts, month.starts, month.ends)
    return {
        **charge, "ListCost": month.list_cost, "ChargeDescription": "tokens", "ConsumedQuantity": month.tokens,
        "ConsumedUnit": "Tokens", "PricingQuantity": month.tokens, "PricingUnit": "Tokens",
        "x_GrantedTokens": month.granted_tokens,
    }  # fmt: skip


def _charge(category: str, cost: float, start: date, end: date) -> dict[str, Cell]:
    """A charge that is billed in the period in which it arises."""
    costs = dict.fromkeys(("BilledCost", "EffectiveCost", "ContractedCost", "ListCost"), cost)
    first, last = f"{start}T00:00:00Z", f"{end}T00:00:00Z"
    return {
        **costs, "ChargeCategory": category, "BillingPeriodStart": first, "BillingPeriodEnd": last,
        "ChargePeriodStart": first, "ChargePeriodEnd": last,
    }  # fmt: skip


def _service(option: Option, lang: Language) -> str:
    return lang.local(option.provider.platform) or lang.name(option.provider)
