"""The aggregation: one SQL statement for every engine.

It is written in DuckDB's dialect and uses nothing that other engines lack, so that Ibis can translate it
(``usage.elsewhere``). Rows that do not count are not lost: they come back in groups of their own, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from .schema import Columns, Figure, Preset, Quantity, Rule, Time, Word

ColumnType = Literal["text", "number", "time", "bool", "nested"]
FIRST, LAST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Usage outside this time is a slip: seconds read as milliseconds, a broken date."""
DAY = 86_400
MOST_TOKENS = 1e15
"""More tokens in one row are a slip."""

NO_TEXT, NO_NUMBER = "CAST(NULL AS VARCHAR)", "CAST(NULL AS DOUBLE)"
REASONS = ("time", "number", "negative", "fraction", "cached", "model", "unit", "parent")
"""Why a row does not count, beside the rules of its format: in the answer -1 for the first of these, -2 for the second;
rules are 0, 1, 2, as they stand in the format. Numbers are grouped faster than words."""

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


@dataclass(frozen=True)
class Question:
    """What is asked: the time zone of days, whether projects are kept apart, and how copies of rows are treated."""

    zone: str = "Asia/Shanghai"
    by_project: bool = False
    unique: bool = False
    """Count rows with equal ids once. Without it their number is only found out."""
    sample: bool = False
    """Look for equal ids only among those that end in 77: a hundredth of the numbers, less of other ids."""


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
    preset, row = relation.preset, _Row(relation.columns)
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
    read = {"seconds": row.seconds(preset.time), **worked_out}
    names = {name: name if name in worked_out else sql for name, sql in figures.items()}
    exclusive = not preset.input_includes_cached or preset.quantity is not None or names["cached"] == "0"
    columns = {
        "format": _quoted(preset.format),
        "id": row.id(preset, question.sample and not question.unique),
        "day": f"CASE WHEN {_SANE_TIME} THEN FLOOR((seconds + {shift}) / {DAY}) END",
        "model": names["model"],
        "kind": row.kind(preset),
        "batch": row.batch(preset),
        "project": row.word(preset.project) if question.by_project and preset.project else NO_TEXT,
        "currency": row.currency(preset),
        "skipped": _judgement(preset, worked_out, exclusive),
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


def _judgement(preset: Preset, worked_out: Collection[str], exclusive: bool) -> str:
    """Why a row does not count; NULL if it does, which is asked first since nearly all do."""
    figures = [name for name in ("requests", "input", "cached", "output") if name in worked_out]
    sound = [_SANE_TIME, *(f"{name} BETWEEN 0 AND {MOST_TOKENS:.0f}" for name in figures)]
    checks = {
        "time": f"seconds IS NULL OR NOT ({_SANE_TIME})",
        "number": " OR ".join(f"{name} IS NULL OR {name} > {MOST_TOKENS:.0f}" for name in figures),
        "negative": " OR ".join(f"{name} < 0" for name in figures),
    }
    if preset.quantity is None and figures:
        sound += [f"FLOOR({name}) = {name}" for name in figures]
        checks["fraction"] = " OR ".join(f"FLOOR({name}) <> {name}" for name in figures)
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
    return f"CASE WHEN {' AND '.join(sound)} THEN CAST(NULL AS INTEGER) {cases} END"


def code(reason: str) -> int:
    """How a reason stands in the answer."""
    return -1 - REASONS.index(reason)


class _Row:
    """Expressions over the columns that a table has."""

    def __init__(self, columns: Mapping[str, ColumnType]) -> None:
        self._columns = {name.lower(): name for name in reversed([*columns])}
        self._types = columns

    def _find(self, names: Columns) -> str | None:
        return next((self._columns[name.lower()] for name in names if name.lower() in self._columns), None)

    def _present(self, names: Columns) -> list[str]:
        return [self._columns[name.lower()] for name in names if name.lower() in self._columns]

    def text(self, names: Columns) -> str:
        """The first of the columns as text; NULL where the table has none of them."""
        found = self._find(names)
        return NO_TEXT if found is None else self._as_text(found)

    def _as_text(self, column: str) -> str:
        quoted = quoted_name(column)
        if self._types[column] == "nested":
            return f"CAST(TO_JSON({quoted}) AS VARCHAR)"
        return quoted if self._types[column] == "text" else f"CAST({quoted} AS VARCHAR)"

    def word(self, word: Word) -> str:
        """A text, or the part of it that the pattern names. Several columns: the first that is not empty."""
        texts = [f"NULLIF({self._as_text(column)}, '')" for column in self._present(word.column)]
        text = f"COALESCE({', '.join(texts)})" if len(texts) > 1 else texts[0] if texts else NO_TEXT
        return f"NULLIF(REGEXP_EXTRACT({text}, {_quoted(word.pattern)}, 1), '')" if word.pattern and texts else text

    def figure(self, figure: Figure | None, *, absent: str = "0") -> str:
        """A number; NULL where it cannot be read; ``absent`` where the table has none, 0 where the cell is empty."""
        found = self._find(figure.column) if figure is not None else None
        if figure is None or found is None:
            return absent
        if figure.key is not None:
            pattern = _quoted(f'"{figure.key}"\\s*:\\s*"?(-?[0-9.]+)')
            value = f"COALESCE(TRY_CAST(NULLIF(REGEXP_EXTRACT({self._as_text(found)}, {pattern}, 1), '') AS DOUBLE), 0)"
        else:
            value = self._number(found, absent=NO_NUMBER if absent == NO_NUMBER else "0")
        return value if figure.per == 1 else f"{value} / {figure.per:.0f}"

    def _number(self, column: str, *, absent: str) -> str:
        """Thousands separators are read only where each stands before three digits: 1,250 but not 1,25."""
        quoted = quoted_name(column)
        if self._types[column] == "number":
            return f"COALESCE(CAST({quoted} AS DOUBLE), {absent})"
        text = self._as_text(column)
        separated = rf"REGEXP_MATCHES({text}, '^ *-?[0-9]{{1,3}}(,[0-9]{{3}})+([.][0-9]*)? *$')"
        return (
            f"COALESCE(TRY_CAST({text} AS DOUBLE), CASE WHEN {text} IS NULL OR {text} = '' THEN {absent} "
            f"WHEN {separated} THEN TRY_CAST(REPLACE({text}, ',', '') AS DOUBLE) END)"
        )

    def tokens(self, preset: Preset, part: Literal["input", "cached", "output"]) -> str:
        """Tokens of one kind in a row."""
        if preset.quantity is None:
            return self.figure({"input": preset.input, "cached": preset.cached, "output": preset.output}[part])
        counted = f"{self.figure(Figure(column=preset.quantity.column))} * {self._unit(preset.quantity)}"
        return f"CASE WHEN {self._part(preset.quantity)} = '{part}' THEN {counted} ELSE 0 END"

    def _unit(self, quantity: Quantity) -> str:
        if quantity.unit is None:
            return "1"
        unit = self.text(quantity.unit)
        cases = " ".join(f"WHEN {_quoted(name)} THEN {tokens:.0f}" for name, tokens in quantity.units.items())
        return f"CASE {unit} {cases} END"

    def _part(self, quantity: Quantity) -> str:
        meter = f"LOWER({self.word(Word(column=quantity.meter))})"
        cases = " ".join(
            f"WHEN REGEXP_MATCHES({meter}, {_quoted(pattern)}) THEN '{part}'"
            for part, pattern in quantity.parts.items()
        )
        return f"CASE {cases} END"

    def seconds(self, time: Time) -> str:
        """Seconds since 1970, UTC."""
        found = self._find(time.column)
        if found is None:
            return NO_NUMBER
        if self._types[found] == "time":
            return f"EPOCH({quoted_name(found)})"
        if time.as_.startswith("unix"):
            per = {"unix": 1, "unix_ms": 1_000, "unix_ns": 1_000_000_000}[time.as_]
            number = self._number(found, absent=NO_NUMBER)
            return number if per == 1 else f"{number} / {per}"
        if self._types[found] == "number":  # prepared by an engine whose own function turned a time into seconds
            return quoted_name(found)
        text = self._as_text(found)
        if time.as_ == "us_date":
            turned = f"SUBSTR({text}, 7, 4) || '-' || SUBSTR({text}, 1, 2) || '-' || SUBSTR({text}, 4, 2)"
            text = f"CASE WHEN {text} LIKE '__/__/____' THEN {turned} ELSE {text} END"
        return f"EPOCH(TRY_CAST({text} AS TIMESTAMPTZ))"

    def daily(self, preset: Preset) -> str:
        """1 for the sum of a UTC day, else 0."""
        if preset.grain == "request":
            return "0"
        if preset.ends is None or self._find(preset.ends.column) is None:
            return "1"
        return f"CASE WHEN {self.seconds(preset.ends)} - {self.seconds(preset.time)} < {DAY} THEN 0 ELSE 1 END"

    def kind(self, preset: Preset) -> str:
        """embedding, other, or NULL: the model tells."""
        if preset.kind is None or self._find(preset.kind.column) is None:
            return NO_TEXT
        cases = [
            f"WHEN {_is(self.text(preset.kind.column), values)} THEN '{kind}'"
            for kind, values in (("embedding", preset.kind.embedding), ("other", preset.kind.other)) if values
        ]  # fmt: skip
        return f"CASE {' '.join(cases)} END"

    def batch(self, preset: Preset) -> str:
        """1 for a batch, else 0."""
        if preset.batch is None or self._find(preset.batch.column) is None:
            return "0"
        return f"CASE WHEN {_is(self.text(preset.batch.column), preset.batch.is_)} THEN 1 ELSE 0 END"

    def currency(self, preset: Preset) -> str:
        """The code of the cost's currency."""
        if isinstance(preset.currency, str):
            return _quoted(preset.currency)
        return f"UPPER({self.word(preset.currency)})" if preset.currency else NO_TEXT

    def id(self, preset: Preset, sampled: bool) -> str:
        """What names a row; NULL where the format has no such thing, and outside the sample."""
        present = self._present(preset.id or [])
        if not present:
            return NO_TEXT
        texts = [self._as_text(column) for column in present]
        whole = texts[0] if len(texts) == 1 else f"CONCAT_WS('|', {', '.join(texts)})"
        if not sampled:
            return whole
        number = self._types[present[0]] == "number"
        chosen = f"{quoted_name(present[0])} % 100 = 77" if number else f"{texts[0]} LIKE '%77'"
        return f"CASE WHEN {chosen} THEN {whole} END"

    def skipped(self, preset: Preset, table: str) -> str:
        """The rule by which a row is no consumption, by its place; NULL if none fits, which is asked first."""
        rules = {
            index: self._fits(rule)
            for index, rule in enumerate(preset.skip) if self._find(rule.column) is not None
        }  # fmt: skip
        if preset.quantity is not None:
            rules[code("unit")] = f"{self._part(preset.quantity)} IS NULL OR {self._unit(preset.quantity)} IS NULL"
        if preset.parent is not None and preset.id and preset.model and self._find([preset.parent]) is not None:
            below = f"SELECT {self.text([preset.parent])} FROM {table} WHERE {self.word(preset.model)} IS NOT NULL"
            rules[code("parent")] = f"COALESCE({self.text(preset.id[-1:])} IN ({below}), FALSE)"
        cases = " ".join(f"WHEN {fits} THEN {reason}" for reason, fits in rules.items())
        none = " AND ".join(f"NOT ({fits})" for fits in rules.values())
        return f"CASE WHEN {none} THEN CAST(NULL AS INTEGER) {cases} END" if rules else "CAST(NULL AS INTEGER)"

    def _fits(self, rule: Rule) -> str:
        values, negated = (rule.is_, "") if rule.is_ is not None else (rule.is_not or [], "NOT ")
        found = self._present(rule.column)
        if len(found) == 1 and self._types[found[0]] == "number" and all(type(value) is int for value in values):
            return f"COALESCE({quoted_name(found[0])}, -1) {negated}IN ({', '.join(map(str, values))})"
        return f"{negated}({_is(self.word(Word(column=rule.column)), values)})"


def _is(text: str, values: Sequence[str | int | bool]) -> str:
    """Whether a text is one of the values; a whole number may be written 2.0, as pandas does."""
    words = {str(value).lower() for value in values}
    words |= {f"{word}.0" for word in words if word.isdigit()}
    return f"COALESCE(LOWER({text}), '') IN ({', '.join(sorted(map(_quoted, words)))})"


def zone_shift(zone: str) -> str:
    """Seconds from UTC to local time at ``seconds``, as SQL: a number, or cases where the clock is changed."""
    local = ZoneInfo(zone)

    def offset(at: datetime) -> int:
        return int((at.astimezone(local).utcoffset() or timedelta()).total_seconds())

    changes: list[tuple[datetime, int]] = []
    day, last = FIRST, datetime(2040, 1, 1, tzinfo=UTC)
    while day < last:
        following = day + timedelta(days=1)
        if offset(day) != offset(following):
            low, high = day, following
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if offset(middle) == offset(day) else (low, middle)
            changes.append((high.replace(microsecond=0), offset(day)))
        day = following
    if not changes:
        return str(offset(FIRST))
    cases = " ".join(f"WHEN seconds < {change.timestamp():.0f} THEN {before}" for change, before in changes)
    return f"CASE {cases} ELSE {offset(last)} END"


def quoted_name(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
