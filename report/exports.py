"""The formats in which an answer can be taken away. What a format needs is imported when it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from calculator import Comparison
from pricing import Text

from .language import Language


class Export(NamedTuple):
    """A format."""

    name: Text
    """What it is called on a button."""
    file: str
    """Name of the file."""
    mime: str
    write: Callable[[Comparison, Language], bytes]
    is_binary: bool = False
    """Whether it would garble a terminal."""


def json_text(comparison: Comparison, lang: Language, *, with_evidence: bool) -> str:
    """The answer as `docs/formats.md` lays it down, if wished with the sources of every figure."""
    plain = comparison.to_json(lang.translate)
    if with_evidence:
        from .evidence import evidence

        for option, told in zip(comparison.options, plain["options"], strict=True):
            told["evidence"] = [one.to_json(lang) for one in evidence(comparison, option, lang)]
    return as_json(plain)


def as_json(plain: object) -> str:
    """Plain values as JSON for people to read too."""
    import json

    return json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _json(comparison: Comparison, lang: Language) -> bytes:
    return json_text(comparison, lang, with_evidence=True).encode()


def _csv(comparison: Comparison, lang: Language) -> bytes:
    from .tables import comparison_csv

    return comparison_csv(comparison, lang).encode()


def _markdown(comparison: Comparison, lang: Language) -> bytes:
    from .memo import memo
    from .writers.markdown import markdown

    return markdown(memo(comparison, lang)).encode()


def _html(comparison: Comparison, lang: Language) -> bytes:
    from .memo import memo
    from .writers.html import html

    return html(memo(comparison, lang), lang).encode()


def _pdf(comparison: Comparison, lang: Language) -> bytes:
    from .memo import memo
    from .writers.pdf import pdf

    return pdf(memo(comparison, lang), comparison.horizon.as_of, lang)


def _xlsx(comparison: Comparison, lang: Language) -> bytes:
    from .writers.xlsx import xlsx

    return xlsx(comparison, lang)


def _focus(comparison: Comparison, lang: Language) -> bytes:
    from .writers.focus import focus

    return focus(comparison, lang).encode()


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "pdf": Export(Text("Recommendation (PDF)"), "banjia-recommendation.pdf", "application/pdf", _pdf, is_binary=True),
    "html": Export(Text("Recommendation (web page)"), "banjia-recommendation.html", "text/html", _html),
    "markdown": Export(Text("Recommendation (Markdown)"), "banjia-recommendation.md", "text/markdown", _markdown),
    "xlsx": Export(Text("Workbook (Excel)"), "banjia-comparison.xlsx", XLSX, _xlsx, is_binary=True),
    "csv": Export(Text("Table (CSV)"), "banjia-comparison.csv", "text/csv", _csv),
    "focus": Export(Text("Months for FinOps tools (FOCUS)"), "banjia-focus.csv", "text/csv", _focus),
    "json": Export(Text("All figures (JSON)"), "banjia-answer.json", "application/json", _json),
}
"""By the name that the command line gives them. Texts are UTF-8 without a byte order mark."""
