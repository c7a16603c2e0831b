"""The table of many profiles: which field of the profile each column replaces, and what is wrong in it."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from pricing import InputError, Problem, Text
from pricing.records import nearest
from pricing.yaml_reader import Document, Loc

from .market import NUMBERS
from .profile import Profile, profile_of

if TYPE_CHECKING:
    import pandas as pd

    from .arrays import Floats

NAME = "profiles"
"""What problems call the table."""

Path = tuple[str | int, ...]

OWN_NUMBERS: tuple[Path, ...] = (
    ("growth",), ("loss_per_day",), ("team", "day_rate"), ("team", "engineers"), ("overlap", "share"),
)  # fmt: skip
OWN_TERMS: tuple[Path, ...] = (
    ("event",), ("as_of",), ("starts",), ("months",), ("currency",), ("stance",), ("account",), ("overlap", "days"),
)  # fmt: skip
WORKLOAD_TERMS = ("model", "tier", "context")
DAYS, WHOLE = {"as_of", "starts"}, {"prompts", "months", "days", "context"}


@dataclass
class RowDocument(Document):
    """One row as a document: its problems name the row and the column."""

    row: int = 0
    label: object = None
    columns: dict[Path, tuple[int, str]] = field(default_factory=dict)

    def report(self, loc: Loc, message: Text) -> None:
        """Adds a problem with the field at ``loc``: with the column that holds it, if one does."""
        number, name = self.columns.get(tuple(loc)) or (0, ".".join(map(str, loc)))
        told = Text("row {row}, `{column}`: {problem}", row=self.label, column=name, problem=message)
        self.problems.append(Problem(self.name, self.row + 1, number + 1, told))


@dataclass(frozen=True)
class Table:
    """Profiles as rows; what no column says is as in the base profile."""

    base: dict[str, Any]
    """The base profile as a plain mapping."""
    frame: pd.DataFrame
    columns: dict[Path, tuple[int, str]]
    """Number and name of the column of each field that the table replaces."""
    numbers: dict[Path, Floats]
    """The columns that are numbers; customers may differ in them within one calculation."""

    @property
    def terms(self) -> list[str]:
        """Names of the other columns: rows that agree in them are calculated together."""
        return [name for path, (_, name) in self.columns.items() if path not in self.numbers]

    def document(self, row: int) -> RowDocument:
        """One row, as the profile that a person would write."""
        value = copy.deepcopy(self.base)
        for path, (number, _) in self.columns.items():
            _put(value, path, _cell(self.frame.iat[row, number], path, path in self.numbers))
        return RowDocument(NAME, value, row=row, label=self.frame.index[row], columns=self.columns)

    def profile(self, row: int) -> tuple[Profile, Document]:
        """The profile of a row; raises ``InputError``."""
        return profile_of(self.document(row))


def table_of(base: Profile, frame: pd.DataFrame) -> Table:
    """The table with its columns understood; raises ``InputError`` that names columns and rows."""
    known = _known(base)
    names = [*known]
    problems: list[Problem] = []
    columns: dict[Path, tuple[int, str]] = {}
    for number, name in enumerate(frame.columns):
        path = known.get(str(name))
        if path is None:
            told = Text(
                "unknown column `{column}`{hint}; known: {allowed}",
                column=name, hint=nearest(name, names), allowed=", ".join(names),
            )  # fmt: skip
        elif path in columns:
            told = Text("the columns `{one}` and `{other}` say the same", one=columns[path][1], other=name)
        else:
            columns[path] = (number, str(name))
            continue
        problems.append(Problem(NAME, 1, number + 1, told))
    if problems:
        raise InputError(problems)
    numbers: dict[Path, Floats] = {}
    for path, (number, _) in columns.items():
        if path in OWN_NUMBERS or path[-1] in NUMBERS:
            try:
                numbers[path] = frame.iloc[:, number].to_numpy(dtype=float)
            except (TypeError, ValueError):
                numbers[path] = np.array([_number(value) for value in frame.iloc[:, number]])
    table = Table(base.model_dump(by_alias=True), frame, columns, numbers)
    _check_numbers(table)
    return table


def _known(base: Profile) -> dict[str, Path]:
    """The fields that a column may replace, by the names of the column: workloads by number and by name."""
    known = {".".join(map(str, path)): path for path in (*OWN_NUMBERS, *OWN_TERMS)}
    for number, workload in enumerate(base.workloads):
        for key in (workload.label, str(number)):
            for name in (*sorted(NUMBERS), *WORKLOAD_TERMS):
                known[f"workloads.{key}.{name}"] = ("workloads", number, name)
    return known


def _check_numbers(table: Table) -> None:
    """All limits are ranges: where the least and the greatest value of a column are allowed, all are."""
    problems = {}
    for path, values in table.numbers.items():
        if not len(values):
            continue
        suspects = {int(np.argmin(values)), int(np.argmax(values))}  # also the first that is no number
        if path[-1] in WHOLE:
            suspects |= {int(row) for row in np.flatnonzero(values != np.floor(values))[:1]}
        for row in suspects:
            try:
                table.profile(row)
            except InputError as error:
                problems.update({(one.line, one.column): one for one in error.problems})
    if problems:
        raise InputError([*problems.values()])


def _put(value: dict[str, Any], path: Path, new: Any) -> None:
    owner: Any = value
    for step in path[:-1]:
        owner = owner[step]
    if new is None:
        del owner[path[-1]]
    else:
        owner[path[-1]] = new


def _cell(value: Any, path: Path, is_number: bool) -> Any:
    """A cell as the profile writes it. An empty one is the default of a term, and no number."""
    import pandas as pd

    if pd.isna(value):
        return float("nan") if is_number else None
    if hasattr(value, "item"):
        value = value.item()
    if path[-1] in DAYS:
        return _day(value)
    if path[-1] in WHOLE and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value.date() if isinstance(value, datetime) else value


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
