"""What can be taken away: every format is read back, and its numbers are those of the answer."""

import csv
import io
import re
from collections import Counter
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from answers import HOSTILE, NOBODY, answer, hostile
from babel.messages.pofile import read_po
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from calculator import Comparison, compare
from cli import FORMATS as COMMAND_FORMATS
from report.chart import decision_chart
from report.document import Bullets, Document, Section, Table
from report.drawing import WIDTH, Label, Rect, Stroke, height, shapes
from report.exports import FORMATS
from report.language import LANGS, language
from report.writers.lines import broken, pieces
from report.writers.paper import FONT, MISSING, Paper
from report.writers.pdf import pdf

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "calculator/data/example-profile.yaml"
BOTH = pytest.mark.parametrize("lang", LANGS)
EN, ZH = language("en"), language("zh")


@cache
def example() -> Comparison:
    return compare(EXAMPLE)


@cache
def written(form: str, lang: str) -> bytes:
    return FORMATS[form].write(example(), language(lang))


def test_the_command_line_has_every_format() -> None:
    assert sorted(COMMAND_FORMATS) == sorted(["table", *FORMATS])


@BOTH
@pytest.mark.parametrize("form", FORMATS)
def test_the_same_answer_gives_the_same_bytes(form: str, lang: str) -> None:
    assert FORMATS[form].write(answer(), language(lang)) == FORMATS[form].write(answer(), language(lang))


@BOTH
@pytest.mark.parametrize("form", FORMATS)
def test_an_answer_without_an_option_can_be_taken_away(form: str, lang: str) -> None:
    assert FORMATS[form].write(answer(NOBODY), language(lang))


# ------------------------------------------------------------------------------------------------------- chart


@BOTH
def test_the_bars_of_the_chart_are_as_long_as_the_money(lang: str) -> None:
    chart = decision_chart(example(), language(lang))
    assert chart is not None
    totals, *months = chart.panels
    assert [bar.whole for bar in totals.bars] == pytest.approx([one.total for one in example().options[:6]])
    for panel, option in zip(months, example().options, strict=False):
        assert [bar.whole for bar in panel.bars] == pytest.approx([row.list_cost for row in option.monthly])
        assert list(panel.old) == list(example().baseline.monthly or ())
    drawn = [shape for shape in shapes(chart) if isinstance(shape, Rect) and shape.role == "grants"][1:]
    grants = [row.grants for row in example().options[0].monthly if row.grants]
    assert [one.height / drawn[0].height for one in drawn] == pytest.approx([one / grants[0] for one in grants])


@BOTH
def test_the_drawing_stays_on_its_paper(lang: str) -> None:
    for found in (
        example(),
        answer(overlap={"days": 5, "share": 0.1}),
        answer(months=120, growth=0.1),
        hostile("长" * 80),
    ):
        chart = decision_chart(found, language(lang))
        assert chart is not None
        for shape in shapes(chart):
            match shape:
                case Rect(_, x, y, width, tall):
                    corners = [(x, y), (x + width, y + tall)]
                case Stroke(_, points):
                    corners = list(points)
                case Label(_, x, y):
                    corners = [(x, y)]
            assert all(0 <= x <= WIDTH + 1e-6 and 0 <= y <= height(chart) for x, y in corners), shape


def test_where_nothing_costs_anything_there_is_no_chart() -> None:
    free = {"providers": {"north": {"models": [{"id": "n", "price": {"input": 0, "output": 0}}]}}}
    found = answer(free, effort={"integration": {"compatible": 0}, "per_prompt": 0, "evaluation": 0},
                   workloads=[{"input_tokens": 0, "output_tokens": 0}])  # fmt: skip
    assert found.options[0].total == 0
    assert decision_chart(found, EN) is None
    for export in FORMATS.values():
        assert export.write(found, EN)


# -------------------------------------------------------------------------------------------------------- html


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "rect", "polyline", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data


