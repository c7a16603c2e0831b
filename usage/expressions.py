"""A format's columns as SQL: expressions over the columns that a table has.

They use nothing that other engines lack, so that Ibis can translate them (``usage.elsewhere``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from .schema import Columns, Figure, Preset, Quantity, Rule, Time, Word

ColumnType = Literal["text", "integer", "number", "time", "bool", "nested"]
Ids = Literal["all", "sample", "none"]
NUMBERS = ("integer", "number")
FIRST, LAST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Usage outside this time is a slip: seconds read as milliseconds, a broken date."""
DAY = 86_400
NO_TEXT, NO_NUMBER = "CAST(NULL AS VARCHAR)", "CAST(NULL AS DOUBLE)"
NO_REASON = "CAST(NULL AS INTEGER)"
REASONS = ("time", "number", "negative", "fraction", "cached", "model", "unit", "parent")
"""Why a row does not count, beside the rules of its format: in the answer -1 for the first of these, -2 for the second;
rules are 0, 1, 2, as they stand in the format. Numbers are grouped faster than words."""


def code(reason: str) -> int:
    """How a reason stands in the answer."""
    return -1 - REASONS.index(reason)


class Row:
    """Expressions over the columns that a table has."""

    def __init__(self, columns: Mapping[str, ColumnType]) -> None:
        self._columns = {name.lower(): name for name in reversed([*columns])}
        self._types = columns

    def find(self, names: Columns) -> str | None:
        """The first of the columns that the table has, as it is written there."""
        return next((self._columns[name.lower()] for name in names if name.lower() in self._columns), None)

    def _present(self, names: Columns) -> list[str]:
        return [self._columns[name.lower()] for name in names if name.lower() in self._columns]

    def text(self, names: Columns) -> str:
        """The first of the columns as text; NULL where the table has none of them."""
        found = self.find(names)
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
        return f"NULLIF(REGEXP_EXTRACT({text}, {quoted(word.pattern)}, 1), '')" if word.pattern and texts else text

    def figure(self, figure: Figure | None, *, absent: str = "0") -> str:
        """A number; NULL where it cannot be read; ``absent`` where the table has none, 0 where the cell is empty."""
        found = self.find(figure.column) if figure is not None else None
        if figure is None or found is None:
            return absent
        if figure.key is not None:
            pattern = quoted(f'"{figure.key}"\\s*:\\s*"?(-?[0-9.]+)')
            value = f"COALESCE(TRY_CAST(NULLIF(REGEXP_EXTRACT({self._as_text(found)}, {pattern}, 1), '') AS DOUBLE), 0)"
        else:
            value = self._number(found, absent=NO_NUMBER if absent == NO_NUMBER else "0")
        return value if figure.per == 1 else f"{value} / {figure.per:.0f}"

    def is_whole(self, figure: Figure | None) -> bool:
        """Whether the type of its column leaves no room for a fraction."""
        found = self.find(figure.column) if figure is not None and figure.key is None and figure.per == 1 else None
        return found is not None and self._types[found] == "integer"

    def _number(self, column: str, *, absent: str) -> str:
        """Thousands separators are read only where each stands before three digits: 1,250 but not 1,25."""
        quoted = quoted_name(column)
        if self._types[column] in NUMBERS:
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
        cases = " ".join(f"WHEN {quoted(name)} THEN {tokens:.0f}" for name, tokens in quantity.units.items())
        return f"CASE {unit} {cases} END"

    def _part(self, quantity: Quantity) -> str:
        meter = f"LOWER({self.word(Word(column=quantity.meter))})"
        cases = " ".join(
            f"WHEN REGEXP_MATCHES({meter}, {quoted(pattern)}) THEN '{part}'" for part, pattern in quantity.parts.items()
        )
        return f"CASE {cases} END"

    def seconds(self, time: Time) -> str:
        """Seconds since 1970, UTC."""
        found = self.find(time.column)
        if found is None:
            return NO_NUMBER
        if self._types[found] == "time":
            return f"EPOCH({quoted_name(found)})"
        if time.as_.startswith("unix"):
            per = {"unix": 1, "unix_ms": 1_000, "unix_ns": 1_000_000_000}[time.as_]
            number = self._number(found, absent=NO_NUMBER)
            return number if per == 1 else f"{number} / {per}"
        if self._types[found] in NUMBERS:  # prepared by an engine whose own function turned a time into seconds
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
        if preset.ends is None or self.find(preset.ends.column) is None:
            return "1"
        return f"CASE WHEN {self.seconds(preset.ends)} - {self.seconds(preset.time)} < {DAY} THEN 0 ELSE 1 END"

    def kind(self, preset: Preset) -> str:
        """embedding, other, or NULL: the model tells."""
        if preset.kind is None or self.find(preset.kind.column) is None:
            return NO_TEXT
        cases = [
            f"WHEN {_is(self.text(preset.kind.column), values)} THEN '{kind}'"
            for kind, values in (("embedding", preset.kind.embedding), ("other", preset.kind.other)) if values
        ]  # fmt: skip
        return f"CASE {' '.join(cases)} END"

    def batch(self, preset: Preset) -> str:
        """1 for a batch, else 0."""
        if preset.batch is None or self.find(preset.batch.column) is None:
            return "0"
        return f"CASE WHEN {_is(self.text(preset.batch.column), preset.batch.is_)} THEN 1 ELSE 0 END"

    def currency(self, preset: Preset) -> str:
        """The code of the cost's currency."""
        if isinstance(preset.currency, str):
            return quoted(preset.currency)
        return f"UPPER({self.word(preset.currency)})" if preset.currency else NO_TEXT

    def id(self, preset: Preset, which: Ids) -> str:
        """What names a row; NULL where the format has no such thing, and outside the sample."""
        present = self._present(preset.id or [])
        if not present or which == "none":
            return NO_TEXT
        texts = [self._as_text(column) for column in present]
        whole = texts[0] if len(texts) == 1 else f"CONCAT_WS('|', {', '.join(texts)})"
        if which == "all":
            return whole
        number = self._types[present[0]] in NUMBERS
        chosen = f"{quoted_name(present[0])} % 100 = 77" if number else f"{texts[0]} LIKE '%77'"
        return f"CASE WHEN {chosen} THEN {whole} END"

    def skipped(self, preset: Preset, table: str) -> str:
        """The rule by which a row is no consumption, by its place; NULL if none fits, which is asked first."""
        rules = {
            index: self._fits(rule)
            for index, rule in enumerate(preset.skip) if self.find(rule.column) is not None
        }  # fmt: skip
        if preset.quantity is not None:
            rules[code("unit")] = f"{self._part(preset.quantity)} IS NULL OR {self._unit(preset.quantity)} IS NULL"
        if preset.parent is not None and preset.id and preset.model and self.find([preset.parent]) is not None:
            below = f"SELECT {self.text([preset.parent])} FROM {table} WHERE {self.word(preset.model)} IS NOT NULL"
            rules[code("parent")] = f"COALESCE({self.text(preset.id[-1:])} IN ({below}), FALSE)"
        cases = " ".join(f"WHEN {fits} THEN {reason}" for reason, fits in rules.items())
        none = " AND ".join(f"NOT ({fits})" for reason, fits in rules.items() if not _is_implied(reason, preset.skip))
        return f"CASE WHEN {none} THEN {NO_REASON} {cases} END" if rules else NO_REASON

    def _fits(self, rule: Rule) -> str:
        values, negated = (rule.is_, "") if rule.is_ is not None else (rule.is_not or [], "NOT ")
        found = self._present(rule.column)
        if len(found) == 1 and self._types[found[0]] in NUMBERS and all(type(value) is int for value in values):
            return f"COALESCE({quoted_name(found[0])}, -1) {negated}IN ({', '.join(map(str, values))})"
        return f"{negated}({_is(self.word(Word(column=rule.column)), values)})"


