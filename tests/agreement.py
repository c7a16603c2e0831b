"""Whether two answers to one world are the same, and where they part."""

from datetime import date
from fractions import Fraction
from typing import Any

from daily_world import Between

TOLD_OTHERWISE = ("assumptions", "warnings", "reason")
"""Words, which are not the model's."""


def departures(exact: Any, ours: Any, where: str = "", size: float = 1.0) -> list[str]:
    """Where our answer departs from the exact one, in numbers, days and names.

    What is used of a grant is compared with ``size``, the grant: a third of a token may be left of a hundred million.
    """
    if isinstance(exact, dict) and isinstance(ours, dict):
        size = max(float(exact.get("granted") or 0), 1.0)
        pairs = [(f"{where}.{key}", value, ours.get(key, "nothing")) for key, value in exact.items()]
        pairs = [pair for pair in pairs if not pair[0].endswith(TOLD_OTHERWISE)]
        pairs = [(key, *map(by_item, both)) if key.endswith("one_off") else (key, *both) for key, *both in pairs]
    elif isinstance(exact, list) and isinstance(ours, list) and len(exact) == len(ours):
        pairs = [(f"{where}[{i}]", *pair) for i, pair in enumerate(zip(exact, ours, strict=True))]
    else:
        return [] if alike(exact, ours, size) else [f"{where}: expected {exact}, got {ours}"]
    return [found for pair in pairs for found in departures(pair[1], pair[2], pair[0], size)]


def by_item(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """One-off costs by what they are for: the lines may be one for each workload."""
    return {
        item: {key: sum(line[key] for line in lines if line["item"] == item) for key in ("days", "cost")}
        for item in sorted({line["item"] for line in lines if line["days"] or line["cost"]})
    }


def alike(exact: Any, ours: Any, size: float = 1.0) -> bool:
    """Numbers to 1e-9 of their size, or of ``size`` where that is larger, days as ISO text, all else as it is."""
    if isinstance(exact, Between):
        return ours is not None and exact.first <= date.fromisoformat(ours) <= exact.last
    if isinstance(exact, int | float | Fraction) and isinstance(ours, int | float):
        return abs(float(exact) - ours) <= 1e-9 * max(abs(float(exact)), size)
    return bool(ours == (exact.isoformat() if isinstance(exact, date) else exact))