@BOTH
def test_the_page_asks_for_nothing_and_runs_nothing(lang: str) -> None:
    page = Elements(written("html", lang).decode())
    assert page.open == []
    tags = Counter(tag for tag, _ in page.found)
    assert not {"script", "img", "link", "iframe", "object", "form"} & {*tags}
    assert tags["svg"] == 1
    for _, attributes in page.found:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset", "style")]
        assert re.match("https?://", attributes.get("href") or "https://")
    assert "url(" not in written("html", lang).decode()
    assert "@import" not in written("html", lang).decode()
    assert {"en": "en", "zh": "zh-Hans"}[lang] == dict(page.found)["html"]["lang"]


@BOTH
@pytest.mark.parametrize("text", [*HOSTILE, '"><script>alert(1)</script>', "'onload='x", "</style>", "{title}"])
def test_names_cannot_become_elements(text: str, lang: str) -> None:
    def elements(name: str) -> list[tuple[str, list[str]]]:
        page = Elements(FORMATS["html"].write(hostile(name), language(lang)).decode())
        return [(tag, [*attributes]) for tag, attributes in page.found if tag not in ("rect", "text", "polyline")]

    assert elements(text) == elements("harmless")


def test_names_are_shown_in_the_page_as_they_are_written() -> None:
    for text in HOSTILE:
        assert " ".join(text.split()) in " ".join(
            Elements(FORMATS["html"].write(hostile(text), EN).decode()).text.split()
        )


# --------------------------------------------------------------------------------------------------------- pdf


def words(text: str) -> str:
    """A text without white space, which paper puts where lines end."""
    return "".join(text.split())


def texts(data: bytes) -> list[str]:
    """The text of each page."""
    with PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


@cache
def reader(lang: str) -> PdfReader:
    return PdfReader(io.BytesIO(written("pdf", lang)))


@BOTH
def test_the_paper_holds_all_that_the_memo_says(lang: str) -> None:
    from report.memo import memo

    document = memo(example(), language(lang))
    text = words("".join(texts(written("pdf", lang))))
    straight = str.maketrans("“”‘’", "\"\"''") if lang == "en" else {}
    for section in document.sections:
        assert words(section.title) in text
    assert words(document.lead) in text
    for option in example().options:
        assert words(language(lang).money(option.total, "CNY", digits=2)) in text
    last = document.sections[0].blocks[0]
    assert all(words(item[0]).translate(straight) in text for item in last.items)


@BOTH
def test_the_paper_is_a4_with_its_fonts_in_it(lang: str) -> None:
    for page in reader(lang).pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            assert "BanjiaSansSC" in inner["/BaseFont"]
            assert {"/FontFile2", "/FontFile3"} & {*inner["/FontDescriptor"].get_object()}


@BOTH
def test_the_paper_has_a_title_a_language_bookmarks_links_and_page_numbers(lang: str) -> None:
    file = reader(lang)
    title = {"en": "Recommendation: move to Zhipu AI", "zh": "迁移建议：迁往智谱 AI"}[lang]
    assert file.metadata is not None
    assert file.metadata.title == title
    assert file.root_object["/Lang"] == {"en": "en", "zh": "zh-Hans"}[lang]
    assert [one.title for one in file.outline if not isinstance(one, list)] == re.findall(
        "^## (.*)$", written("markdown", lang).decode(), re.MULTILINE
    )
    targets = {
        note.get_object()["/A"]["/URI"]
        for page in file.pages for note in page.get("/Annots", ()) if "/A" in note.get_object()
    }  # fmt: skip
    assert targets == set(re.findall(r"\]\(<(.*?)>\)", written("markdown", lang).decode()))
    for number, text in enumerate(texts(written("pdf", lang)), 1):
        foot = {"en": f"page{number}of{len(file.pages)}", "zh": f"第{number}页，共{len(file.pages)}页"}[lang]
        assert foot in words(text)


@BOTH
def test_a_table_on_two_pages_has_its_header_on_both(lang: str) -> None:
    found = answer(months=120)
    pages = texts(FORMATS["pdf"].write(found, language(lang)))
    header = {"en": "granted", "zh": "其中赠送"}[lang]
    rows = {"en": r"\d+ \w+ 20\d\d", "zh": r"20\d\d年\d+月\d+日"}[lang]
    long = [text for text in pages if len(re.findall(rows, text)) > 25]
    assert len(long) > 1
    assert all(header in text for text in long)


