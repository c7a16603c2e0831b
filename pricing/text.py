"""Sentences for people, kept as template and values so that they can be translated as late as possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Text:
    """One sentence: an English template and its values.

    ``str()`` gives English; :meth:`render` asks a translator for the template in another language first.
    Values may be ``Text`` themselves.

    >>> str(Text("closed on {day}", day="2024-07-31"))
    'closed on 2024-07-31'
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, /, **values: Any) -> None:
        self.template = template
        self.values = values

    def render(self, translate: Callable[[str], str]) -> str:
        """The sentence with its template passed through ``translate`` (``gettext``, say)."""
        values = {
            name: value.render(translate) if isinstance(value, Text) else value for name, value in self.values.items()
        }
        template = translate(self.template)
        return template.format(**values) if values else template

    def __str__(self) -> str:
        return self.render(str)

    def __repr__(self) -> str:
        return f"Text({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash((self.template, str(self)))
