"""The same statement where the logs live: on Spark, Trino, BigQuery, ClickHouse and others, through Ibis.

Ibis translates the statement and runs it there; only its sums come back. Needs the extra `engines`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pricing import InputError, Problem, Text
from pricing.records import nearest

from .engine import OWN, Answer
from .expressions import NUMBERS, ColumnType
from .finding import preset_of
from .presets import choose_presets
from .reading import By, Usage, known_zone, usage_of
from .schema import Preset
from .statement import FIELDS, Question, Relation, statement

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = "banjia_seconds"
"""The column that holds the time as a number; each engine has a function of its own for it."""


def connect(address: str) -> Any:
    """The engine at an address such as ``clickhouse://host/database``; raises ``InputError``."""
    try:
        import ibis
    except ModuleNotFoundError:
        message = Text("this needs Ibis: pip install 'banjia[engines]', with the driver of the engine")
        raise InputError([Problem("--at", 1, 1, message)]) from None
    try:
        return ibis.connect(address)
    except Exception as error:  # every driver has errors of its own
        message = Text("the engine cannot be reached: {problem}", problem=_first_line(error))
        raise InputError([Problem("--at", 1, 1, message)]) from None


def read_usage_at(
    engine: Any, table: str, *, preset: str | Path | None = None, zone: str = "Asia/Shanghai", by: By = "model"
) -> Usage:
    """``read_usage`` for a table of an Ibis connection; raises ``InputError``."""
    name = table
    try:
        logs = engine.table(table)
    except Exception as error:  # every driver has errors of its own
        hint = nearest(table, engine.list_tables())
        message = Text("the table cannot be read{hint}: {problem}", hint=hint, problem=_first_line(error))
        raise InputError([Problem(name, 1, 1, message)]) from None
    columns = {column: _type(kind) for column, kind in logs.schema().items()}
    found = preset_of(columns, choose_presets(preset), name)
    logs, columns, found_here = _with_seconds(logs, columns, found)
    question = Question(known_zone(zone), by_project=by == "project")
    groups = _run(logs, columns, found_here, question)
    if any(group["repeated"] for group in groups):
        groups = _run(logs, columns, found_here, replace(question, unique=True))
    return usage_of(Answer(groups, {}), {name: found}, zone)


def _with_seconds(
    logs: Any, columns: dict[str, ColumnType], preset: Preset
) -> tuple[Any, dict[str, ColumnType], Preset]:
    """The table with times as seconds; texts as times are first cast by the engine."""
    wanted = {name.lower() for name in preset.time.column}
    column = next((name for name in columns if name.lower() in wanted), None)
    if column is None or preset.time.as_ == "us_date" or columns[column] in NUMBERS:
        return logs, columns, preset
    if columns[column] == "text" and preset.time.as_ != "iso":
        return logs, columns, preset
    time = logs[column].cast("timestamp") if columns[column] == "text" else logs[column]
    prepared = logs.mutate(**{SECONDS: time.cast("timestamp").epoch_seconds().cast("float64")})
    timed = preset.model_copy(update={"time": preset.time.model_copy(update={"column": [SECONDS], "as_": "unix"})})
    return prepared, {**columns, SECONDS: "number"}, timed


def _run(logs: Any, columns: dict[str, ColumnType], preset: Preset, question: Question) -> list[dict[str, Any]]:
    view = logs.alias("banjia_logs")
    sql = statement([Relation("banjia_logs", columns, preset)], question)
    sums = view.sql(sql, dialect="duckdb").limit(OWN.groups).to_pandas()
    rows = sums.astype(object).where(sums.notna(), None).to_dict("records")
    return [{field: row[field] for field in FIELDS} for row in rows]


def _type(kind: Any) -> ColumnType:
    if kind.is_integer():
        return "integer"
    if kind.is_numeric():
        return "number"
    if kind.is_temporal():
        return "time"
    if kind.is_boolean():
        return "bool"
    return "text" if kind.is_string() else "nested"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
