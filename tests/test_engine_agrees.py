"""The engine and the exact reference give the same answer to any world."""

import os
from datetime import date
from fractions import Fraction
from typing import Any

from engine import engine_compare
from hypothesis import HealthCheck, given, settings
from reference import reference_compare
from worlds import worlds

WORLDS = settings(
    max_examples=int(os.environ.get("WORLDS", "300")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@WORLDS
@given(worlds())
def test_engine_agrees_with_the_reference(world: dict[str, Any]) -> None:
    assert departures(reference_compare(**world), engine_compare(world)) == []


@WORLDS
@given(worlds(partial_effort=True))
def test_they_agree_where_the_profile_gives_only_some_of_the_effort(world: dict[str, Any]) -> None:
    assert departures(reference_compare(**world), engine_compare(world)) == []


TOLD_OTHERWISE = ("one_off", "assumptions", "warnings", "reason")
"""Lists of words, whose names are not the model's."""


def departures(exact: Any, ours: Any, where: str = "") -> list[str]:
    """Where our answer departs from the exact one, in numbers, days and names."""
    if isinstance(exact, dict) and isinstance(ours, dict):
        pairs = [(f"{where}.{key}", value, ours.get(key, "nothing")) for key, value in exact.items()]
        pairs = [pair for pair in pairs if not pair[0].endswith(TOLD_OTHERWISE)]
    elif isinstance(exact, list | tuple) and isinstance(ours, list) and len(exact) == len(ours):
        pairs = [(f"{where}[{i}]", *pair) for i, pair in enumerate(zip(exact, ours, strict=True))]
    else:
        return [] if alike(exact, ours) else [f"{where}: expected {exact}, got {ours}"]
    return [found for pair in pairs for found in departures(pair[1], pair[2], pair[0])]


def alike(exact: Any, ours: Any) -> bool:
    """Numbers to 1e-9 of their size, days as ISO text, all else as it is."""
    if isinstance(exact, int | float | Fraction) and isinstance(ours, int | float):
        return abs(float(exact) - ours) <= 1e-9 * max(abs(float(exact)), 1.0)
    return ours == (exact.isoformat() if isinstance(exact, date) else exact)
