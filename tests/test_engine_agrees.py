"""The engine and two oracles written from the text alone give the same answer to any world: `reference.py` segment by
segment, `daily.py` day by day.
"""

import os
from collections import Counter
from typing import Any

import pytest
from agreement import departures
from daily import daily_compare
from engine import engine_compare
from hypothesis import HealthCheck, given, settings
from reference import reference_compare
from worlds import worlds

COUNT = int(os.environ.get("WORLDS", "200"))
"""`make worlds` asks for ten thousand."""
WORLDS = settings(
    max_examples=COUNT // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("partial_effort", [False, True])
def test_engine_agrees_with_the_reference_and_with_the_days(partial_effort: bool) -> None:
    seen: Counter[str] = Counter()

    @WORLDS
    @given(worlds(partial_effort))
    def agree(world: dict[str, Any]) -> None:
        ours = engine_compare(world)
        assert departures(reference_compare(**world), ours) == []
        by_days, lived = daily_compare(**world)
        assert departures(by_days, ours) == []
        seen.update(lived, worlds=1, options=len(ours["options"]), contested_worlds=lived["contested"] > 0)

    agree()
    print(dict(seen))
    assert seen["contested_worlds"] <= 2 + seen["worlds"] / 5, "days and segments may part in too many worlds to tell"
