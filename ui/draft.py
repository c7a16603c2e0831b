"""What was typed, word for word, and the profile that it stands for."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from calculator import Profile
from calculator.profile import MAX_MONTHS, MAX_OVERLAP_DAYS, Workload
from offers import Event
from offers.claims import Stance
from offers.schema import AccountKind
from pricing import Text
from pricing.records import FIRST_DAY, LAST_DAY, CurrencyCode, Name
from pricing.schema import Tier

from .amounts import AmountError, format_amount, parse_amount
from .example import usual_start

Loc = tuple[str | int, ...]
Met = list[tuple[Loc, Text]]

TEXTS: tuple[Literal["zh", "en", "code", "json"], ...] = ("zh", "en", "code", "json")
AMOUNTS = ("input_tokens", "output_tokens", "context", "stored_tokens", "training_tokens")
SHARES = ("cached_share", "batch_share")
MAX_AMOUNT_LENGTH = 40
MAX_WORKLOADS = 100

Typed = Annotated[str, Field(max_length=200)]
TypedAmount = Annotated[str, Field(max_length=MAX_AMOUNT_LENGTH)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
TypedDay = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)] | None
Names = Annotated[list[Name], Field(max_length=50)]


class _Typed(BaseModel):
    """A shared link brings drafts from anywhere: all is bounded, and nothing unknown gets in."""

    model_config = ConfigDict(extra="forbid")


class DraftWorkload(_Typed):
    """A workload as it was typed. Shares are in percent."""

    name: Typed = ""
    model: Typed = ""
    input_tokens: TypedAmount = ""
    output_tokens: TypedAmount = ""
    text: dict[Literal["zh", "en", "code", "json"], Percent] = {}
    cached_share: Percent = 0.0
    batch_share: Percent = 0.0
    context: TypedAmount = ""
    prompts: Annotated[int, Field(ge=0, le=100_000)] = 0
    features: Names = []
    must_have: Names = []
    tier: Tier | Literal[""] = ""
    stored_tokens: TypedAmount = ""
    training_tokens: TypedAmount = ""
    pin: dict[Name, Name] = {}
    kept: dict[str, Any] = {}
    """Fields of the profile that have no input: they come out again as they went in."""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed yet (the model is filled in by itself)."""
        return not (self.name.strip() or self.input_tokens.strip() or self.output_tokens.strip())

    @classmethod
    def of(cls, workload: Workload, lang: str) -> DraftWorkload:
        """A workload as one would type it."""
        own = workload.model_dump(exclude_defaults=True)
        typed = {name: own.pop(name) for name in cls.model_fields if name in own}
        return cls.model_construct(
            **typed
            | {field: format_amount(typed[field], lang) for field in AMOUNTS if field in typed}
            | {field: _percent(typed[field]) for field in SHARES if field in typed}
            | {"text": {text: _percent(share) for text, share in workload.text.items()}},
            kept=own,
        )

    def plain(self, at: Loc, met: Met) -> dict[str, Any]:
        """The workload as plain values for a profile; what cannot be read is added to ``met``."""
        if not self.model:
            met.append(((*at, "model"), Text("choose the model that you use today")))
        if not (self.input_tokens.strip() or self.output_tokens.strip()):
            met.append(((*at, "input_tokens"), Text("enter the tokens of a month, for example 80M")))
        amounts = {field: _read(getattr(self, field), (*at, field), met, whole=True) for field in AMOUNTS}
        return {
            **self.kept,
            **amounts,
            "context": int(amounts["context"]) or None,
            "name": self.name.strip() or None,
            "model": self.model or "?",
            "text": {text: _share(share) for text, share in self.text.items() if share},
            **{field: _share(getattr(self, field)) for field in SHARES},
            "prompts": self.prompts, "features": self.features, "must_have": self.must_have,
            "tier": self.tier or None, "pin": self.pin,
        }  # fmt: skip


class Draft(_Typed):
    """The whole form as it was typed. Growth and shares are in percent."""

    event: Name
    as_of: TypedDay = None
    starts: TypedDay = None
    months: Annotated[int, Field(ge=1, le=MAX_MONTHS)] = 12
    growth: Annotated[float, Field(ge=-100, le=1000, allow_inf_nan=False)] = 0.0
    stance: Stance = "expected"
    currency: CurrencyCode = "CNY"
    engineers: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] = 1.0
    day_rate: TypedAmount = ""
    loss_per_day: TypedAmount = ""
    customer_of: Names = []
    account: AccountKind = "enterprise"
    overlap_days: Annotated[int, Field(ge=0, le=MAX_OVERLAP_DAYS)] = 0
    overlap_share: Percent = 0.0
    declined: Names = []
    workloads: Annotated[list[DraftWorkload], Field(max_length=MAX_WORKLOADS)] = []
    kept: dict[str, Any] = {}
    """Fields of the profile that have no input: they come out again as they went in."""

    @classmethod
    def of(cls, profile: Profile, event: Event, lang: str) -> Draft:
        """A profile about ``event`` as one would type it."""
        as_of = profile.as_of or event.decision_day
        kept = profile.model_dump(include={"name", "effort"}, exclude_defaults=True)
        return cls.model_construct(
            event=event.event, as_of=as_of, starts=profile.starts or usual_start(event, as_of),
            months=profile.months, growth=_percent(profile.growth), stance=profile.stance, currency=profile.currency,
            engineers=float(profile.team.engineers),
            day_rate="" if profile.team.day_rate is None else format_amount(profile.team.day_rate, lang),
            loss_per_day=format_amount(profile.loss_per_day, lang),
            customer_of=list(profile.customer_of), account=profile.account,
            overlap_days=profile.overlap.days, overlap_share=_percent(profile.overlap.share),
            declined=list(profile.declined),
            workloads=[DraftWorkload.of(workload, lang) for workload in profile.workloads], kept=kept,
        )  # fmt: skip

    @property
    def counting(self) -> list[DraftWorkload]:
        """The workloads of the profile, in its order: those in which something was typed."""
        return [workload for workload in self.workloads if not workload.blank]

    def plain(self, event: Event) -> tuple[dict[str, Any], Met]:
        """The profile as plain values, and what could not be read."""
        met = Met()
        if not self.counting:
            met.append(
                (("workloads",), Text("Enter at least one workload: the model you use today and its tokens a month."))
            )
        day_rate = _read(self.day_rate, ("team", "day_rate"), met) if self.day_rate.strip() else None
        return {
            **self.kept,
            "event": self.event,
            "as_of": _unless(self.as_of, event.decision_day),
            "starts": _unless(self.starts, event.cutoff),
            "months": self.months, "currency": self.currency, "growth": _share(self.growth), "stance": self.stance,
            "workloads": [one.plain(("workloads", index), met) for index, one in enumerate(self.counting)],
            "customer_of": self.customer_of, "account": self.account, "declined": self.declined,
            "team": {"engineers": self.engineers, "day_rate": day_rate},
            "loss_per_day": _read(self.loss_per_day, ("loss_per_day",), met),
            "overlap": {"days": self.overlap_days, "share": _share(self.overlap_share)},
        }, met  # fmt: skip


def _read(text: str, loc: Loc, met: Met, *, whole: bool = False) -> float:
    if not text.strip():
        return 0.0
    try:
        return parse_amount(text, whole=whole)
    except AmountError as error:
        met.append((loc, error.message))
        return 0.0


def _unless(day: date | None, usual: date | None) -> date | None:
    return None if day == usual else day


def _percent(share: float) -> float:
    return round(share * 100, 8)


def _share(percent: float | None) -> float:
    return round((percent or 0.0) / 100, 10)
