"""The records of ``usage/data``: how an export is read, and what model names meant when."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from pricing.records import Confidence, Day, Evidence, LocalText, Name, OneOf, Positive, Record, Sources, text_error

Part = Literal["input", "cached", "output"]
Names = Annotated[list[Name], Field(min_length=1, max_length=20)]
Columns = Annotated[
    Names | Name,
    OneOf("the name of a column, or a list of names"),
    AfterValidator(lambda names: [names] if isinstance(names, str) else names),
]
"""Names that a column may have; the first that the file has is taken, capitals do not matter."""
Pattern = Annotated[str, Field(min_length=1, max_length=300)]


class _OfColumns(Record):
    """A value that stands in a column; the bare name of the column, or a list of names, serves too."""

    column: Columns
    """Names of the column; the first that the file has is taken."""

    @model_validator(mode="before")
    @classmethod
    def _from_names(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str | list) else value


class Figure(_OfColumns):
    """A number of a row."""

    key: Name | None = None
    """The column holds JSON; the value is the number under this key."""
    per: Positive = 1
    """The value is divided by this: 100 where money is in cents."""


class Word(_OfColumns):
    """A text of a row, or a part of it."""

    pattern: Pattern | None = None
    """Regular expression (RE2); its first group is the value. Left out: the whole text."""


class Time(_OfColumns):
    """When the usage happened."""

    as_: Annotated[Literal["iso", "us_date", "unix", "unix_ms", "unix_ns"], Field(alias="as")] = "iso"
    """iso: 2024-06-12 03:10:11+08:00, without an offset UTC; us_date: 06/12/2024; unix: seconds since 1970."""


class Quantity(Record):
    """Rows that count one kind of tokens each, as cloud bills do."""

    column: Columns
    """The number."""
    unit: Columns | None = None
    """The column that holds its unit."""
    units: dict[str, Positive] = {}
    """Tokens in one unit; a row in another unit is no usage of tokens."""
    meter: Columns
    """The column that says what was counted."""
    parts: dict[Part, Pattern]
    """Regular expression by kind of tokens, looked for in the meter in small letters; the first one found counts."""


class Rule(Record):
    """Rows that are not consumption."""

    column: Columns
    """The column that tells; without it the rule does not apply."""
    is_: Annotated[list[str | int | bool] | None, Field(alias="is")] = None
    """Values of the rows that are left out; "" is an empty one."""
    is_not: list[str | int | bool] | None = None
    """Values of the rows that are kept."""
    because: LocalText
    """What these rows are."""

    @model_validator(mode="after")
    def _one_list(self) -> Rule:
        if (self.is_ is None) == (self.is_not is None):
            raise text_error("a rule needs `is` or `is_not`")
        return self


class Kinds(Record):
    """Which rows are embeddings, pictures, speech; all others are chat."""

    column: Columns
    """The column that tells."""
    embedding: list[str] = []
    """Its values for embeddings."""
    other: list[str] = []
    """Its values for what is not text: pictures, speech, fine-tuning."""


class Flag(Record):
    """Which rows went through the batch interface."""

    column: Columns
    """The column that tells."""
    is_: Annotated[list[str | int | bool], Field(alias="is")] = ["true", "1"]
    """Its values for batches; capitals do not matter."""


class Preset(Record):
    """A file of ``usage/data/presets``: one format of usage exports."""

    format: Name
    """Its id, for `--as`."""
    title: LocalText
    """What it is."""
    recognised_by: Columns
    """Columns that such a file has and others have not, all of them."""
    grain: Literal["request", "day"] = "request"
    """request: rows have a time of day; day: they are sums of UTC days, which no time zone can shift."""
    tables: list[Name] = []
    """Names of the table in a SQLite file; left out: any."""
    rows: Annotated[list[str], Field(min_length=1)] = [""]
    """In JSON, where the rows are: keys with dots between them, "" for the objects themselves; the first that leads
    anywhere counts. What stands beside on the way belongs to each row."""
    attributes: Name | None = None
    """In JSON, the key of a list of {key, value} that are columns too (OpenTelemetry)."""
    time: Time
    """When."""
    ends: Time | None = None
    """With the grain `day`, the end of the time that a row sums up: rows of less than a day can be shifted."""
    model: Word | None = None
    """Which model; without it the file holds money only."""
    input: Figure | None = None
    """Input tokens."""
    cached: Figure | None = None
    """Those that the cache served."""
    input_includes_cached: bool = True
    """Whether `input` counts the cached ones too."""
    output: Figure | None = None
    """Output tokens."""
    quantity: Quantity | None = None
    """In place of input, cached and output: one row for each kind of tokens."""
    requests: Figure | None = None
    """Number of requests; left out: every row is one."""
    batch: Flag | None = None
    """Which rows are batches."""
    kind: Kinds | None = None
    """Which rows are embeddings."""
    project: Word | None = None
    """What `--by project` divides by."""
    cost: Figure | None = None
    """What the file says it cost."""
    currency: Word | Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    """Its currency: a code such as USD, or a column."""
    cost_is: LocalText | None = None
    """What that cost is, where it is not the provider's bill."""
    id: Columns | None = None
    """Columns that together name a row: rows that agree in all of them count once."""
    parent: Name | None = None
    """The column with the id of the row above; a row with a counted row below it repeats that one's tokens."""
    skip: list[Rule] = []
    """Rows that are not consumption; the first rule that fits counts."""
    without_model: LocalText | None = None
    """What to do where the rows do not name the model."""
    money_only: LocalText | None = None
    """Why the file gives no tokens, and which one does."""
    sources: Sources | None = None
    """Where the format was seen."""
    note: LocalText | None = None
    """What is not certain about it."""

    @model_validator(mode="after")
    def _complete(self) -> Preset:
        if self.money_only is None and self.input is None and self.quantity is None:
            raise text_error("say where the tokens are: `input` and `output`, or `quantity`")
        if self.money_only is None and self.model is None:
            raise text_error("say where the model is: `model`")
        if self.quantity is not None and (self.input or self.output or self.cached):
            raise text_error("`quantity` stands in place of `input`, `cached` and `output`")
        return self


class Alias(Evidence):
    """What a name in an export stands for, from a day on."""

    name: Name
    """The name in the export, in small letters."""
    model: Name
    """The model's id in the price files."""
    from_: Annotated[Day | None, Field(alias="from")] = None
    """First day of that meaning; left out: always."""


class Aliases(Record):
    """``usage/data/aliases.yaml``."""

    prefixes: list[Name] = []
    """What gateways put before a model's name."""
    aliases: list[Alias]
    """Names, the later meaning after the earlier."""
    sources: Sources | None = None
    confidence: Confidence | None = None
    note: LocalText | None = None
