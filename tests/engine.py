"""The engine's answer to a world of plain dicts, without a detour through files."""

from typing import Any

from calculator.catalogue import Catalogue
from calculator.comparison import compare_profile
from calculator.effort import EffortData
from calculator.profile import profile_from
from offers import EventOffers
from offers.schema import Event, ProviderOffers
from pricing import Prices, Provider
from pricing.records import inherit
from pricing.schema import ExchangeRates, Tokenizers
from pricing.yaml_reader import Document


def catalogue_of(world: dict[str, Any]) -> Catalogue:
    """The records of a world."""
    providers = [Provider.model_validate(inherit(one, "models", "prices")) for one in world["providers"]]
    prices = Prices(
        {provider.provider: provider for provider in providers},
        ExchangeRates.model_validate(inherit(world["rates"], "rates")),
        Tokenizers.model_validate(inherit(world["tokenizers"], "tokenizers")),
    )
    event = Event.model_validate(world["event"])
    offers: dict[str, list[Any]] = {}
    for _, content in sorted(world["offers"], key=lambda pair: pair[0]):
        loaded = ProviderOffers.model_validate(inherit(content, "offers", "benefits"))
        offers.setdefault(loaded.provider, []).extend(loaded.offers)
    return Catalogue(prices, {event.event: EventOffers(event, offers)}, effort_of(world["effort"]))


def effort_of(effort: dict[str, Any]) -> EffortData:
    """Effort data from plain figures or ranges."""

    def estimate(figure: Any) -> dict[str, Any]:
        figure = figure if isinstance(figure, dict) else {"low": figure, "mode": figure, "high": figure}
        return {"judgement": "made up for a test", **figure}

    ranges = {key: estimate(effort[key]) for key in ("evaluation", "per_prompt", "reindex", "retrain")}
    tables = {key: {k: estimate(v) for k, v in effort[key].items()} for key in ("integration", "rework")}
    day_rate = estimate(effort.get("day_rate", 0))
    return EffortData.model_validate({"day_rate": day_rate, **ranges, **tables, "services": effort["services"]})


def engine_compare(world: dict[str, Any]) -> dict[str, Any]:
    """The JSON answer of the engine."""
    profile, _ = profile_from(world["profile"])
    return compare_profile(profile, catalogue_of(world), Document("profile", world["profile"])).to_json()
