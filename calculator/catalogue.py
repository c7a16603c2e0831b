"""All data in one place: prices, events with their offers, and the effort of moving."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from offers import EventOffers, load_offers
from offers.catalogue import DATA as OFFERS
from pricing import InputError, Prices, Problem, load_prices
from pricing.catalogue import DATA as PRICES

from .effort import EffortData, load_effort


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All data: prices, events with their offers, and the effort of moving. It is equal to itself alone."""

    prices: Prices
    events: dict[str, EventOffers]
    effort: EffortData


def load_catalogue(offers: Path = OFFERS, prices: Path = PRICES) -> Catalogue:
    """Reads the data; raises ``InputError`` with all that is wrong in it."""
    catalogue, problems = read_catalogue(offers, prices)
    if catalogue is None or problems:
        raise InputError(problems)
    return catalogue


def read_catalogue(
    offers: Path = OFFERS, prices: Path = PRICES, *, thorough: bool = False
) -> tuple[Catalogue | None, list[Problem]]:
    """Reads the data; gives what could be read, and all problems; ``thorough`` looks for more of them."""
    loaded, problems = load_prices(prices, thorough=thorough)
    events, more = load_offers(loaded, offers, thorough=thorough)
    problems += more
    try:
        return Catalogue(loaded, events, load_effort()), problems
    except InputError as error:
        return None, [*problems, *error.problems]
