"""The aggregation: one SQL statement for every engine.

It is written in DuckDB's dialect and uses nothing that other engines lack, so that Ibis can translate it
(``usage.elsewhere``). Rows that do not count are not lost: they come back in groups of their own, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from .expressions import (
    DAY,
    FIRST,
    LAST,
    NO_NUMBER,
    NO_REASON,
    NO_TEXT,
    ColumnType,
    Ids,
    Row,
    code,
    quoted,
    zone_shift,
)  # fmt: skip
from .schema import Preset

MOST_TOKENS = 1e15
"""More tokens in one row are a slip."""

KEYS = ("format", "day", "model", "kind", "batch", "project", "currency", "skipped")
FIGURES = ("requests", "input", "cached", "output", "cost", "daily")
FIELDS = (*KEYS, "copies", "rows", *FIGURES, "costed", "repeated")
"""Columns of the answer. ``rows`` counts each row once, ``copies`` as often as it stands there, ``costed`` those with a
cost, ``daily`` those of UTC days that no time zone can shift; ``repeated`` is the number of ids that were met again.
Figures of rows that do not count mean nothing."""

_CONSTANT = re.compile(r"\d+|'[^']*'|CAST\(NULL AS \w+\)")
_SANE_TIME = f"seconds >= {FIRST.timestamp():.0f} AND seconds < {LAST.timestamp():.0f}"


@dataclass(frozen=True)
class Relation:
    """What is read: SQL that can stand after FROM, and the types of its columns."""

    sql: str
    columns: Mapping[str, ColumnType]
    preset: Preset

    def where(self, condition: str) -> Relation:
        """Its rows for which the condition holds."""
        return replace(self, sql=f"(SELECT * FROM {self.sql} WHERE {condition})")


@dataclass(frozen=True)
class Question:
    """What is asked: the time zone of days, whether projects are kept apart, and how copies of rows are treated."""

    zone: str = "Asia/Shanghai"
    by_project: bool = False
    unique: bool = False
    """Count rows with equal ids once. Without it their number is only found out."""
    ids: Ids = "all"
    """Where equal ids are looked for; sample: where they end in 77, a hundredth of the numbers, less of others."""


def statement(relations: Sequence[Relation], question: Question) -> str:
    """The SQL that gives ``FIELDS`` by format, day, model, kind, batch, project and currency, and by reason to skip."""
    formats: dict[str, list[Relation]] = {}
    for relation in relations:
        formats.setdefault(relation.preset.format, []).append(relation)
    return "\nUNION ALL\n".join(_summed(several, question) for several in formats.values())


def _summed(relations: Sequence[Relation], question: Question) -> str:
    """The sums of one format. What is the same in all rows is put in afterwards: grouping by it takes time."""
    selects = [_rows(relation, question) for relation in relations]
    fixed = {
        name: sql for name, sql in selects[0][0].items()
        if _CONSTANT.fullmatch(sql) and all(columns[name] == sql for columns, _ in selects)
    }  # fmt: skip
    varying = [name for name in selects[0][0] if name not in fixed]
    rows = " UNION ALL ".join(
        f"SELECT {', '.join(f'{columns[name]} AS {name}' for name in varying)} FROM ({read})"
        for columns, read in selects
    )
    once = question.unique and "id" in varying
    if once:
        rows = _once(rows, varying)
    groups = [name for name in KEYS if name in varying]
    sums = {name: f"{fixed[name]} * COUNT(*)" if name in fixed else f"SUM({name})" for name in FIGURES}
    ids = "ARRAY_AGG(id) FILTER (WHERE id IS NOT NULL)" if "id" in varying else "CAST(NULL AS VARCHAR[])"
    answer = [fixed[name] + f" AS {name}" if name in fixed else name for name in KEYS]
    return f"""SELECT {", ".join(answer)}, copies, rows, {", ".join(FIGURES)}, costed,
  COALESCE(ARRAY_LENGTH(ids) - ARRAY_LENGTH(ARRAY_DISTINCT(ids)), 0) AS repeated
