"""What providers give to customers who move: offers with conditions, claim windows and lives."""

from .catalogue import EventOffers, load_offers
from .claims import Assumption, Customer, Outcome, Term, claim
from .schema import Event, Offer

__all__ = [
    "Assumption", "Customer", "Event", "EventOffers", "Offer", "Outcome", "Term", "claim", "load_offers",
]  # fmt: skip
