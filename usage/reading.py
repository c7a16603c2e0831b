"""Usage exports in, tokens by day and model out, with what was left out and why: the normal form of docs/usage.md."""

from __future__ import annotations

import glob
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pricing import InputError, Problem, Text
from pricing.records import LocalText

from .engine import OWN, STRANGERS, Answer, Limits, Progress, aggregate
from .expressions import REASONS
from .files import check_unpacked, refused
from .finding import find_table
from .presets import choose_presets
from .schema import Preset
from .statement import Question
from .tables import Table

By = Literal["model", "project"]
EPOCH = date(1970, 1, 1)
MAX_FILES = 10_000


@dataclass(frozen=True)
class Use:
    """Tokens of one model on one day: a row of the normal form."""

    day: date
    model: str
    """As the export names it."""
    kind: Literal["chat", "embedding", "other"] | None
    """None: the export does not say; the model tells."""
    batch: bool
    project: str | None
    """None unless usage is divided by project."""
    requests: float
    """0 where the export does not count them."""
    input_uncached: float
    """Input tokens that no cache served."""
    input_cached: float
    output: float
    cost: float | None
    """What the export says it cost; None where it says nothing."""
    currency: str | None
    format: str

    @property
    def input(self) -> float:
        """Input tokens, cached ones included."""
        return self.input_uncached + self.input_cached

    @property
    def tokens(self) -> float:
        """Input and output tokens."""
        return self.input + self.output


@dataclass(frozen=True)
class Skipped:
    """Rows that do not count."""

    rows: int
    because: Text | LocalText
    example: str | None = None
    """Where one of them stands."""


@dataclass(frozen=True)
class Usage:
    """What exports say, in the normal form."""

    uses: tuple[Use, ...]
    """By day, model, kind, batch, project."""
    money: tuple[Use, ...]
    """Rows of files that hold money only: a model's name and tokens are missing."""
    skipped: tuple[Skipped, ...]
    rows: int
    """Rows in the files."""
    files: Mapping[str, Preset]
    """The format of each file."""
    zone: str
    first: date | None
    """First day that a row speaks of, even one that does not count."""
    last: date | None
    notes: tuple[Text, ...] = field(default=())

    @property
    def used(self) -> int:
        """Rows that count."""
        return self.rows - sum(one.rows for one in self.skipped)

    def without_projects(self) -> Usage:
        """The same usage, not divided by project."""
        return replace(self, uses=tuple(replace(use, project=None) for use in self.uses))

    def months(self) -> tuple[date, ...]:
        """First days of the calendar months that the files cover from the first day to the last."""
        if self.first is None or self.last is None:
            return ()
        months = []
        month = self.first if self.first.day == 1 else _next_month(self.first)
        while _next_month(month) <= self.last + timedelta(days=1):
            months.append(month)
            month = _next_month(month)
        return tuple(months)


def read_usage(
    files: Iterable[str | Path],
    *,
    preset: str | Path | None = None,
    zone: str = "Asia/Shanghai",
    by: By = "model",
    limits: Limits = OWN,
    progress: Progress | None = None,
) -> Usage:
    """Reads exports; paths may hold ``*``. ``preset`` names a format, or is the path of a YAML file that describes one.

    Raises ``InputError`` where a file is none, or holds no usage.
    """
    presets = choose_presets(preset)
    paths = _expanded(files)
    with _room(", ".join(map(str, paths))):
        tables = [find_table(path, str(path), presets) for path in paths]
        return _usage(tables, zone, by, limits, progress)


def read_upload(
    files: Mapping[str, bytes],
    *,
    zone: str = "Asia/Shanghai",
    by: By = "model",
    limits: Limits = STRANGERS,
    progress: Progress | None = None,
) -> Usage:
    """``read_usage`` for files that a stranger sent, by name: bounded in time and memory."""
    with _room(", ".join(files)), tempfile.TemporaryDirectory(prefix="banjia-") as folder:
        tables = []
        for index, (name, content) in enumerate(files.items()):
            path = Path(folder) / f"upload-{index}"
            path.write_bytes(content)
            check_unpacked(path, name, limits.unpacked)
            tables.append(find_table(path, name, choose_presets(None)))
        return _usage(tables, zone, by, limits, progress)


@contextmanager
def _room(names: str) -> Iterator[None]:
    """Raises ``InputError`` where the folder for temporary files is full, or there is none."""
    try:
        yield
    except OSError as error:
        raise refused(names, Text("the file cannot be read: {reason}", reason=error.strerror or str(error))) from None


def _expanded(files: Iterable[str | Path]) -> list[Path]:
    paths: dict[Path, None] = {}
    for file in files:
        found = [Path(file)] if Path(file).exists() else [Path(name) for name in sorted(glob.glob(str(file)))]
        if not found:
            raise InputError([Problem(str(file), 1, 1, Text("there is no such file"))])
        if not all(path.is_file() for path in found):
            raise InputError([Problem(str(file), 1, 1, Text("this is no file; for all files of a folder: FOLDER/*"))])
        if any("\ud800" <= char <= "\udfff" for path in found for char in str(path)):  # DuckDB opens no other names
            raise refused(str(file), Text("the file cannot be read: {reason}", reason="its name is not UTF-8 text"))
        paths |= dict.fromkeys(found)
    if len(paths) > MAX_FILES:
        message = Text("{count:,} files: at most {most:,} are read", count=len(paths), most=MAX_FILES)
        raise InputError([Problem("FILE", 1, 1, message)])
    return list(paths)


