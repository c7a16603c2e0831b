"""Figures that the page derives from the answer: sums and differences, nothing else."""

from __future__ import annotations

from datetime import date

from calculator import Comparison, Option
from calculator.answer import BenefitUse, MonthRow, OfferUse
from calculator.timeline import OVERLAP


def above_cheapest(comparison: Comparison, option: Option) -> float:
    """How much dearer an option is than the cheapest."""
    return option.total - comparison.options[0].total


def above_staying(comparison: Comparison, option: Option) -> float | None:
    """How much dearer an option is than staying would have been; None where that is not known."""
    stay = comparison.baseline.total
    return None if stay is None else option.total - stay


def person_days(option: Option) -> float:
    """The work of moving, after services."""
    return sum(line.days for line in option.one_off)


def days_to_cutoff(comparison: Comparison, option: Option) -> int | None:
    """Days between being ready and the cut-off; negative: too late; None: nobody is cut off."""
    cutoff = comparison.event.cutoff
    return None if cutoff is None else (cutoff - option.ready_on).days


def first_claim(option: Option) -> OfferUse | None:
    """The claimed offer that has to be claimed first; None: no hurry, or nothing to claim."""
    dated = [use for use in option.offers if use.claim_by]
    return min(dated, key=lambda use: use.claim_by or date.max, default=None)


def free_days(option: Option) -> bool:
    """Whether there is a time at which tokens cost nothing."""
    return option.free_until is None or option.free_until > option.monthly[0].starts


def worth_in_full(use: BenefitUse) -> float | None:
    """What a gift would be worth if all of it were used as the used part is; None where none of it is used."""
    if use.granted is None or use.used is None:
        return use.saved or None
    return use.saved / use.used * use.granted if use.used else None


def gifts_in_full(option: Option) -> float:
    """What all gifts of an option would be worth in full, as far as that is known."""
    return sum(worth_in_full(benefit) or 0.0 for use in option.offers for benefit in use.benefits)


def gifts_used(option: Option) -> float:
    """What they were worth: the money they saved."""
    return sum(benefit.saved for use in option.offers for benefit in use.benefits)


def first_month(option: Option) -> MonthRow:
    """The first month of real use."""
    return next(row for row in option.monthly if row.month != OVERLAP)
