"""The engine gives the numbers of the cases worked out by hand, each one test by name."""

from pathlib import Path
from typing import Any

import pytest
from engine import engine_compare
from oracle_world import differences, expand, load_oracle, oracle_files, readings


@pytest.mark.parametrize("path", oracle_files(), ids=lambda path: path.stem)
def test_worked_case(path: Path) -> None:
    world, expect = load_oracle(path)
    assert differences(expect, engine_compare(world)) == []


@pytest.mark.parametrize("case", readings(), ids=lambda case: case["case"])
def test_reading(case: dict[str, Any]) -> None:
    assert differences(case["expect"], engine_compare(expand(case))) == []