def _is(text: str, values: Sequence[str | int | bool]) -> str:
    """Whether a text is one of the values; a whole number may be written 2.0, as pandas does."""
    words = {str(value).lower() for value in values}
    words |= {f"{word}.0" for word in words if word.isdigit()}
    return f"COALESCE(LOWER({text}), '') IN ({', '.join(sorted(map(quoted, words)))})"


def _is_implied(place: int, rules: Sequence[Rule]) -> bool:
    """Whether another rule says which values of the column are kept, and this one's are not among them."""
    if place < 0 or rules[place].is_ is None:
        return False
    left_out = {*map(str, rules[place].is_ or [])}
    return any(
        rule.is_not and rule.column == rules[place].column and not left_out & {*map(str, rule.is_not)} for rule in rules
    )


@lru_cache(20)
def zone_shift(zone: str) -> str:
    """Seconds from UTC to local time at ``seconds``, as SQL: a number, or cases where the clock is changed."""
    local = ZoneInfo(zone)  # no clock of the world is changed twice within a week

    def offset(at: datetime) -> int:
        return int((at.astimezone(local).utcoffset() or timedelta()).total_seconds())

    changes: list[tuple[datetime, int]] = []
    day, last = FIRST, datetime(2040, 1, 1, tzinfo=UTC)
    while day < last:
        following = day + timedelta(days=7)
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


def quoted(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"