FROM (SELECT {", ".join(groups)}, {"SUM(copies)" if once else "COUNT(*)"} AS copies, COUNT(*) AS rows,
    {", ".join(f"{sql} AS {name}" for name, sql in sums.items())},
    COUNT({fixed.get("cost", "cost")}) AS costed, {ids} AS ids
  FROM ({rows}) GROUP BY {", ".join(groups)})"""


def _once(rows: str, names: Sequence[str]) -> str:
    """Rows with the same id as one: the fullest of each figure, since a log may be written twice for one request."""
    kept = ", ".join(f"MAX({name}) AS {name}" for name in names if name != "id")
    return f"SELECT id, {kept}, COUNT(*) AS copies FROM ({rows}) GROUP BY id"


def _rows(relation: Relation, question: Question) -> tuple[dict[str, str], str]:
    """Rows in the normal form: the SQL of each column, over a SELECT of what must be worked out but once."""
    preset, row = relation.preset, Row(relation.columns)
    daily = row.daily(preset)
    shift = zone_shift(question.zone)
    if daily != "0":
        shift = "0" if daily == "1" else f"(1 - own_daily) * {shift}"
    figures = {
        "requests": row.figure(preset.requests, absent="0" if preset.requests or preset.quantity else "1"),
        "input": row.tokens(preset, "input"),
        "cached": row.tokens(preset, "cached"),
        "output": row.tokens(preset, "output"),
        "rule": row.skipped(preset, relation.sql),
        "model": row.word(preset.model) if preset.model else "''",
    }
    worked_out = {name: sql for name, sql in figures.items() if not _CONSTANT.fullmatch(sql)}
    counts = {"requests": preset.requests, "input": preset.input, "cached": preset.cached, "output": preset.output}
    fractions = [
        name for name, figure in counts.items()
        if name in worked_out and preset.quantity is None and not row.is_whole(figure)
    ]  # fmt: skip
    read = {"seconds": row.seconds(preset.time), **worked_out}
    names = {name: name if name in worked_out else sql for name, sql in figures.items()}
    exclusive = not preset.input_includes_cached or preset.quantity is not None or names["cached"] == "0"
    columns = {
        "format": quoted(preset.format),
        "id": row.id(preset, "all" if question.unique else question.ids),
        "day": f"CASE WHEN {_SANE_TIME} THEN FLOOR((seconds + {shift}) / {DAY}) END",
        "model": names["model"],
        "kind": row.kind(preset),
        "batch": row.batch(preset),
        "project": row.word(preset.project) if question.by_project and preset.project else NO_TEXT,
        "currency": row.currency(preset),
        "skipped": _judgement(preset, worked_out, fractions, exclusive),
        "requests": names["requests"],
        "input": names["input"] if exclusive else "input - cached",
        "cached": names["cached"],
        "output": names["output"],
        "cost": row.figure(preset.cost, absent=NO_NUMBER),
        "daily": daily,
    }
    for name in (
        "id",
        "kind",
        "batch",
        "project",
        "currency",
        "cost",
        "daily",
    ):  # which stand on the columns of the table
        if not _CONSTANT.fullmatch(columns[name]):
            read[f"own_{name}"] = columns[name]
            columns[name] = f"own_{name}"
    return columns, f"SELECT {', '.join(f'{sql} AS {name}' for name, sql in read.items())} FROM {relation.sql}"


def _judgement(preset: Preset, worked_out: Collection[str], fractions: Sequence[str], exclusive: bool) -> str:
    """Why a row does not count; NULL if it does, which is asked first since nearly all do.

    ``fractions``: the figures that may have one, though they must not.
    """
    figures = [name for name in ("requests", "input", "cached", "output") if name in worked_out]
    sound = [_SANE_TIME, *(f"{name} BETWEEN 0 AND {MOST_TOKENS:.0f}" for name in figures)]
    checks = {
        "time": f"seconds IS NULL OR NOT ({_SANE_TIME})",
        "number": " OR ".join(f"{name} IS NULL OR {name} > {MOST_TOKENS:.0f}" for name in figures),
        "negative": " OR ".join(f"{name} < 0" for name in figures),
    }
    sound += [f"FLOOR({name}) = {name}" for name in fractions]
    checks["fraction"] = " OR ".join(f"FLOOR({name}) <> {name}" for name in fractions)
    if not exclusive:
        sound.append("cached <= input")
        checks["cached"] = "cached > input"
    if preset.money_only is None:
        sound.append("model IS NOT NULL" if "model" in worked_out else "FALSE")
        checks["model"] = "model IS NULL" if "model" in worked_out else "TRUE"
    if "rule" in worked_out:
        sound.insert(0, "rule IS NULL")
        checks = {"rule": "rule IS NOT NULL", **checks}
    cases = " ".join(
        f"WHEN {check} THEN {'rule' if reason == 'rule' else code(reason)}"
        for reason, check in checks.items()
        if check
    )  # fmt: skip
    return f"CASE WHEN {' AND '.join(sound)} THEN {NO_REASON} {cases} END"
