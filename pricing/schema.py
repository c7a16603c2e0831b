"""The records of ``pricing/data``: providers with their models and prices, exchange rates, tokenizers."""

from datetime import date, timedelta
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from .records import (
    Amount,
    AmountNullOrUnknown,
    AmountOrUnknown,
    Confidence,
    CurrencyCode,
    Day,
    Evidence,
    LocalText,
    Name,
    OptionalDay,
    Positive,
    Record,
    Share,
    Sources,
    text_error,
)  # fmt: skip

Kind = Literal["chat", "embedding"]
Tier = Literal["flagship", "standard", "light"]
TIERS: tuple[Tier, ...] = ("light", "standard", "flagship")
"""From the least to the most able."""

UNSEEN = timedelta(days=365)
"""A model that no source has shown on sale for longer than this counts as gone."""

TextClass = Literal["zh", "en", "code", "json"]


class PriceTier(Record):
    """A dearer price for large requests: the whole request costs it, not only what is above the bound."""

    above: Annotated[int, Field(gt=0)]
    """Requests with more input tokens than this pay it."""
    input: Amount
    output: Amount | None = None
    cached_input: Amount | None = None


class OffPeak(Record):
    """A cheaper price outside the busy hours."""

    input: Amount
    output: Amount | None = None
    cached_input: Amount | None = None
    hours: LocalText
    """When it holds."""


class TokenRates(NamedTuple):
    """Prices per 1,000,000 tokens that one workload pays."""

    input: float
    output: float
    cached_input: float


class Price(Evidence):
    """A list price from a day on, per 1,000,000 tokens in the provider's currency."""

    from_: Annotated[Day, Field(alias="from")]
    """First day of the price: the day it took effect, or the first day on which it was seen (see date_evidence)."""
    date_evidence: Literal["effective", "observed"] | None = None
    """effective: `from` is the day of the change; observed: the first day on which a source shows the price."""
    input: AmountOrUnknown
    """Price of input tokens; 0 is a free model; unknown: the model existed, its price is not published."""
    output: AmountNullOrUnknown = None
    """Price of output tokens; an embedding model has none."""
    cached_input: AmountNullOrUnknown = None
    """Price of cached input tokens; null: no such price, they cost as input."""
    batch_discount: Share | None = None
    """Share taken off in batches; null: none."""
    training: AmountNullOrUnknown = None
    """Price of training tokens; null or unknown: not known."""
    tiers: list[PriceTier] = []
    """Prices of larger requests; those of the entry itself are for requests up to the lowest bound."""
    off_peak: OffPeak | None = None
    """Price outside the busy hours; those of the entry itself then hold in the busy hours."""

    @property
    def training_rate(self) -> float:
        """Price of training tokens; 0 where it is not known."""
        return self.training if isinstance(self.training, float | int) else 0.0

    def rates(self, context: int | None = None, off_peak_share: float = 0.0) -> TokenRates:
        """What a workload pays whose requests hold up to ``context`` tokens: the tier that they fit in.

        ``off_peak_share`` of its tokens go through outside the busy hours, where the price knows any.
        """
        reached = [tier for tier in self.tiers if tier.above < (context or 0)]
        step: Price | PriceTier = max(reached, key=lambda tier: tier.above) if reached else self
        rates = _rates(step)
        if self.off_peak is None or reached or off_peak_share == 0:
            return rates
        quiet = _rates(self.off_peak)
        return TokenRates(*(
            busy + off_peak_share * (still - busy) for busy, still in zip(rates, quiet, strict=True)
        ))  # fmt: skip


def _rates(price: Price | PriceTier | OffPeak) -> TokenRates:
    """The three prices; a missing output is 0, a missing cached price is that of the input."""
    into, out, cached = (
        value if isinstance(value, float | int) else None for value in (price.input, price.output, price.cached_input)
    )
    return TokenRates(into or 0.0, out or 0.0, (into or 0.0) if cached is None else cached)


