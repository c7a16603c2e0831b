"""The engine gives the numbers of the worked cases in tests/oracles, each one test by name."""

from pathlib import Path

import pytest
from engine import engine_compare
from oracle_world import differences, load_oracle, oracle_files


@pytest.mark.parametrize("path", oracle_files(), ids=lambda path: path.stem)
def test_worked_case(path: Path) -> None:
    world, expect = load_oracle(path)
    assert differences(expect, engine_compare(world)) == []
