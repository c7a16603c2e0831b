"""Amounts as people write them: 80M, 1.2B, 3500万, 1亿2000万, 80,000,000."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from pricing import Text
from pricing.records import MAX_AMOUNT

UNITS = {
    "": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6,
    "b": 10**9, "bn": 10**9, "billion": 10**9, "t": 10**12, "trillion": 10**12,
    "千": 10**3, "万": 10**4, "萬": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "億": 10**8, "十亿": 10**9,
    "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
CHINESE = frozenset("千万萬百亿億十")
SHOWN = {
    "en": ((10**9, "B"), (10**6, "M")),
    "zh": ((10**8, "亿"), (10**4, "万")),
}

# Digits in groups of three with one kind of separator, or without any.
_NUMBER = r"\d{1,3}(?:(?P<sep>[,_ '])\d{3})(?:(?P=sep)\d{3})*(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+"
_PART = re.compile(rf"\s*(?P<number>{_NUMBER})(?P<exponent>e\d{{1,2}})?\s*(?P<unit>[a-z]+|[千万萬百亿億十]+)?\s*")
_TAIL = re.compile(r"\s*(tokens?|个)\s*$")


class AmountError(ValueError):
    """The text is no amount; ``message`` says what is allowed."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(str(message))


def parse_amount(text: str, *, whole: bool = False) -> float:
    """The amount that a person wrote; raises ``AmountError``. ``whole``: tokens, which have no fractions.

    >>> parse_amount("1.2B"), parse_amount("3500万"), parse_amount("１，２００")
    (1200000000.0, 35000000.0, 1200.0)
    """
    plain = _TAIL.sub("", unicodedata.normalize("NFKC", text).strip().lower())
    if re.match(r"[-\u2212\u2013]\s*[\d.]", plain):
        raise AmountError(Text("must not be negative"))
    value = _sum_of_parts(plain)
    if value is None:
        raise AmountError(Text("write a number such as 80M, 1.2B, 3500万, 1.2亿 or 80,000,000"))
    if value > MAX_AMOUNT:
        raise AmountError(Text("is too large"))
    if whole and value != value.to_integral_value():
        raise AmountError(Text("must be a whole number: write 80,000,000 or 80M"))
    return float(value)


def _sum_of_parts(plain: str) -> Decimal | None:
    """One number with its unit; or Chinese ones in falling order, as in 1亿2000万. None: not an amount."""
    total, position, last = Decimal(0), 0, None
    while position < len(plain):
        match = _PART.match(plain, position)
        unit = (match["unit"] or "") if match else ""
        if match is None or unit not in UNITS:
            return None
        factor = UNITS[unit]
        if last is not None and not factor < last:
            return None
        if match.end() < len(plain) and not set(unit) & CHINESE:
            return None
        total += Decimal(match["number"].translate(_NO_SEPARATORS) + (match["exponent"] or "")) * factor
        position, last = match.end(), factor
    return total if last is not None else None


_NO_SEPARATORS = str.maketrans("", "", ",_ '")


def format_amount(value: float, lang: str) -> str:
    """The shortest way to write an amount that ``parse_amount`` reads back exactly.

    >>> format_amount(80_000_000, "en"), format_amount(80_000_000, "zh"), format_amount(1_234_567, "en")
    ('80M', '8000万', '1,234,567')
    """
    exact = Decimal(repr(float(value)))
    for factor, unit in SHOWN["zh" if lang == "zh" else "en"]:
        scaled = exact / factor
        if scaled >= 1 and scaled == round(scaled, 2):
            return f"{scaled.normalize():f}{unit}"
    return f"{exact.normalize():,f}"
