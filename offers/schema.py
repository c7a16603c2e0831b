"""The records of ``offers/data``: an event, and what each provider offers to those it touches."""

from datetime import date
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from pricing.records import (
    Amount,
    AmountNullOrUnknown,
    Confidence,
    Day,
    DayNullOrUnknown,
    DayOrUnknown,
    DaysNullOrUnknown,
    Evidence,
    FlagOrUnknown,
    LocalText,
    Name,
    OneOf,
    OptionalDay,
    Positive,
    Record,
    Share,
    Sources,
    Unknown,
    text_error,
)  # fmt: skip

ServiceKind = Literal["migration", "fine_tuning", "training", "consulting"]
AccountKind = Literal["enterprise", "individual"]
ACCOUNTS: tuple[AccountKind, ...] = get_args(AccountKind)

Models = Annotated[
    Annotated[list[Name], Field(min_length=1)] | Literal["all", "unknown"],
    OneOf("a list of the provider's model ids, all or unknown"),
]


class Event(Evidence):
    """A provider closes its service to some customers (``event.yaml``)."""

    event: Name
    """The event's id, and the name of its folder."""
    title: LocalText | None = None
    """The title shown; by default the id."""
    source: Name
    """Id of the provider that is left."""
    announced: Day
    """Day of the announcement."""
    as_of: OptionalDay = None
    """The decision day that a profile starts from; by default the day of the announcement."""
    cutoff: OptionalDay = None
    """Day on which the service ends; null: nobody is cut off, the move is voluntary."""

    @property
    def decision_day(self) -> date:
        """The day that a profile decides on unless it says otherwise."""
        return self.as_of or self.announced

    def label(self, lang: str) -> str:
        """The title to show in ``lang``."""
        return self.title.get(lang) if self.title else self.event


class Claim(Record):
    """When an offer can be claimed; both days inclusive."""

    opens: DayOrUnknown
    """First day."""
    closes: DayNullOrUnknown = None
    """Last day; null: it stays open."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if isinstance(self.opens, date) and isinstance(self.closes, date) and self.closes < self.opens:
            raise text_error(
                "claim closes on {closes}, before it opens on {opens}",
                closes=str(self.closes), opens=str(self.opens),
            )  # fmt: skip
        return self


class Conditions(Record):
    """Who may claim an offer; left out: any customer."""

    new_customer: FlagOrUnknown = False
    """true: only those who are not customers of the provider yet."""
    account: Literal["any", "enterprise", "individual", "unknown"] = "any"
    """The kind of account that is needed."""
    min_monthly_tokens: Amount = 0
    """Source tokens a month that a customer needs at least."""


class _Life(Evidence):
    """A grant or voucher ends after ``valid_days`` days or on ``valid_until``, whichever comes first."""

    valid_days: DaysNullOrUnknown = None
    """Days from the claim, the claim day being the first; null: no end."""
    valid_until: OptionalDay = None
    """Last day, inclusive."""

    @model_validator(mode="after")
    def _says_how_long(self) -> Self:
        if not self.model_fields_set & {"valid_days", "valid_until"}:
            raise text_error("say how long it lives: `valid_days` (days, null for no end, or unknown) or `valid_until`")
        return self


class TokenGrant(_Life):
    """Free tokens."""

    kind: Literal["token_grant"]
    tokens: Positive
    """Tokens given, as the provider counts them."""
    models: Models = "all"
    """Models that draw from it."""
    pool: Literal["shared", "per_model"] = "shared"
    """shared: one pool for all its models; per_model: one of the full size for each."""


class MatchedGrant(_Life):
    """Free tokens that match what the customer used at the source."""

    kind: Literal["matched_grant"]
    months: Positive
    """How many months of the usage are matched."""
    cap: AmountNullOrUnknown = None
    """Most tokens given; null: no cap."""
    models: Models = "all"
    """Models that draw from it."""
    pool: Literal["shared", "per_model"] = "shared"
    """shared: one pool for all its models; per_model: one of the full size for each."""


class Discount(Evidence):
    """A share taken off the list price for a time."""

    kind: Literal["discount"]
    share: Share
    """Share taken off: 0.8 leaves a fifth of the price."""
    models: Models = "all"
    """Models it applies to."""
    from_: Annotated[OptionalDay, Field(alias="from")] = None
    """First day; by default, and at the earliest, the day of the claim."""
    until: DayNullOrUnknown
    """Last day, inclusive; null: no end."""


class Voucher(_Life):
    """Money to spend on any model, in the provider's currency."""

    kind: Literal["voucher"]
    amount: Positive
    """Money, in the provider's currency."""


class Service(Evidence):
    """Help with the move that costs nothing."""

    kind: Literal["service"]
    service: ServiceKind
    """migration, fine_tuning, training or consulting."""


Benefit = Annotated[TokenGrant | MatchedGrant | Discount | Voucher | Service, Field(discriminator="kind")]


class Offer(Record):
    """What a provider gives under one set of conditions."""

    id: Name
    """Unique in the event."""
    title: LocalText | None = None
    """The title shown; by default the id."""
    claim: Claim
    conditions: Conditions = Field(default_factory=Conditions)
    benefits: list[Benefit]
    sources: Sources | None = None
    confidence: Confidence | None = None
    note: LocalText | None = None

    def label(self, lang: str) -> str:
        """The title to show in ``lang``."""
        return self.title.get(lang) if self.title else self.id

    @property
    def first_seen(self) -> date | None:
        """Day of its earliest dated source."""
        sources = [*(self.sources or ()), *(source for benefit in self.benefits for source in benefit.sources)]
        return min((source.published for source in sources if source.published), default=None)


class ProviderOffers(Record):
    """A file of offers: ``offers/data/<event>/<provider>.yaml``."""

    provider: Name
    """Id of the provider, as in the prices."""
    offers: list[Offer]
    sources: Sources | None = None
    confidence: Confidence | None = None
    note: LocalText | None = None


__all__ = [
    "ACCOUNTS", "AccountKind", "Benefit", "Claim", "Conditions", "Discount", "Event", "MatchedGrant", "Offer",
    "ProviderOffers", "Service", "ServiceKind", "TokenGrant", "Unknown", "Voucher",
]  # fmt: skip
