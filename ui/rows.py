"""The table of workloads: its rows, and the edits that ``st.data_editor`` keeps beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

COLUMNS = ("name", "model", "input", "output")


@dataclass(frozen=True)
class Row:
    """One workload as it was typed. The number stays with it, whatever happens to the rows above."""

    number: int
    name: str = ""
    model: str = ""
    input: str = ""
    output: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed yet (the model is filled in by itself)."""
        return not (self.name.strip() or self.input.strip() or self.output.strip())


def edited(base: Sequence[Row], edits: Mapping[str, Any] | None, added: Sequence[int]) -> list[Row]:
    """The rows as they stand on screen. ``added`` are the numbers of the rows that the editor has added."""
    if not edits:
        return list(base)
    changes = {int(position): change for position, change in edits.get("edited_rows", {}).items()}
    deleted = set(edits.get("deleted_rows", ()))
    rows = [_with(row, changes.get(i, {})) for i, row in enumerate(base) if i not in deleted]
    rows += [_with(Row(number), cells) for number, cells in zip(added, edits.get("added_rows", ()), strict=False)]
    return rows


def _with(row: Row, cells: Mapping[str, Any]) -> Row:
    changed: dict[str, Any] = {name: str(cells[name] or "") for name in COLUMNS if name in cells}
    return replace(row, **changed)


def survivors(added: Sequence[int], before: Sequence[Any], now: Sequence[Any]) -> list[int]:
    """Numbers of the added rows that are left: the editor does not say which of them it has deleted.

    >>> survivors([7, 8, 9], ["a", "b", "c"], ["a", "c"])
    [7, 9]
    """
    left: list[int] = []
    position = 0
    for row in now:
        while position < len(before) and before[position] != row:
            position += 1
        if position >= len(added):
            break
        left.append(added[position])
        position += 1
    return left
