"""English and Chinese: sentences through gettext, numbers and dates as each language writes them."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from offers.schema import Event, Offer
from pricing import Provider, Text
from pricing.records import LocalText

Lang = Literal["en", "zh"]
LANGS: dict[Lang, str] = {"en": "English", "zh": "简体中文"}
LOCALES: dict[Lang, str] = {"en": "en_US", "zh": "zh_Hans_CN"}
BEYOND_WORDS = 1e15
"""From here on a float has no decimals, and nobody reads the digits."""
CATALOGUES = Path(__file__).parent / "locale"


class Language:
    """Everything that is said in one language. ``say`` marks a sentence for translation."""

    def __init__(self, code: Lang) -> None:
        self.code = code
        self.locale = LOCALES[code]
        self._translate = _translator(code)

    def say(self, template: str, /, **values: object) -> str:
        """A sentence with its values put in; values that are ``Text`` are translated too."""
        return self.render(Text(template, **values))

    def render(self, text: Text | str) -> str:
        """A ``Text`` of the calculation in this language; dates in it as the language writes them."""
        if isinstance(text, str):
            return text
        return Text(text.template, **{name: self._value(value) for name, value in text.values.items()}).render(
            self._translate
        )

    def translate(self, text: Text) -> str:
        """A ``Text`` in this language with dates as ISO, for data that programs read."""
        return text.render(self._translate)

    def local(self, text: LocalText | None) -> str:
        """A text of the data."""
        return text.get(self.code) if text else ""

    def name(self, named: Provider | Offer | Event) -> str:
        """The name of a provider, or the title of an offer or event."""
        return named.label(self.code)

    def money(self, amount: float, currency: str, *, digits: int = 0) -> str:
        """Money, half up, with its currency."""
        from babel.numbers import format_currency

        if abs(amount) >= BEYOND_WORDS:
            return f"{currency} {amount:.3e}"
        pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
        rounded = round_half_up(amount, digits)
        return str(format_currency(rounded, currency, pattern, locale=self.locale, currency_digits=False))

    def number(self, value: float, *, digits: int = 0) -> str:
        """A number with separators."""
        from babel.numbers import format_decimal

        if abs(value) >= BEYOND_WORDS:
            return f"{value:.3e}"
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return str(format_decimal(round_half_up(value, digits), pattern, locale=self.locale))

    def compact(self, value: float) -> str:
        """A large number in few characters: 80M, 1.2B; 8000万, 1.2亿."""
        from babel.numbers import format_compact_decimal

        if abs(value) >= BEYOND_WORDS:
            return f"{value:.3e}"
        digits = 0 if float(value).is_integer() and abs(value) < 1000 else 2
        return str(format_compact_decimal(value, locale=self.locale, fraction_digits=digits))

    def percent(self, share: float, *, digits: int = 0) -> str:
        """A share as a percentage."""
        from babel.numbers import format_percent

        pattern = "#,##0" + ("." + "#" * digits if digits else "") + "%"
        return str(format_percent(round_half_up(share, digits + 2), pattern, locale=self.locale))

    def day(self, day: date) -> str:
        """A date: 9 July 2024; 2024年7月9日."""
        from babel.dates import format_date

        return str(format_date(day, "d MMMM y" if self.code == "en" else "long", locale=self.locale))

    def joined(self, items: Iterable[str]) -> str:
        """Statements side by side, with semicolons."""
        return ("；" if self.code == "zh" else "; ").join(items)

    def listed(self, items: Iterable[str]) -> str:
        """Names side by side, with commas."""
        return ("、" if self.code == "zh" else ", ").join(items)

    def list(self, items: list[str]) -> str:
        """Items with commas and an "and"."""
        from babel.lists import format_list

        return str(format_list(items, locale=self.locale)) if items else ""

    def _value(self, value: object) -> object:
        if isinstance(value, Text):
            return self.render(value)
        return self.day(value) if isinstance(value, date) else value


def round_half_up(value: float, digits: int) -> float:
    """``value`` to ``digits`` places, halves away from zero (what people expect of money)."""
    from decimal import ROUND_HALF_UP, Decimal

    if abs(value) >= BEYOND_WORDS:
        return value
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)) + 0.0


@cache
def language(code: str) -> Language:
    """The language with that code; English for all others."""
    return Language("zh" if code == "zh" else "en")


def _translator(code: Lang) -> Callable[[str], str]:
    """gettext for a language. Its catalogue is compiled here, in memory, so that no compiled file can be stale."""
    source = CATALOGUES / code / "LC_MESSAGES" / "banjia.po"
    if not source.exists():
        return str
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=LOCALES[code]))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled).gettext
