"""A comparison as an Excel workbook: every total is a formula over rows that stand in it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import xlsxwriter

from calculator import Comparison
from report.language import Language

from .xlsx_sheets import Book, assumptions, months, offers, one_off, sources, summary


def xlsx(comparison: Comparison, lang: Language) -> bytes:
    """The file. It is dated the day of the decision, so that the same comparison gives the same bytes."""
    file = io.BytesIO()
    literal = {f"strings_to_{kind}": False for kind in ("numbers", "formulas", "urls")}
    with xlsxwriter.Workbook(file, {"in_memory": True, **literal}) as workbook:
        day = comparison.horizon.as_of
        workbook.set_properties({
            "title": lang.say("Comparison"), "author": "Banjia 搬家",
            "created": datetime(day.year, day.month, day.day, tzinfo=UTC),
        })  # fmt: skip
        book = Book(workbook, comparison, lang)
        first = book.sheet(lang.say("Summary"))
        month_rows = months(book)
        work_rows = one_off(book)
        summary(book, first, month_rows, work_rows)
        offers(book)
        assumptions(book)
        sources(book)
    return file.getvalue()