@pytest.mark.parametrize("text", [HOSTILE[0], "x" * 199, "长" * 199, "\x00\x1b[31m\u202e🙂", "{nb}"])
def test_names_of_any_kind_and_length_are_put_on_paper(text: str) -> None:
    assert texts(FORMATS["pdf"].write(hostile(text), ZH))


def test_a_row_that_is_longer_than_a_page_goes_on_on_the_next() -> None:
    words_ = [f"word{number}" for number in range(3000)]
    table = Table(["name", "long"], [["north", " ".join(words_)], ["south", "short"]])
    section = Section("Long", (table,))
    data = pdf(Document("Title", "Lead", Bullets.of(["fact"]), None, (section,)), date(2024, 7, 1), EN)
    pages = texts(data)
    assert len(pages) > 3
    assert re.findall(r"word\d+", " ".join(pages)) == words_
    assert all("name" in text for text in pages)
    assert "south" in pages[-1]


def test_a_character_that_the_font_lacks_leaves_a_mark() -> None:
    data = FORMATS["pdf"].write(hostile("a𠀀🙂龘b"), EN)
    text = words("".join(texts(data)))
    assert f"a{MISSING * 3}b" in text


# ------------------------------------------------------------------------------------------------ lines of text


def test_chinese_ends_lines_anywhere_but_before_a_full_stop() -> None:
    assert broken("比次优方案低 ¥2,833（8.5%）。", 9, len) == ["比次优方案低 ", "¥2,833", "（8.5%）。"]
    assert broken("he said “你好”", 9, len) == ["he said ", "“你好”"]
    assert broken("; then", 6, len, used=6) == ["; ", "then"]
    assert broken("averylongword", 5, len) == ["avery", "longw", "ord"]


@pytest.mark.parametrize("text", ["", " ", "“", "a “", "（（", "一二三，，，", "a\u3000b", ") ( a", "x" * 50, "·" * 9])
def test_breaking_lines_loses_nothing_and_fits(text: str) -> None:
    assert "".join(pieces(text)) == text
    lines = broken(text, 4, len)
    assert "".join(lines) == text
    assert all(len(line.rstrip()) <= 4 for line in lines)


# -------------------------------------------------------------------------------------------------------- xlsx


@cache
def workbook(lang: str, *, values: bool) -> list[Worksheet]:
    return openpyxl.load_workbook(io.BytesIO(written("xlsx", lang)), data_only=values).worksheets


def evaluated(formula: Any, sheets: list[Worksheet], here: Worksheet) -> float:
    """A cell's value worked out anew from cells that hold numbers."""
    if not isinstance(formula, str) or not formula.startswith("="):
        return float(formula or 0)
    if ranged := re.fullmatch(r"=SUM\((?:'(.+)'!)?([A-Z]+)(\d+):([A-Z]+)(\d+)\)", formula):
        name, first, top, last, bottom = ranged.groups()
        sheet = next(one for one in sheets if one.title == name) if name else here
        cells = [cell.value for row in sheet[f"{first}{top}:{last}{bottom}"] for cell in row]
        return sum(evaluated(cell, sheets, sheet) for cell in cells)
    parts = re.findall(r"([-+]?)\$?([A-Z]+)\$?(\d+)", formula[1:])
    assert "=" + "".join(sign + column + row for sign, column, row in parts) == formula.replace("$", "")
    return sum((-1 if sign == "-" else 1) * evaluated(here[f"{c}{r}"].value, sheets, here) for sign, c, r in parts)


