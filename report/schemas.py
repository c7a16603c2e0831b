"""JSON Schemas of the data files and the profile, so that an editor completes and checks while one types.

They are generated from the records: ``banjia schema offers`` prints one, `docs/schemas` holds them all.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from typing import Any

from pydantic import BaseModel

from calculator.effort import EffortData
from calculator.profile import Profile
from offers.schema import Event, ProviderOffers
from pricing.schema import ExchangeRates, Provider, Tokenizers
from usage.schema import Aliases, Preset

SCHEMAS: dict[str, type[BaseModel]] = {
    "provider": Provider,
    "exchange-rates": ExchangeRates,
    "tokenizers": Tokenizers,
    "event": Event,
    "offers": ProviderOffers,
    "effort": EffortData,
    "profile": Profile,
    "usage-format": Preset,
    "usage-aliases": Aliases,
}
INHERITED = ("sources", "confidence")
"""Keys that may stand on a record above instead."""
OF_COLUMNS = ("Figure", "Word", "Time")
"""Records for which the bare name of a column may stand."""

Json = dict[str, Any]


def json_schema(name: str) -> Json:
    """The schema called ``name``: what pydantic says, with the fields' docstrings as descriptions."""
    record = SCHEMAS[name]
    schema = record.model_json_schema(by_alias=True)
    _describe(schema, record.__name__)
    for title, definition in schema.get("$defs", {}).items():
        _describe(definition, title)
    relaxed: Json = _as_written(schema)
    return {"$schema": "http://json-schema.org/draft-07/schema#", **relaxed}


def _describe(definition: Json, title: str) -> None:
    """Puts in the docstrings, and asks for no key that may be inherited."""
    told = _docstrings(title)
    for key, field in definition.get("properties", {}).items():
        field.pop("title", None)
        if key in told:
            field["description"] = told[key]
    required = [key for key in definition.get("required", ()) if key not in INHERITED or title == "Event"]
    if required:
        definition["required"] = required
    else:
        definition.pop("required", None)


def _as_written(schema: Any) -> Any:
    """As a person writes it: numbers may carry underscores, a text in two languages may be one string."""
    if isinstance(schema, list):
        return [_as_written(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: _as_written(value) for key, value in schema.items()}
    if schema.get("title") == "LocalText":
        return {"description": schema["description"], "anyOf": [{"type": "string"}, schema]}
    if schema.get("title") in OF_COLUMNS:
        names = schema["properties"]["column"]["anyOf"]
        return {"description": schema["description"], "anyOf": [*names, schema]}
    if schema.get("type") in ("integer", "number"):
        outside = {key: schema.pop(key) for key in ("description", "default") if key in schema}
        return {**outside, "anyOf": [schema, {"type": "string", "pattern": r"^[0-9][0-9_]*(\.[0-9]+)?$"}]}
    return schema


@cache
def _all_docstrings() -> dict[str, dict[str, str]]:
    """Docstrings under the fields of every record, by class and key, read from the source."""
    found: dict[str, dict[str, str]] = {}
    for module in {record.__module__ for record in SCHEMAS.values()} | {"pricing.records"}:
        for node in ast.parse(inspect.getsource(sys.modules[module])).body:
            if isinstance(node, ast.ClassDef):
                found[node.name] = {
                    field.target.id.rstrip("_"): inspect.cleandoc(told.value.value)
                    for field, told in zip(node.body, node.body[1:], strict=False)
                    if isinstance(field, ast.AnnAssign)
                    and isinstance(field.target, ast.Name)
                    and isinstance(told, ast.Expr)
                    and isinstance(told.value, ast.Constant)
                    and isinstance(told.value.value, str)
                }
    return found


def _docstrings(title: str) -> dict[str, str]:
    """Those of a class and of the records it is built on."""
    shared = {**_all_docstrings()["Evidence"], **_all_docstrings()["_Life"], **_all_docstrings()["_OfColumns"]}
    return {**shared, **_all_docstrings().get(title, {})}
