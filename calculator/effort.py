"""The work of moving, in person-days: `docs/model.md`, section 6."""

from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from offers.schema import ServiceKind
from pricing import InputError
from pricing.catalogue import read_own
from pricing.records import CurrencyCode, LocalText, Record, Share, Sources, text_error, validate

from .profile import EffortOverride

DATA = Path(__file__).parent / "data" / "effort.yaml"

Item = Literal["integration", "evaluation", "per_prompt", "rework", "reindex", "retrain"]
ITEMS: tuple[Item, ...] = ("integration", "evaluation", "per_prompt", "rework", "reindex", "retrain")
COMMON_ITEMS: tuple[Item, ...] = ("evaluation", "per_prompt", "reindex", "retrain")
"""Those that are the same with every provider and model, before services."""

PersonDays = Annotated[float, Field(ge=0, le=10_000)]


class Estimate(Record):
    """A figure with its range; ``mode`` is used. It says its source, or that it is judgement."""

    low: PersonDays
    mode: PersonDays
    high: PersonDays
    currency: CurrencyCode | None = None
    """Of a money figure; the others are person-days."""
    sources: Sources | None = None
    judgement: LocalText | None = None
    """Why this figure, where no source states it."""
    note: LocalText | None = None

    @model_validator(mode="after")
    def _founded(self) -> Self:
        if not self.sources and not self.judgement:
            raise text_error("say where the figure is from: `sources:` or `judgement:`")
        if not self.low <= self.mode <= self.high:
            raise text_error("low, mode and high must rise")
        return self


class ServiceShares(Record):
    """Shares of the work that a free service takes off."""

    integration: Share = 0
    evaluation: Share = 0
    per_prompt: Share = 0
    rework: Share = 0
    reindex: Share = 0
    retrain: Share = 0
    sources: Sources | None = None
    judgement: LocalText | None = None
    note: LocalText | None = None

    def shares(self) -> dict[Item, float]:
        """Share taken off each item."""
        return {item: getattr(self, item) for item in ITEMS}


class EffortData(Record):
    """``calculator/data/effort.yaml``."""

    day_rate: Estimate
    integration: dict[Literal["compatible", "native"], Estimate]
    evaluation: Estimate
    per_prompt: Estimate
    rework: dict[str, Estimate]
    reindex: Estimate
    retrain: Estimate
    services: dict[ServiceKind, ServiceShares]
    sources: Sources | None = None
    note: LocalText | None = None


class Effort(NamedTuple):
    """Person-days as one profile sees them: the data's modes, with the profile's own figures put in."""

    integration: dict[Literal["compatible", "native"], float]
    evaluation: float
    per_prompt: float
    rework: dict[str, float]
    reindex: float
    retrain: float
    services: dict[str, dict[Item, float]]


def load_effort(path: Path = DATA) -> EffortData:
    """Reads the effort data; raises ``InputError``."""
    document = read_own(path)
    data = validate(document, EffortData, document.value)
    if data is None:
        raise InputError(document.problems)
    return data


def effort_for(data: EffortData, override: EffortOverride) -> Effort:
    """The figures to use: an entry that the profile gives replaces that of the data."""

    def either(own: float | None, default: Estimate) -> float:
        return default.mode if own is None else own

    return Effort(
        integration={**{api: days.mode for api, days in data.integration.items()}, **override.integration},
        evaluation=either(override.evaluation, data.evaluation),
        per_prompt=either(override.per_prompt, data.per_prompt),
        rework={**{feature: days.mode for feature, days in data.rework.items()}, **override.rework},
        reindex=either(override.reindex, data.reindex),
        retrain=either(override.retrain, data.retrain),
        services={
            **{service: shares.shares() for service, shares in data.services.items()},
            **{service: dict(shares) for service, shares in override.services.items()},
        },
    )
