"""The profile: one customer's usage, team and wishes, as a person writes it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO

from pydantic import Field, field_validator

from offers.claims import Stance
from offers.schema import AccountKind, ServiceKind
from pricing import InputError, Text
from pricing.catalogue import read_file
from pricing.records import (
    Amount,
    CurrencyCode,
    Name,
    OptionalDay,
    Record,
    Share,
    text_error,
    validate,
)
from pricing.schema import TextClass, Tier
from pricing.yaml_reader import Document, read_yaml

MAX_BYTES, MAX_NODES = 64_000, 5_000
"""A profile is small; what is not, is not a profile."""
MAX_MONTHS = 120
MAX_OVERLAP_DAYS = 366

Growth = Annotated[float, Field(ge=-1, le=10, allow_inf_nan=False)]
Days = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
Factor = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Tokens = Annotated[float, Field(ge=0, le=1e18, allow_inf_nan=False)]


class Workload(Record):
    """One use of one source model."""

    name: Name | None = None
    """What it is called; by default the model's id."""
    model: Name
    """Id of the source model."""
    input_tokens: Tokens = 0
    """Input tokens a month, cached ones included."""
    output_tokens: Tokens = 0
    """Output tokens a month."""
    cached_share: Share = 0
    """Share of the input tokens that the cache serves."""
    batch_share: Share = 0
    """Share of the tokens that can go through a batch interface."""
    off_peak_share: Share = 0
    """Share of the tokens that can wait for the hours in which a provider is cheaper."""
    text: dict[TextClass, Share] = {}
    """What the text consists of: shares of its characters; they sum to 1."""
    tier: Tier | None = None
    """Least tier that will do; by default the source model's."""
    context: Annotated[int, Field(ge=0, le=10**9)] | None = None
    """Tokens that must fit into one request."""
    features: list[Name] = []
    """What it uses: streaming, tools, json, vision. What the new model lacks has to be reworked."""
    must_have: list[Name] = []
    """Features without which a model is no candidate."""
    prompts: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Prompts that have to be tuned again."""
    pin: dict[Name, Name] = {}
    """Model to use at a provider, whatever else would be cheaper."""
    ratio: dict[Name, Factor] = {}
    """Target tokens for one source token at a provider, as measured in a pilot."""
    growth: Growth | None = None
    """Growth a month; by default the profile's."""
    stored_tokens: Tokens = 0
    """Source tokens of the vector store, which a new embedding model has to embed again."""
    training_tokens: Tokens = 0
    """Source tokens of the training data, where a fine-tuned model has to be trained again."""

    @property
    def label(self) -> str:
        """The name to show, unique in the profile."""
        return self.name or self.model

    @field_validator("text")
    @classmethod
    def _whole(cls, text: dict[TextClass, float]) -> dict[TextClass, float]:
        total = sum(text.values())
        if text and abs(total - 1) > 0.011:
            raise text_error("the shares of `text` must sum to 1 (they sum to {total})", total=f"{total:g}")
        return text


class Team(Record):
    """Who does the work of moving."""

    engineers: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] = 1
    """Engineers who work on it at the same time."""
    day_rate: Amount | None = None
    """What a person-day costs, in the profile's currency; by default the rate of the effort data."""


class Overlap(Record):
    """Use of the new provider beside the old one, before the move."""

    days: Annotated[int, Field(ge=0, le=MAX_OVERLAP_DAYS)] = 0
    """Days before `starts`."""
    share: Share = 0
    """Share of the usage that also goes to the new provider on those days."""


class EffortOverride(Record):
    """Person-days that replace those of the effort data; a key given replaces that entry."""

    integration: dict[Literal["compatible", "native"], Days] = {}
    evaluation: Days | None = None
    per_prompt: Days | None = None
    rework: dict[Name, Days] = {}
    reindex: Days | None = None
    retrain: Days | None = None
    services: dict[
        ServiceKind, dict[Literal["integration", "evaluation", "per_prompt", "rework", "reindex", "retrain"], Share]
    ] = {}


class Profile(Record):
    """One customer who moves."""

    name: Annotated[str, Field(max_length=200)] = ""
    """A title for the answer."""
    event: Name | None = None
    """Id of the event; by default the newest that cuts somebody off."""
    as_of: OptionalDay = None
    """Day of the decision; by default the event's."""
    starts: OptionalDay = None
    """First day of real traffic at the new provider; by default the cut-off."""
    months: Annotated[int, Field(ge=1, le=MAX_MONTHS)] = 12
    """Months that are looked at."""
    currency: CurrencyCode = "CNY"
    """Currency of the answer, and of day_rate and loss_per_day."""
    growth: Growth = 0
    """Growth of the usage a month."""
    stance: Stance = "expected"
    """What to assume for terms nobody published: cautious, expected or generous."""
    workloads: Annotated[list[Workload], Field(min_length=1, max_length=100)]
    customer_of: list[Name] = []
    """Providers where the customer is not new."""
    account: AccountKind = "enterprise"
    """Kind of account."""
    declined: list[Name] = []
    """Ids of offers that are not to be counted."""
    team: Team = Field(default_factory=Team)
    loss_per_day: Amount = 0
    """What a day without a working service costs, in the profile's currency."""
    overlap: Overlap = Field(default_factory=Overlap)
    effort: EffortOverride = Field(default_factory=EffortOverride)

    @property
    def monthly_tokens(self) -> float:
        """Source tokens of the base month: input and output of all workloads."""
        return sum(workload.input_tokens + workload.output_tokens for workload in self.workloads)


def read_profile(text: str, name: str = "profile") -> tuple[Profile, Document]:
    """The profile in a YAML text; raises ``InputError`` with all that is wrong. ``name`` is what problems show."""
    return profile_of(_read(text, name))


def read_profile_file(
    path: str | Path, standard_input: TextIO | None = None, changes: Mapping[str, Any] | None = None
) -> tuple[Profile, Document]:
    """The profile in a file, or in ``standard_input`` where the path is ``-``; ``changes`` replace its fields."""
    if path == "-" and standard_input is not None:
        document = _read(standard_input.read(MAX_BYTES + 1), "<stdin>")
    else:
        document = read_file(Path(path), _read)
    if changes and isinstance(document.value, dict):
        document.value.update(changes)
    return profile_of(document)


def _read(text: str, name: str) -> Document:
    return read_yaml(text, name, max_nodes=MAX_NODES, max_bytes=MAX_BYTES)


def profile_of(document: Document) -> tuple[Profile, Document]:
    """The profile in a document that was read; raises ``InputError``."""
    if not document.problems and not isinstance(document.value, Mapping):
        document.report((), Text("a profile is a mapping of keys to values, beginning with `workloads:`"))
    profile = validate(document, Profile, document.value)
    if profile is not None:
        _check_names(document, profile)
    if profile is None or document.problems:
        raise InputError(document.problems)
    return profile, document


def profile_from(value: Any, name: str = "profile") -> tuple[Profile, Document]:
    """The profile in a plain mapping, as a form or a notebook gives it; raises ``InputError``."""
    return profile_of(Document(name, value))


def _check_names(document: Document, profile: Profile) -> None:
    seen: dict[str, int] = {}
    for index, workload in enumerate(profile.workloads):
        if workload.label in seen:
            document.report(
                ("workloads", index, "name"),
                Text("a second workload is called `{name}`: give each a `name` of its own", name=workload.label),
            )
        seen[workload.label] = index