@BOTH
def test_the_formulas_of_the_workbook_give_the_answer_and_hold_it(lang: str) -> None:
    sheets, shown = workbook(lang, values=False), workbook(lang, values=True)
    summary, ranking = sheets[0], {}
    for row in range(1, summary.max_row + 1):
        if isinstance(summary.cell(row, 1).value, int):
            ranking[summary.cell(row, 1).value] = row
    stay = example().baseline.total or 0
    for option in example().options:
        row = ranking[option.rank]
        assert summary.cell(row, 2).value == language(lang).name(option.provider)
        told = [option.total, option.bill, option.one_off_cost, option.readiness_cost, option.list_cost,
                option.saved_by_offers, option.total - stay]  # fmt: skip
        formulas = [summary.cell(row, column).value for column in range(3, 10)]
        assert sum(isinstance(one, str) for one in formulas) == 6
        assert [evaluated(one, sheets, summary) for one in formulas] == pytest.approx(told, abs=1e-6)
        assert [shown[0].cell(row, column).value for column in range(3, 10)] == pytest.approx(told, abs=1e-6)
    row = max(ranking.values()) + 1
    assert evaluated(summary.cell(row, 3).value, sheets, summary) == pytest.approx(stay)


@BOTH
def test_the_months_of_the_workbook_are_those_of_the_answer(lang: str) -> None:
    sheet = workbook(lang, values=True)[1]
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    told = [row for option in example().options for row in option.monthly]
    for shown, month in zip(rows, told, strict=False):
        assert [shown[2].date(), shown[3].date()] == [month.starts, month.ends]
        parts = [month.tokens, month.granted_tokens, month.grants, month.discounts, month.vouchers, month.bill]
        assert shown[4:] == pytest.approx([*parts, month.list_cost])
    assert len(rows) == len(told) + example().horizon.months
    assert sheet.freeze_panes == "B2"
    assert "¥" in sheet["J2"].number_format
    assert sheet["C2"].is_date


@BOTH
def test_the_workbook_has_its_sheets_chart_and_links(lang: str) -> None:
    sheets = workbook(lang, values=False)
    assert [sheet.title for sheet in sheets] == {
        "en": ["Summary", "Months", "One-off items", "Offers", "Assumptions", "Sources"],
        "zh": ["汇总", "逐月明细", "一次性成本", "优惠", "假设", "来源"],
    }[lang]
    assert len(sheets[0]._charts) == 1
    links = [cell.hyperlink.target for row in sheets[-1] for cell in row if cell.hyperlink]
    assert len(links) > 100
    assert all(re.match("https?://", str(link)) for link in links)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://evil.test/x", "007", "x" * 199])
def test_names_are_text_in_the_workbook(text: str) -> None:
    sheets = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].write(hostile(text), EN))).worksheets
    named = list(sheets[1]["A"][1:13])
    assert {cell.value for cell in named} == {text}
    assert {cell.data_type for cell in named} == {"s"}
    links = {cell.hyperlink.target for sheet in sheets for row in sheet for cell in row if cell.hyperlink}
    assert {str(link)[:15] for link in links} == {"https://a.test/"}


# ---------------------------------------------------------------------------------------------- csv and focus

MANDATORY = [
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
]
COSTS = ("BilledCost", "EffectiveCost", "ContractedCost", "ListCost")


def focus_rows(found: Comparison) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(FORMATS["focus"].write(found, EN).decode(), newline="")))


def with_every_benefit() -> Comparison:
    """North: 12 months of 4,000 yuan, less free tokens, a tenth off until September and a voucher of 500."""
    benefits = [
        {"kind": "token_grant", "tokens": 150_000_000, "models": "all", "valid_days": 60},
        {"kind": "discount", "share": 0.1, "models": "all", "from": date(2024, 7, 1), "until": date(2024, 9, 30)},
        {"kind": "voucher", "amount": 500, "valid_days": None},
    ]
    offer = {"id": "gift", "closes": date(2024, 7, 5), "benefits": benefits}
    north = {"models": [{"id": "n-large", "price": {"input": 40}}], "offers": [offer]}
    return answer({"providers": {"north": north}}, overlap={"days": 5, "share": 0.1})


