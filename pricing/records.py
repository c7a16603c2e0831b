"""What all records of the catalogue share: where they come from, and how they are validated.

A record is a frozen pydantic model; a docstring under a field says what it holds.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
    ValidationInfo,
    WrapValidator,
    model_serializer,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import custom_error_schema

from .text import Text
from .yaml_reader import Document, Loc, known_steps

Unknown = Literal["unknown"]
Confidence = Literal["high", "medium", "low"]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MAX_AMOUNT = 1e18
"""Above this a number of tokens or an amount of money is a slip of the keyboard."""


class OneOf:
    """Several types behind one field: a wrong value gives one error that says what is expected."""

    def __init__(self, expected: str) -> None:
        self.expected = expected

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema of the types, with our error in place of theirs; no call of Python for each value."""
        told = {"expected": self.expected}
        return custom_error_schema(handler(source), "expected", custom_error_message="", custom_error_context=told)


Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Amount = Annotated[float, Field(ge=0, le=MAX_AMOUNT, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=MAX_AMOUNT, allow_inf_nan=False)]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
OptionalDay = Annotated[Day | None, OneOf("a date like 2024-07-09, or null")]
DayOrUnknown = Annotated[Day | Unknown, OneOf("a date like 2024-07-09, or unknown")]
DayNullOrUnknown = Annotated[Day | Unknown | None, OneOf("a date like 2024-07-09, null (no end) or unknown")]
DaysNullOrUnknown = Annotated[
    Annotated[int, Field(gt=0, le=36500)] | Unknown | None,
    OneOf("a whole number of days above 0, null (no end) or unknown"),
]
AmountNullOrUnknown = Annotated[Amount | Unknown | None, OneOf("a number of at least 0, null or unknown")]
AmountOrUnknown = Annotated[Amount | Unknown, OneOf("a number of at least 0, or unknown")]
FlagOrUnknown = Annotated[bool | Unknown, OneOf("true, false or unknown")]


class Record(BaseModel):
    """Base of all records: frozen, no unknown keys, no conversion of types."""

    # Reading the docstrings from the source and building each validator at import would double the time to start.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_by_name=True, defer_build=True)


class LocalText(Record, defer_build=False):
    """A text in two languages; a plain string serves both."""

    en: str
    zh: str

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"en": value, "zh": value} if isinstance(value, str) else value

    @model_serializer
    def _as_written(self) -> str | dict[str, str]:
        return self.en if self.en == self.zh else {"en": self.en, "zh": self.zh}

    def get(self, lang: str) -> str:
        """The text in ``lang`` (``en`` or ``zh``)."""
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.en


class Source(Record, defer_build=False):
    """Where a figure was seen."""

    url: str | None = None
    """Address of the page."""
    cite: str | None = None
    """What has no address: a package, a deleted post."""
    publisher: str | None = None
    """Who published it."""
    published: OptionalDay = None
    """The page's own date, if it has one."""
    says: LocalText | None = None
    """One line in our own words on what it supports."""
    family: str | None = None
    """Reports that copy one another share a family: they count as one."""

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if not self.url and not self.cite:
            raise PydanticCustomError("nowhere", "nowhere")
        return self


def _once(value: Any, inner: Callable[[Any], Any], info: ValidationInfo) -> Any:
    """Sources that stand once on the file are handed down to hundreds of figures: each list is validated but once."""
    known = info.context
    if known is None:
        return inner(value)
    if id(value) not in known:
        known[id(value)] = value, inner(value)  # with the value, lest its id go to another
    return known[id(value)][1]


Sources = Annotated[list[Source], Field(min_length=1), WrapValidator(_once)]


class Evidence(Record):
    """Mixed into every record that states a figure."""

    sources: Sources
    """Where the figure was seen; may stand once on the file or the record above."""
    confidence: Confidence | None = None
    """high: the vendor's own page, or two independent reports that agree; medium; low."""
    note: LocalText | None = None
    """Where sources disagree, or what is inferred."""


def inherit(value: Any, *path: str) -> Any:
    """Hands ``sources`` and ``confidence`` down to what stands below in the lists or mappings along ``path``.

    ``inherit(provider, "models", "prices")`` gives each model what the file says and it does not say itself, and
    each price what its model then says. Gives a copy; what is malformed is left for validation.
    """
    if not isinstance(value, Mapping) or not path:
        return value
    handed = {key: value[key] for key in ("sources", "confidence") if key in value}

    def below(item: Any) -> Any:
        if isinstance(item, list):
            return [below(one) for one in item]
        return inherit({**handed, **item} if isinstance(item, Mapping) else item, *path[1:])

    children = value.get(path[0])
    if isinstance(children, Mapping):
        return {**value, path[0]: {key: below(item) for key, item in children.items()}}
    return {**value, path[0]: below(children)} if isinstance(children, list) else value


R = TypeVar("R", bound=BaseModel)


def validate(document: Document, record: type[R], value: Any) -> R | None:
    """``value`` as a ``record``; what is wrong is added to the document's problems, and the result is None."""
    if document.problems:
        return None
    try:
        return record.model_validate(value, context={})
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            report_error(document, record, error)
        return None


def report_error(document: Document, record: type[BaseModel], error: Any) -> None:
    """Adds one of pydantic's errors to the document's problems, in words that help."""
    document.report(error["loc"], describe(document, record, error))


def nearest(word: object, allowed: Iterable[str]) -> Text | str:
    """`` (did you mean `x`?)`` for a word close to an allowed one, else nothing."""
    from difflib import get_close_matches  # needed only where something is wrong

    close = get_close_matches(str(word), list(allowed), n=1, cutoff=0.6)
    return Text(" (did you mean `{word}`?)", word=close[0]) if close else ""


