"""The sheets of the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from calculator import Comparison, Option
from calculator.timeline import OVERLAP
from report.document import Link
from report.evidence import evidence, source_name
from report.language import Language
from report.memo import facts
from report.offers import gives
from report.verdict import verdict
from report.words import assumed_term, benefit_kind, confidence, effort_item, part_names, status

Rows = dict[str, tuple[int, int]]
"""First and last row of each provider, counted from 1 as in formulas."""
LONGEST = 32_767
"""Characters that a cell can hold."""
LONGEST_URL = 2_079
PARTS = ("grants", "discounts", "vouchers", "bill")


class Book:
    """The workbook, with formats and what is written."""

    def __init__(self, workbook: Workbook, comparison: Comparison, lang: Language) -> None:
        self.workbook, self.comparison, self.lang = workbook, comparison, lang
        add = workbook.add_format
        currency = comparison.profile.currency
        symbol = lang.money(0, currency).replace("0", "").strip()
        self.money = add({"num_format": f'"{symbol}"#,##0.00;-"{symbol}"#,##0.00', "valign": "top"})
        self.number = add({"num_format": "0.00", "valign": "top"})
        self.tokens = add({"num_format": "#,##0", "valign": "top"})
        self.day = add({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self.text = add({"valign": "top"})
        self.long = add({"text_wrap": True, "valign": "top"})
        self.link = add({"font_color": "#0b5cad", "underline": 1, "valign": "top"})
        self.head = add({"bold": True, "bg_color": "#f3f6fa", "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = add({"bold": True, "font_size": 16})
        self.lead = add({"bold": True, "font_size": 12})

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, printed on A4 across."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def table(self, name: str, columns: Sequence[tuple[str, int]]) -> Worksheet:
        """A new sheet that is one table: its headings with the width of each column in characters."""
        sheet = self.sheet(name)
        self.header(sheet, 0, [heading for heading, _ in columns])
        for column, (_, width) in enumerate(columns):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        return sheet

    def header(self, sheet: Worksheet, row: int, headings: Sequence[str]) -> None:
        """A row of headings."""
        for column, heading in enumerate(headings):
            sheet.write_string(row, column, heading, self.head)

    def row(self, sheet: Worksheet, row: int, cells: Sequence[Any]) -> None:
        """A row: numbers as money, days as days, links as links, all other texts as they are."""
        for column, cell in enumerate(cells):
            self.cell(sheet, row, column, cell)

    def cell(self, sheet: Worksheet, row: int, column: int, cell: Any, form: Format | None = None) -> None:
        """A cell. Text is never taken for a formula, nor for an address."""
        match cell:
            case str():
                sheet.write_string(row, column, cell[:LONGEST], form or self.text)
            case date():
                sheet.write_datetime(row, column, cell, self.day)
            case Link(text, _) if cell.target and len(cell.target) <= LONGEST_URL:
                sheet.write_url(row, column, cell.target, self.link, text[:LONGEST])
            case Link(text, _):
                sheet.write_string(row, column, text[:LONGEST], self.text)
            case int() | float():
                sheet.write_number(row, column, cell, form or self.money)
            case (formula, value):
                sheet.write_formula(row, column, formula, form or self.money, value)

    def within(self, sheet: str, column: int, rows: tuple[int, int] | None) -> str:
        """The sum of a column of another sheet between two rows; 0 where there are none."""
        if rows is None:
            return "0"
        name = xl_col_to_name(column)
        return f"SUM('{sheet}'!{name}{rows[0]}:{name}{rows[1]})"


def months(book: Book) -> Rows:
    """One row a provider and month; list cost is the sum of its parts."""
    lang, comparison = book.lang, book.comparison
    names = part_names(lang)
    sheet = book.table(lang.say("Months"), [
        (lang.say("provider"), 26), (lang.say("month"), 10), (lang.say("from"), 12), (lang.say("to (exclusive)"), 14),
        (lang.say("tokens"), 16), (lang.say("granted tokens"), 16), *((names[one], 15) for one in PARTS),
        (lang.say("list cost"), 15),
    ])  # fmt: skip
    found: Rows = {}
    at = 1
    for option in comparison.options:
        found[option.provider.provider] = (at + 1, at + len(option.monthly))
        for month in option.monthly:
            name = lang.say("overlap") if month.month == OVERLAP else month.month + 1
            book.row(sheet, at, [lang.name(option.provider), None, month.starts, month.ends])
            book.cell(sheet, at, 1, name, book.tokens)
            book.cell(sheet, at, 4, month.tokens, book.tokens)
            book.cell(sheet, at, 5, month.granted_tokens, book.tokens)
            for column, part in enumerate(PARTS, 6):
                book.cell(sheet, at, column, getattr(month, part))
            book.cell(sheet, at, 10, (f"=SUM(G{at + 1}:J{at + 1})", month.list_cost))
            at += 1
    old = comparison.baseline
    if old.monthly is not None:
        found[old.provider.provider] = (at + 1, at + len(old.monthly))
        starts = comparison.horizon.month_starts
        for index, amount in enumerate(old.monthly):
            book.row(sheet, at, [_staying(book), None, starts[index], starts[index + 1]])
            book.cell(sheet, at, 1, index + 1, book.tokens)
            book.cell(sheet, at, 9, amount)
            book.cell(sheet, at, 10, (f"=SUM(G{at + 1}:J{at + 1})", amount))
            at += 1
    sheet.autofilter(0, 0, max(at - 1, 1), 10)
    return found


def one_off(book: Book) -> Rows:
    """One row a provider and line of the one-off cost."""
    lang, comparison = book.lang, book.comparison
    sheet = book.table(lang.say("One-off items"), [
        (lang.say("provider"), 26), (lang.say("work"), 34), (lang.say("person-days"), 14),
        (lang.say("taken off by services"), 18), (lang.say("cost"), 16), (lang.say("offer that helps"), 44),
    ])  # fmt: skip
    found: Rows = {}
    at = 1
    for option in comparison.options:
        titles = {use.offer.id: lang.name(use.offer) for use in option.offers}
        if option.one_off:
            found[option.provider.provider] = (at + 1, at + len(option.one_off))
        for item in option.one_off:
            book.row(sheet, at, [lang.name(option.provider), effort_item(item.item, lang)])
            book.cell(sheet, at, 2, item.days, book.number)
            book.cell(sheet, at, 3, item.days_saved, book.number)
            book.cell(sheet, at, 4, item.cost)
            book.cell(sheet, at, 5, titles.get(item.covered_by or "", item.covered_by or ""))
            at += 1
    return found


def summary(book: Book, sheet: Worksheet, month_rows: Rows, work_rows: Rows) -> None:
    """The decision, what was asked, the ranking as formulas, and its chart."""
    lang, comparison = book.lang, book.comparison
    for column, width in enumerate((6, 34, *[16] * 8, 44)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, "Banjia 搬家", book.title)
    sheet.write_string(1, 0, verdict(comparison, lang), book.lead)
    at = 3
    for label, value in facts(comparison, lang):
        sheet.write_string(at, 1, label, book.text)
        book.cell(sheet, at, 2, value)
        at += 1
    at += 1
    book.header(sheet, at, [
        "#", lang.say("provider"), lang.say("total"), lang.say("bill"), lang.say("one-off"), lang.say("not ready"),
        lang.say("list cost"), lang.say("offers save"), lang.say("more than staying"), lang.say("free until"),
        lang.say("models"),
    ])  # fmt: skip
    head = at
    stay = comparison.baseline.total
    last = head + len(comparison.options)
    for option in comparison.options:
        at += 1
        _ranked(book, sheet, at, option, month_rows, work_rows, None if stay is None else last + 1)
    if stay is not None:
        rows = month_rows[comparison.baseline.provider.provider]
        at += 1
        row = at + 1
        sheet.write_string(at, 1, _staying(book), book.text)
        book.cell(sheet, at, 2, (f"=D{row}+E{row}+F{row}", stay))
        book.cell(sheet, at, 3, (f"={book.within(lang.say('Months'), 9, rows)}", stay))
        book.cell(sheet, at, 6, (f"={book.within(lang.say('Months'), 10, rows)}", stay))
    for one in comparison.unavailable:
        at += 1
        book.row(sheet, at, ["–", lang.name(one.provider), lang.render(one.reason)])
    if comparison.options:
        _chart(book, sheet, head, last, at + 2)


def _ranked(
    book: Book, sheet: Worksheet, at: int, option: Option, month_rows: Rows, work_rows: Rows, stay: int | None
) -> None:
    """A row of the ranking; ``stay`` is the row of staying, from 0."""
    lang, comparison = book.lang, book.comparison
    rows, work = month_rows[option.provider.provider], work_rows.get(option.provider.provider)
    row, sheet_months = at + 1, lang.say("Months")
    book.cell(sheet, at, 0, option.rank, book.tokens)
    book.cell(sheet, at, 1, lang.name(option.provider))
    book.cell(sheet, at, 2, (f"=D{row}+E{row}+F{row}", option.total))
    book.cell(sheet, at, 3, (f"={book.within(sheet_months, 9, rows)}", option.bill))
    book.cell(sheet, at, 4, (f"={book.within(lang.say('One-off items'), 4, work)}", option.one_off_cost))
    book.cell(sheet, at, 5, option.readiness_cost)
    book.cell(sheet, at, 6, (f"={book.within(sheet_months, 10, rows)}", option.list_cost))
    book.cell(sheet, at, 7, (f"=G{row}-D{row}", option.saved_by_offers))
    if stay is not None and comparison.baseline.total is not None:
        book.cell(sheet, at, 8, (f"=C{row}-C${stay + 1}", option.total - comparison.baseline.total))
    until = lang.say("the end") if option.free_until is None else option.free_until
    if option.free_until is not None and option.free_until <= option.monthly[0].starts:
        until = lang.say("never free")
    book.cell(sheet, at, 9, until)
    book.cell(sheet, at, 10, lang.listed(dict.fromkeys(model.label for model in option.models.values())))


def _chart(book: Book, sheet: Worksheet, head: int, last: int, at: int) -> None:
    """What each total is made of."""
    lang, name = book.lang, sheet.get_name()
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    for column, colour in ((3, "#0b5cad"), (4, "#c07a1a"), (5, "#b4344a")):
        chart.add_series({
            "name": [name, head, column], "categories": [name, head + 1, 1, last, 1],
            "values": [name, head + 1, column, last, column], "fill": {"color": colour}, "gap": 50,
        })  # fmt: skip
    chart.set_title({"name": lang.say("Total by provider, in {currency}", currency=book.comparison.profile.currency),
                     "name_font": {"size": 12}})  # fmt: skip
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#d5dde6"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 140 + 24 * (last - head)})
    sheet.insert_chart(at, 1, chart, {"description": lang.say("Stacked bars: the total of each provider.")})


def offers(book: Book) -> None:
    """One row an offer and benefit, with what became of it."""
    lang = book.lang
    sheet = book.table(lang.say("Offers"), [
        (lang.say("provider"), 24), (lang.say("offer"), 44), (lang.say("kind"), 24), (lang.say("gives"), 40),
        (lang.say("on the day"), 16), (lang.say("reason"), 44), (lang.say("planned for"), 14),
        (lang.say("last day to claim"), 16), (lang.say("ends on"), 14), (lang.say("runs out on"), 14),
        (lang.say("saves"), 16), (lang.say("confidence"), 20),
    ])  # fmt: skip
    at = 1
    for option in book.comparison.options:
        for use in option.offers:
            done = {id(one.benefit): one for one in use.benefits}
            for benefit in use.offer.benefits:
                effect = done.get(id(benefit))
                book.row(sheet, at, [
                    lang.name(option.provider), lang.name(use.offer), benefit_kind(benefit.kind, lang),
                    gives(benefit, option.provider, lang), status(use.status, lang), lang.render(use.reason),
                    use.claimed_on, use.claim_by, effect and effect.ends_on, effect and effect.runs_out_on,
                    effect and effect.saved, confidence(benefit.confidence, lang),
                ])  # fmt: skip
                at += 1


def assumptions(book: Book) -> None:
    """What was assumed for each provider, and warnings."""
    lang = book.lang
    sheet = book.table(lang.say("Assumptions"), [
        (lang.say("provider"), 26), (lang.say("offer"), 44), (lang.say("term"), 34), (lang.say("assumed"), 80),
    ])  # fmt: skip
    at = 1
    for option in book.comparison.options:
        titles = {use.offer.id: lang.name(use.offer) for use in option.offers}
        told = [
            (
                titles.get(one.offer or "", lang.say("token counts")),
                assumed_term(one.term, lang),
                lang.render(one.assumed),
            )
            for one in option.assumptions
        ]
        told += [("", lang.say("warning"), lang.render(warning)) for warning in option.warnings]
        for cells in told:
            book.row(sheet, at, [lang.name(option.provider), *cells])
            at += 1


def sources(book: Book) -> None:
    """Each figure with where it was seen; one row a source."""
    lang, comparison = book.lang, book.comparison
    sheet = book.table(lang.say("Sources"), [
        (lang.say("provider"), 24), (lang.say("figure"), 60), (lang.say("confidence"), 20), (lang.say("source"), 60),
        (lang.say("note"), 80),
    ])  # fmt: skip
    at = 1
    for option in comparison.options:
        for one in evidence(comparison, option, lang):
            seen = [Link(source_name(source, lang), source.url) for source in one.sources]
            for link in seen or [Link(lang.say("our judgement"), None)]:
                sure, note = confidence(one.confidence, lang), lang.local(one.note)
                book.row(sheet, at, [lang.name(option.provider), one.figure, sure, link, note])
                at += 1


def _staying(book: Book) -> str:
    source = book.lang.name(book.comparison.baseline.provider)
    if book.comparison.event.cutoff is None:
        return book.lang.say("{source} (staying)", source=source)
    return book.lang.say("{source} (staying, had it been possible)", source=source)
