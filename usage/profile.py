"""From usage to a profile: monthly means, growth, shares of cached and batched tokens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import linear_regression
from typing import Any

from calculator.profile import Profile, Workload, profile_from
from pricing import InputError, Model, Problem, Provider, Text
from pricing.records import nearest

from .models import meaning, model_of
from .reading import Usage, Use

MONTHS = 3
"""Full months that are averaged unless others are chosen."""
MOST_MONTHS, FEWEST_MONTHS = 12, 3
"""Full months that growth is fitted to."""
MOST_WORKLOADS = 50
MONTH = 365.25 / 12
"""Days of a month, where none is there in full."""
STUDENT = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)
"""Student's t for 1 to 10 degrees of freedom: nineteen times in twenty a value lies within."""


@dataclass(frozen=True)
class Growth:
    """Growth a month, fitted to the tokens a day of full months; 95 % of such fits lie between low and high."""

    rate: float
    low: float
    high: float
    months: int

    @property
    def certain(self) -> bool:
        """Whether it is told from standstill; only then is it put into the profile."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class LeftOut:
    """Usage in the chosen months that is not in the profile."""

    model: str
    tokens: float
    """A month."""
    because: Text


@dataclass(frozen=True)
class Proposal:
    """A profile, and how it came about."""

    profile: Profile
    months: tuple[date, ...]
    """First days of the months that were averaged; none: the days from ``first`` to ``last`` were scaled."""
    first: date
    last: date
    growth: Growth | None
    """None: fewer than three full months, or one of them without usage."""
    requests: Mapping[str, float]
    """Requests a month by workload; 0 where the export does not count them."""
    left_out: tuple[LeftOut, ...]


def propose(
    usage: Usage,
    provider: Provider,
    *,
    months: Sequence[date] | int = MONTHS,
    renamed: Mapping[str, str] | None = None,
    **fields: Any,
) -> Proposal:
    """A profile of what is used at ``provider``.

    ``months``: first days of the full months to average, or how many of the last ones; ``renamed``: the provider's
    model to take for a name in the export; ``fields``: what else the profile shall say. Raises ``InputError`` where no
    model of the usage is one of the provider's.
    """
    full = usage.months()
    chosen = tuple(full[-months:]) if isinstance(months, int) else tuple(sorted(months))
    span = _span(usage, chosen)
    found, left = _assigned(usage.uses, provider, renamed or {})
    scale = 1 / len(chosen) if chosen else MONTH / ((span[1] - span[0]).days + 1)
    within = _within(chosen, span)
    workloads: dict[str, list[Use]] = {}
    models: dict[str, Model] = {}
    for use, model in found:
        label = model.id if use.project is None else f"{use.project[:120]} / {model.id}"
        models[label] = model
        if within(use.day):
            workloads.setdefault(label, []).append(use)
    sized = sorted(workloads, key=lambda label: -sum(use.tokens for use in workloads[label]))
    left_out = _left_out([(use, because) for use, because in left if within(use.day)], scale)
    for label in sized[MOST_WORKLOADS:]:
        tokens = sum(use.tokens for use in workloads[label]) * scale
        left_out.append(LeftOut(label, tokens, Text("only the {most} largest are taken", most=MOST_WORKLOADS)))
    kept = sized[:MOST_WORKLOADS]
    if not kept:
        raise InputError([_nobody(usage, provider)])
    growth = _growth([use for use, _ in found], full)
    profile, _ = profile_from({
        **fields,
        **({"growth": round(growth.rate, 4)} if growth is not None and growth.certain else {}),
        "workloads": [_workload(label, models[label], workloads[label], scale) for label in kept],
    })  # fmt: skip
    requests = {label: sum(use.requests for use in workloads[label]) * scale for label in kept}
    return Proposal(profile, chosen, *span, growth, requests, tuple(left_out))


def _span(usage: Usage, chosen: Sequence[date]) -> tuple[date, date]:
    if chosen:
        return chosen[0], (chosen[-1] + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    days = [use.day for use in usage.uses]
    return usage.first or min(days), usage.last or max(days)


def _within(chosen: Sequence[date], span: tuple[date, date]) -> Any:
    return (lambda day: day.replace(day=1) in chosen) if chosen else (lambda day: span[0] <= day <= span[1])


def _assigned(
    uses: Sequence[Use], provider: Provider, renamed: Mapping[str, str]
) -> tuple[list[tuple[Use, Model]], list[tuple[Use, Text]]]:
    """Each use with the model that its name stood for, and those that have none, with the reason."""
    unknown = Text("no model of {provider} in the price files", provider=provider.name or provider.provider)
    found: list[tuple[Use, Model]] = []
    left: list[tuple[Use, Text]] = []
    for use in uses:
        name = renamed.get(use.model, use.model)
        model = model_of(name, use.day, provider)
        if use.kind == "other":
            left.append((use, Text("no text: pictures, speech or fine-tuning")))
        elif model is None:
            left.append((use, unknown))
        elif use.tokens > 0:
            found.append((use, model))
    return found, left


def _left_out(left: Sequence[tuple[Use, Text]], scale: float) -> list[LeftOut]:
    tokens: dict[tuple[str, Text], float] = {}
    for use, because in left:
        key = (use.model, because)
        tokens[key] = tokens.get(key, 0) + use.tokens * scale
    return [
        LeftOut(model, count, because) for (model, because), count in sorted(tokens.items(), key=lambda one: -one[1])
    ]


def _workload(label: str, model: Model, uses: Sequence[Use], scale: float) -> dict[str, Any]:
    into, cached, out = (sum(getattr(use, name) for use in uses) for name in ("input", "input_cached", "output"))
    batched = sum(use.tokens for use in uses if use.batch)
    workload = Workload(
        name=None if label == model.id else label,
        model=model.id,
        input_tokens=float(round(into * scale)),
        output_tokens=float(round(out * scale)),
        cached_share=round(cached / into, 4) if into else 0,
        batch_share=round(batched / (into + out), 4),
    )
    return workload.model_dump(exclude_defaults=True)


def _growth(uses: Sequence[Use], full: Sequence[date]) -> Growth | None:
    months = full[-MOST_MONTHS:]
    if len(months) < FEWEST_MONTHS:
        return None
    tokens = dict.fromkeys(months, 0.0)
    for use in uses:
        month = use.day.replace(day=1)
        if month in tokens:
            tokens[month] += use.tokens
    if min(tokens.values()) <= 0:
        return None
    days = [((month + timedelta(days=32)).replace(day=1) - month).days for month in months]
    logs = [math.log(count / length) for count, length in zip(tokens.values(), days, strict=True)]
    places = [(month.year - months[0].year) * 12 + month.month for month in months]
    slope, intercept = linear_regression(places, logs)
    rest = sum((log - intercept - slope * place) ** 2 for log, place in zip(logs, places, strict=True))
    mean = sum(places) / len(places)
    spread = sum((place - mean) ** 2 for place in places)
    error = STUDENT[len(months) - 3] * math.sqrt(rest / (len(months) - 2) / spread)
    return Growth(math.expm1(slope), math.expm1(slope - error), math.expm1(slope + error), len(months))


def _nobody(usage: Usage, provider: Provider) -> Problem:
    names = sorted({use.model for use in usage.uses})
    hint = nearest(meaning(names[0], usage.uses[0].day), [model.id for model in provider.models])
    message = Text(
        "none of the models is one of {provider} in the price files: {models}{hint}; "
        "say what they stand for (on the command line: --rename NAME=MODEL)",
        provider=provider.name or provider.provider, models=", ".join(names[:10]), hint=hint,
    )  # fmt: skip
    return Problem(next(iter(usage.files)), 1, 1, message)
