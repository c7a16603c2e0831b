"""English and Chinese: sentences through gettext, numbers and dates as each language writes them."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
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
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SYMBOLS = {
    ("CNY", "en_US"): "CN¥", ("USD", "en_US"): "$", ("CNY", "zh_Hans_CN"): "¥", ("USD", "zh_Hans_CN"): "US$",
}  # fmt: skip
"""Of the currencies of the catalogue, as Babel has them."""
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
        if abs(amount) >= BEYOND_WORDS:
            return f"{currency} {amount:.3e}"
        rounded = _rounded(amount, digits)
        return f"{'-' * (rounded < 0)}{_symbol(currency, self.locale)}{abs(rounded):,f}"

    def number(self, value: float, *, digits: int = 0) -> str:
        """A number with separators, which are the same in both languages; zeros at the end are left out."""
        if abs(value) >= BEYOND_WORDS:
            return f"{value:.3e}"
        shown = f"{_rounded(value, digits):,f}"
        return shown.rstrip("0").rstrip(".") if digits else shown

    def compact(self, value: float) -> str:
        """A large number in few characters: 80M, 1.2B; 8000万, 1.2亿."""
        return f"{value:.3e}" if abs(value) >= BEYOND_WORDS else _compact(value, self.locale)

    def percent(self, share: float, *, digits: int = 0) -> str:
        """A share as a percentage."""
        if abs(share) >= BEYOND_WORDS:
            return f"{share * 100:.3e}%"
        shown = f"{_rounded(share, digits + 2).scaleb(2):,f}"
        return (shown.rstrip("0").rstrip(".") if digits else shown) + "%"

    def day(self, day: date) -> str:
        """A date: 9 July 2024; 2024年7月9日."""
        if self.code == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

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
        if isinstance(value, LocalText):
            return self.local(value)
        return self.day(value) if isinstance(value, date) else value


def round_half_up(value: float, digits: int) -> float:
    """``value`` to ``digits`` places, halves away from zero (what people expect of money)."""
    return value if abs(value) >= BEYOND_WORDS else float(_rounded(value, digits))


def _rounded(value: float, digits: int) -> Decimal:
    """The written number, rounded; 0 has no sign."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


# A page shows the same currencies and counts again and again, and Babel takes its time: also to load, which a short
# answer in the terminal does without.


@lru_cache(4096)
def _symbol(currency: str, locale: str) -> str:
    if (known := SYMBOLS.get((currency, locale))) is not None:
        return known
    from babel.numbers import get_currency_symbol

    return str(get_currency_symbol(currency, locale=locale))


@lru_cache(4096)
def _compact(value: float, locale: str) -> str:
    from babel.numbers import format_compact_decimal

    digits = 0 if float(value).is_integer() and abs(value) < 1000 else 2
    return str(format_compact_decimal(value, locale=locale, fraction_digits=digits))


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