def describe(document: Document, record: type[BaseModel], error: Any) -> Text:
    """What is wrong, what is allowed, and the nearest valid name."""
    kind, loc, given, ctx = error["type"], error["loc"], error.get("input"), error.get("ctx", {})
    steps = list(known_steps(document, loc))
    name: str | Text = next((step for step in reversed(steps) if isinstance(step, str)), "") or Text("the file")
    got = _shown(given)
    if kind == "missing":
        if loc[-1] == "sources":
            return Text("no source: add `sources:` here, or once on the file or the record above")
        return Text("`{key}` is missing", key=loc[-1])
    if kind == "extra_forbidden":
        allowed = _keys_at(record, loc[:-1])
        return Text(
            "unknown key `{key}`{hint}; allowed: {allowed}",
            key=loc[-1], hint=nearest(loc[-1], allowed), allowed=", ".join(sorted(allowed)),
        )  # fmt: skip
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        key = ctx.get("discriminator", name) if kind == "union_tag_invalid" else name
        allowed = [
            word.strip("' ")
            for word in (ctx.get("expected_tags") or ctx.get("expected", "")).replace(" or ", ", ").split(",")
        ]
        word = ctx.get("tag", given)
        return Text(
            "{name} must be one of {allowed} (got {got}){hint}",
            name=str(key).strip("'"), allowed=", ".join(allowed), got=_shown(word), hint=nearest(word, allowed),
        )  # fmt: skip
    if kind == "union_tag_not_found":
        return Text("`{key}` is missing", key=ctx["discriminator"].strip("'"))
    if kind == "nowhere":
        return Text("a source needs `url:`, or `cite:` for what has no address")
    if kind == "too_short" and name == "sources":
        return Text("no source: add `sources:` here, or once on the file or the record above")
    if kind == "too_short":
        return Text("{name} must not be empty", name=name)
    if kind == "text":
        template = ctx["template"]
        return Text(template, **{key: value for key, value in ctx.items() if key != "template"})
    expected = _expected(kind, ctx)
    if given is None and kind.endswith("_type"):
        return Text("{name} is empty; it must be {expected}", name=name, expected=expected)
    hint = _hint(kind, given, ctx)
    return Text("{name} must be {expected} (got {got}){hint}", name=name, expected=expected, got=got, hint=hint)


def _hint(kind: str, given: Any, ctx: Mapping[str, Any]) -> Text | str:
    """How to write what was probably meant: 80 for a share, 50M or a quoted number for an amount."""
    if kind == "less_than_equal" and ctx["le"] == 1 and 2 <= given <= 100:
        return Text("; {given:g} % is written {share:g}", given=given, share=given / 100)
    amount = _AMOUNT.fullmatch(given) if kind in ("float_type", "int_type") and isinstance(given, str) else None
    if amount is None:
        return ""
    number = float(amount[1].replace(",", "").replace("_", "")) * _FACTORS[amount[2].lower()]
    return Text("; write {number:_.15g}, without quotes, commas or units", number=number)


_AMOUNT = re.compile(r"\s*(\d[\d,_]*(?:\.\d+)?)\s*([kmb]?)\s*", re.IGNORECASE)
_FACTORS = {"": 1, "k": 1e3, "m": 1e6, "b": 1e9}


def _expected(kind: str, ctx: Mapping[str, Any]) -> Text:
    bounds = {
        "greater_than": "> {gt:g}", "greater_than_equal": ">= {ge:g}",
        "less_than": "< {lt:g}", "less_than_equal": "<= {le:g}",
    }  # fmt: skip
    if kind in bounds and any(isinstance(bound, str) for bound in ctx.values()):
        return Text("a day from {first} to {last}", first=FIRST_DAY, last=LAST_DAY)
    if kind in bounds:
        return Text("{bound}", bound=bounds[kind].format(**ctx))
    if kind == "expected":
        return Text(ctx["expected"])
    if kind == "string_pattern_mismatch":
        return Text("three capital letters such as CNY or USD")
    if kind.startswith("date"):
        return Text("a day of the calendar, like 2024-07-09")
    if kind == "too_long":
        return Text("a list of at most {most} entries", most=ctx["max_length"])
    if kind.startswith("string_too"):
        return Text("a text of at least 1 and at most {most} characters", most=ctx.get("max_length", 200))
    named = {
        "int": Text("a whole number"), "float": Text("a number"), "finite": Text("a number"),
        "bool": Text("true or false"), "string": Text("a text"), "list": Text("a list"),
        "dict": Text("a mapping of keys to values"), "model": Text("a mapping of keys to values"),
        "none": Text("null"),
    }  # fmt: skip
    return named.get(kind.split("_")[0], Text("something else"))


def _shown(value: Any) -> Text | str:
    if isinstance(value, list | dict):
        return Text("a list") if isinstance(value, list) else Text("a mapping")
    shown = str(value) if isinstance(value, int | float | date) else repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _keys_at(record: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that a record at ``loc`` may have, found by following the types of the fields."""
    found: list[type[BaseModel]] = [record]
    for step in loc:
        if isinstance(step, int):
            continue
        below: list[type[BaseModel]] = []
        for owner in found:
            for name, info in owner.model_fields.items():
                if step in (name, info.alias):
                    below += _records_in(info.annotation)
            if any(get_args(info.annotation) == (step,) for info in owner.model_fields.values()):
                below.append(owner)  # the step is the tag of a union: this is the record it chose
        found = list(below) or found
    return [info.alias or name for owner in found for name, info in owner.model_fields.items()]


def _records_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [record for part in get_args(annotation) for record in _records_in(part)]


def text_error(template: str, **values: object) -> PydanticCustomError:
    """An error of our own for a validator to raise; the template is translated like any ``Text``."""
    return PydanticCustomError("text", "text", {"template": template, **values})