def _usage(tables: Sequence[Table], zone: str, by: By, limits: Limits, progress: Progress | None) -> Usage:
    question = Question(known_zone(zone), by_project=by == "project")
    answer = aggregate(tables, question, limits, progress)
    return usage_of(answer, {table.name: table.preset for table in tables}, zone)


def known_zone(zone: str) -> str:
    """The name of a time zone that exists; raises ``InputError``."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = Text("unknown time zone `{zone}`: a name such as Asia/Shanghai or UTC is needed", zone=zone)
        raise InputError([Problem("--zone", 1, 1, message)]) from None
    return zone


def usage_of(answer: Answer, files: Mapping[str, Preset], zone: str) -> Usage:
    """The answer of an engine as usage; raises ``InputError`` where nothing in it counts."""
    presets = {preset.format: preset for preset in files.values()}
    uses = [_use(group) for group in answer.groups if group["skipped"] is None]
    money = [use for use in uses if presets[use.format].money_only is not None]
    counted = [use for use in uses if presets[use.format].money_only is None]
    skipped = _skipped(answer, presets)
    days = {EPOCH + timedelta(days=int(group["day"])) for group in answer.groups if group["day"] is not None}
    broken = sum(map(len, answer.broken.values()))
    rows = sum(int(group["copies"]) for group in answer.groups) + broken
    if not counted:
        raise InputError(_nothing_counts(files, skipped))
    return Usage(
        uses=tuple(sorted(counted, key=lambda use: (use.day, use.model, use.kind or "", use.batch, use.project or ""))),
        money=tuple(sorted(money, key=lambda use: (use.day, use.format))),
        skipped=skipped,
        rows=rows,
        files=files,
        zone=zone,
        first=min(days, default=None),
        last=max(days, default=None),
        notes=tuple(_notes(presets.values(), zone, answer)),
    )


def _use(group: Mapping[str, object]) -> Use:
    def number(name: str) -> float:
        return float(group[name] or 0)  # type: ignore[arg-type]  # every engine gives numbers of its own kind

    complete = number("costed") == number("rows")
    return Use(
        day=EPOCH + timedelta(days=int(number("day"))),
        model=str(group["model"] or ""),
        kind=group["kind"],  # type: ignore[arg-type]  # the statement gives no other word
        batch=bool(group["batch"]),
        project=None if group["project"] is None else str(group["project"]),
        requests=number("requests"),
        input_uncached=number("input"),
        input_cached=number("cached"),
        output=number("output"),
        cost=number("cost") if complete else None,
        currency=None if group["currency"] is None else str(group["currency"]),
        format=str(group["format"]),
    )


WHY = {
    "time": Text("without a time that can be read"),
    "number": Text("with a number that cannot be read"),
    "negative": Text("with a negative number"),
    "fraction": Text("with a fraction of a token"),
    "cached": Text("with more cached than input tokens"),
    "model": Text("without a model"),
    "unit": Text("of meters that count no tokens"),
    "parent": Text("that repeat the tokens of a span below"),
}


def _skipped(answer: Answer, presets: Mapping[str, Preset]) -> tuple[Skipped, ...]:
    counts: dict[tuple[str, int], int] = {}
    copies = 0
    for group in answer.groups:
        copies += int(group["copies"]) - int(group["rows"])
        if group["skipped"] is not None:
            key = (str(group["format"]), int(group["skipped"]))
            counts[key] = counts.get(key, 0) + int(group["rows"])
    skipped = []
    for (form, reason), rows in sorted(counts.items()):
        because = WHY[REASONS[-1 - reason]] if reason < 0 else presets[form].skip[reason].because
        skipped.append(Skipped(rows, because))
    if copies:
        skipped.append(Skipped(copies, Text("that stand there twice")))
    for name, lines in answer.broken.items():
        line, message = lines[0]
        skipped.append(Skipped(len(lines), Text("that are no rows of the table"), f"{name}:{line}: {message}"))
    return tuple(skipped)


def _nothing_counts(files: Mapping[str, Preset], skipped: Sequence[Skipped]) -> list[Problem]:
    """Why there is no usage in the files, for each of them."""
    problems = []
    for name, preset in files.items():
        hint = preset.without_model if any(one.because == WHY["model"] for one in skipped) else None
        if preset.money_only is not None:
            message = Text("no usage to import from {format}: {why}", format=preset.title, why=preset.money_only)
            problems.append(Problem(name, 1, 1, message))
        elif hint is not None:
            message = Text("the rows of {format} do not name the model: {hint}", format=preset.title, hint=hint)
            problems.append(Problem(name, 1, 1, message))
    return problems or [Problem(name, 1, 1, Text("no row of this file is usage of a model")) for name in files]


def _notes(presets: Iterable[Preset], zone: str, answer: Answer) -> Iterable[Text]:
    presets = list(presets)
    if answer.sampled and any(preset.id for preset in presets):
        yield Text(
            "so much was read that copies of rows were looked for in a sample, where none was found: single copies "
            "would count twice"
        )
    if zone != "UTC" and any(group["daily"] for group in answer.groups):
        yield Text(
            "the days are UTC days and cannot be shifted to {zone}: months may miss hours at their ends", zone=zone
        )
    sources = {preset.format for preset in presets if preset.money_only is None}
    if len(sources) > 1:
        yield Text("several formats at once ({formats}): usage that stands in two of them is counted twice",
                   formats=", ".join(sorted(sources)))  # fmt: skip


def _next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