def test_focus_rows_sum_to_the_answer() -> None:
    found = with_every_benefit()
    (option,) = found.options
    rows = focus_rows(found)
    for month in option.monthly:
        here = [row for row in rows if row["x_Month"] == str(month.month)]
        usage, credits = here[0], here[1:]
        assert usage["ChargeCategory"] == "Usage"
        assert float(usage["ListCost"]) == pytest.approx(month.list_cost)
        assert float(usage["ListCost"]) - float(usage["ContractedCost"]) == pytest.approx(month.discounts)
        assert usage["ContractedCost"] == usage["EffectiveCost"] == usage["BilledCost"]
        assert float(usage["ConsumedQuantity"]) == pytest.approx(month.tokens)
        assert sum(float(row["BilledCost"]) for row in here) == pytest.approx(month.bill)
        assert {row["ChargeCategory"] for row in credits} <= {"Credit"}
        assert all(len({row[cost] for cost in COSTS}) == 1 for row in credits)
        told = {row["ChargeDescription"]: -float(row["BilledCost"]) for row in credits}
        given = {"free tokens": month.grants, "voucher": month.vouchers}
        assert told == {name: pytest.approx(amount) for name, amount in given.items() if amount}
        assert {row["ChargePeriodStart"] for row in here} == {f"{month.starts}T00:00:00Z"}
    kinds = Counter(row["ChargeDescription"] for row in rows)
    assert min(kinds[kind] for kind in ("tokens", "free tokens", "voucher")) >= 1
    assert any(month.discounts for month in option.monthly)


def test_focus_has_its_mandatory_columns_and_only_ours_beside() -> None:
    header = csv.DictReader(io.StringIO(written("focus", "en").decode())).fieldnames or []
    assert set(MANDATORY) <= set(header)
    nullable = {"ChargeClass", "PricingQuantity", "PricingUnit"}
    for row in focus_rows(example()):
        assert all(row[column] for column in set(MANDATORY) - nullable)
        assert bool(row["PricingQuantity"]) == (row["ChargeCategory"] == "Usage")
    bills = [option.bill for option in example().options]
    for rank, bill in enumerate(bills, 1):
        mine = [float(row["BilledCost"]) for row in focus_rows(example()) if row["x_Rank"] == str(rank)]
        assert sum(mine) == pytest.approx(bill, abs=1e-6)


def test_focus_bills_the_tokens_of_the_move_once() -> None:
    north = {"models": [{"id": "n", "kind": "embedding", "price": {"input": 10}}]}
    load = {"model": "s-embed", "input_tokens": 1_000_000, "stored_tokens": 50_000_000}
    found = answer({"providers": {"north": north}}, workloads=[load])
    items = {item.item: item.cost for item in found.options[0].one_off}
    once = [row for row in focus_rows(found) if row["ChargeFrequency"] == "One-Time"]
    assert [(row["ChargeDescription"], float(row["BilledCost"])) for row in once] == [
        ("re_embedding", pytest.approx(items["re_embedding"]))
    ]
    assert items["re_embedding"] > 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_focus_is_a_formula(text: str) -> None:
    for row in focus_rows(hostile(text)):
        for column, cell in row.items():
            assert cell[:1] not in ("=", "+", "@", "\t", "\r"), column
            assert not cell.startswith("-") or re.fullmatch(r"-[\d.e-]+", cell), column


# -------------------------------------------------------------------------------------------------------- font


def test_the_font_has_every_character_of_the_translations_and_the_data() -> None:
    paper = Paper("", EN)
    glyphs = {*paper.glyphs}
    paper.add_page()
    paper.finished()
    files = [
        *ROOT.glob("pricing/data/**/*.yaml"),
        *ROOT.glob("offers/data/**/*.yaml"),
        *ROOT.glob("calculator/data/*.yaml"),
    ]
    texts = [file.read_text("utf-8") for file in files]
    with (ROOT / "report/locale/zh/LC_MESSAGES/banjia.po").open("rb") as file:
        texts += [f"{message.id}{message.string}" for message in read_po(file)]
    missing = sorted({char for text in texts for char in text if ord(char) not in glyphs} - {"\n"})
    assert not missing, f"make fonts; then still missing: {missing}"
    assert all(ord(char) in glyphs for char in "⚠×→≈≤¥￥€£–—…“”「」•" + MISSING)


def test_each_font_file_has_its_licence_beside_it() -> None:
    for folder in (FONT.parent, ROOT / "static"):
        licence = (folder / "OFL.txt").read_text("utf-8")
        assert licence.startswith("©")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