class Model(Record):
    """A model that a provider sells."""

    id: Name
    """The vendor's API name, in lower case."""
    name: Name | None = None
    """The name shown; by default the id."""
    kind: Kind = "chat"
    """chat or embedding."""
    tier: Tier | None = None
    """flagship, standard or light, for chat models (a judgement)."""
    context: Annotated[int, Field(gt=0)] | None = None
    """Tokens that fit into one request; null: not known."""
    released: OptionalDay = None
    """First day on which the model could be used; null: not known, its first price counts."""
    withdrawn: OptionalDay = None
    """First day on which it could not be used any more; null: not withdrawn."""
    last_seen: OptionalDay = None
    """Last day on which a source shows it on sale; a year later it counts as gone. null: it is still shown."""
    features: list[Name] = []
    """What it can do: streaming, tools, json, vision."""
    tokenizer: Name | None = None
    """Id in tokenizers.yaml; null: nothing is known."""
    prices: list[Price]
    """Its list prices, one entry a change."""
    sources: Sources | None = None
    confidence: Confidence | None = None
    note: LocalText | None = None

    @property
    def label(self) -> str:
        """The name to show."""
        return self.name or self.id

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "chat" and self.tier is None:
            raise text_error("a chat model needs `tier`: flagship, standard or light")
        if self.kind == "embedding" and self.tier is not None:
            raise text_error("an embedding model has no `tier`")
        if self.kind == "chat" and any(price.output is None for price in self.prices):
            raise text_error("the price of a chat model needs `output` (a number, or unknown)")
        return self

    def available_on(self, day: date) -> bool:
        """Whether it was released by ``day``, not withdrawn on it, and seen on sale less than a year before."""
        released = self.released is None or self.released <= day
        gone = self.withdrawn is not None and self.withdrawn <= day
        return released and not gone and (self.last_seen is None or day - self.last_seen <= UNSEEN)

    def price_on(self, day: date) -> Price | None:
        """The entry with the latest ``from`` up to ``day``; None before the first, or where it is unknown."""
        latest = None
        for price in self.prices:
            if price.from_ <= day and (latest is None or price.from_ > latest.from_):
                latest = price
        return None if latest is None or "unknown" in (latest.input, latest.output) else latest


class Api(Record):
    """How a provider is called."""

    compatible_since: OptionalDay = None
    """First day of an OpenAI-compatible endpoint; null: none."""
    base_url: str | None = None
    """Address of that endpoint."""
    sources: Sources | None = None
    confidence: Confidence | None = None
    note: LocalText | None = None

    def kind_on(self, day: date) -> Literal["compatible", "native"]:
        """Whether an OpenAI-compatible endpoint existed on ``day``."""
        return "compatible" if self.compatible_since and self.compatible_since <= day else "native"


class Provider(Record):
    """A file of ``pricing/data/providers``."""

    provider: Name
    """The provider's id, used everywhere."""
    name: LocalText | None = None
    """The name shown; by default the id."""
    platform: LocalText | None = None
    """The platform on which the models are sold."""
    currency: CurrencyCode
    """Currency of all its prices and vouchers."""
    api: Api = Field(default_factory=Api)
    models: list[Model]
    sources: Sources | None = None
    confidence: Confidence | None = None
    note: LocalText | None = None

    def label(self, lang: str) -> str:
        """The name to show in ``lang``."""
        return self.name.get(lang) if self.name else self.provider

    def model(self, model_id: str) -> Model | None:
        """The model with that id."""
        return next((model for model in self.models if model.id == model_id), None)


class ExchangeRate(Evidence):
    """What one unit of a currency is worth in the base currency, from a day on."""

    from_: Annotated[Day, Field(alias="from")]
    """First day of the rate."""
    rate: Positive
    """Units of the base currency for 1 unit of this one."""


class ExchangeRates(Record):
    """``exchange-rates.yaml``."""

    base: CurrencyCode = "CNY"
    """The currency in which the rates are given."""
    rates: dict[CurrencyCode, list[ExchangeRate]] = {}
    """Rates by currency."""
    sources: Sources | None = None
    confidence: Confidence | None = None
    note: LocalText | None = None

    def on(self, currency: str, day: date) -> float | None:
        """Units of the base currency for 1 unit of ``currency`` on ``day``; None where no rate is in force."""
        if currency == self.base:
            return 1.0
        rates = [rate for rate in self.rates.get(currency, ()) if rate.from_ <= day]
        return max(rates, key=lambda rate: rate.from_).rate if rates else None


class Tokenizer(Evidence):
    """How many tokens a vocabulary makes of a text."""

    tokens_per_1000_chars: dict[TextClass, Positive] = {}
    """Tokens per 1,000 characters, by class of text."""
    basis: Literal["measured", "stated", "assumed"] = "measured"
    """measured by us, stated by the vendor, or assumed."""


class Tokenizers(Record):
    """``tokenizers.yaml``."""

    tokenizers: dict[Name, Tokenizer] = {}
    sources: Sources | None = None
    confidence: Confidence | None = None
    note: LocalText | None = None


__all__ = [
    "TIERS", "Amount", "Api", "ExchangeRate", "ExchangeRates", "Kind", "Model", "Price", "Provider", "TextClass",
    "Tier", "Tokenizer", "Tokenizers",
]  # fmt: skip
