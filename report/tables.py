"""Tables as text: aligned for a terminal, or CSV."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import date

from calculator import Comparison, Option

from .language import Language, round_half_up
from .verdict import verdict
from .words import stance

Cell = str | int | float | None
Row = Sequence[Cell]


def comparison_csv(comparison: Comparison, lang: Language) -> str:
    """One row an option, money with two decimals; the columns are the fields of the JSON answer."""
    header = [
        "rank", "provider", "name", "models", "currency", "total", "bill", "one_off_cost", "readiness_cost",
        "list_cost", "saved_by_offers", "price_per_million", "free_until", "ready_on", "unavailable",
    ]  # fmt: skip
    rows: list[Row] = [
        [
            option.rank, option.provider.provider, lang.name(option.provider), models_used(option),
            comparison.profile.currency, *map(_cents, (
                option.total, option.bill, option.one_off_cost, option.readiness_cost, option.list_cost,
                option.saved_by_offers, option.price_per_million,
            )), _day(option.free_until), _day(option.ready_on), None,
        ]
        for option in comparison.options
    ]  # fmt: skip
    for one in comparison.unavailable:
        name = lang.name(one.provider)
        rows.append([None, one.provider.provider, name, *[None] * (len(header) - 4), lang.render(one.reason)])
    return csv_text(header, rows)


def comparison_summary(comparison: Comparison, lang: Language) -> str:
    """The verdict, the ranking and who is absent, for a terminal."""
    absent = [
        lang.say("{provider} is not available. {reason}", provider=lang.name(one.provider), reason=one.reason)
        for one in comparison.unavailable
    ]
    scale = lang.say(
        "Amounts in {currency} over {months} months from {day}. Stance on unpublished terms: {stance}.",
        currency=comparison.profile.currency, months=comparison.horizon.months, day=comparison.horizon.starts,
        stance=stance(comparison.profile.stance, lang),
    )  # fmt: skip
    table = comparison_table(comparison, lang) if comparison.options else ""
    ends = "\n".join(_shown(line) for line in [*absent, scale])
    return f"{_shown(verdict(comparison, lang))}\n\n{table}\n{ends}\n"


def comparison_table(comparison: Comparison, lang: Language) -> str:
    """The ranking for a terminal."""
    header = [
        lang.say("rank"), lang.say("provider"), lang.say("total"), lang.say("bill"), lang.say("one-off"),
        lang.say("late"), lang.say("list cost"), lang.say("free until"), lang.say("models"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            option.rank, lang.name(option.provider),
            *(f"{round_half_up(amount, 2):,.2f}" for amount in (
                option.total, option.bill, option.one_off_cost, option.readiness_cost, option.list_cost,
            )), free_until(option, lang), models_used(option),
        ]
        for option in comparison.options
    ]  # fmt: skip
    stay = comparison.baseline.total
    if stay is not None:
        name = lang.name(comparison.baseline.provider)
        label = lang.say("{source}, had staying been possible", source=name)
        if comparison.event.cutoff is None:
            label = lang.say("{source} (staying)", source=name)
        rows.append(["-", label, f"{round_half_up(stay, 2):,.2f}", *["-"] * (len(header) - 3)])
    return aligned(header, rows, right=range(2, 7))


def free_until(option: Option, lang: Language) -> str:
    """Until when nothing is paid for tokens."""
    if option.free_until is None:
        return lang.say("the end")
    return option.free_until.isoformat() if option.free_until > option.monthly[0].starts else lang.say("never free")


def models_used(option: Option) -> str:
    """The models of an option, each once."""
    return " + ".join(dict.fromkeys(model.id for model in option.models.values()))


def csv_text(header: Sequence[str], rows: Sequence[Row]) -> str:
    """CSV in which no cell is taken for a formula by a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def aligned(header: Sequence[str], rows: Sequence[Row], right: Sequence[int] | range = ()) -> str:
    """Columns under their headings; a Chinese character is two wide. ``right`` holds the columns of numbers."""
    cells = [[_shown(cell) for cell in row] for row in [header, *rows]]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        padded = [
            " " * (width - _width(cell)) + cell if index in right else cell + " " * (width - _width(cell))
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _shown(cell: Cell) -> str:
    """A cell on one line, without characters that would steer a terminal."""
    text = "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")  # which the writer does not quote
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\n") else cell


def _cents(amount: float | None) -> str | None:
    return None if amount is None else f"{round_half_up(amount, 2):.2f}"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
