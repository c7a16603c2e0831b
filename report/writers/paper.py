"""A4 paper to write on: the font, the colours, lines that end where they should, and the foot of each page."""

from __future__ import annotations

import re
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences

from report.document import Line, Link
from report.drawing import WIDTH
from report.language import Language

from .lines import broken

FONT = Path(__file__).parent.parent / "fonts" / "BanjiaSansSC-Regular.otf"
MARGIN = (595.28 - WIDTH) / 2
BOTTOM = 52.0
MISSING = "□"
"""Stands for a character that the font does not have."""

STRAIGHT = str.maketrans("“”‘’", "\"\"''")

Colour = tuple[int, int, int]
TEXT, QUIET, ACCENT, LINK = (27, 39, 51), (86, 100, 111), (11, 92, 173), (11, 92, 173)
SHADE, RULE = (243, 246, 250), (213, 221, 230)


class Paper(FPDF):
    """Pages in points. Breaks between lines and pages are ours, so that Chinese and tables come out right."""

    def __init__(self, title: str, lang: Language) -> None:
        super().__init__(unit="pt", format="A4")
        self.lang_ = lang
        self.add_font("sans", fname=FONT)
        font = self.fonts["sans"]
        self.glyphs = font.cmap if isinstance(font, TTFFont) else {}
        self.set_font("sans", size=10)
        self.set_margin(MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.set_lang({"en": "en", "zh": "zh-Hans"}[lang.code])
        self.set_title(title)
        self.set_author("Banjia 搬家")
        self.set_creator("Banjia 搬家")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.foot = self.shown(title)

    def finished(self) -> bytes:
        """The file; no more can be written on it."""
        content = bytes(self.output())
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()
        return content

    def footer(self) -> None:
        """Title and page number."""
        y = self.h - 34
        page = self.lang_.say("page {page} of {pages}", page=self.page_no(), pages=self.str_alias_nb_pages)
        self.set_font_size(7.5)
        room = WIDTH - self.get_string_width(page) - 20
        title = broken(self.foot, room, self.get_string_width)
        self.put(title[0] if len(title) == 1 else title[0].rstrip() + "…", MARGIN, y, size=7.5, colour=QUIET)
        self.put(page, MARGIN, y, size=7.5, colour=QUIET, width=WIDTH, align="R")

    def shown(self, text: str) -> str:
        """A text on one line, with a mark where the font lacks a character."""
        if self.lang_.code == "en":  # the font's curly quotation marks are as wide as Chinese characters
            text = text.translate(STRAIGHT)
        return "".join(char if ord(char) in self.glyphs else MISSING for char in re.sub(r"\s+", " ", text))

    def room(self, tall: float) -> bool:
        """A new page where ``tall`` points do not fit on this one; whether there is one."""
        if self.get_y() + tall <= self.h - BOTTOM:
            return False
        self.add_page()
        return True

    def room_for(self, line: Line, size: float, indent: float) -> None:
        """A new page where a text does not fit on this one; a long one may be torn apart."""
        self.room(min(len(self.broken(line, WIDTH - indent, size)), 4) * size * 1.45)

    def broken(self, line: Line, width: float, size: float) -> list[list[tuple[str, str | None]]]:
        """A text in lines; each is parts of one kind with where they lead."""
        self.set_font_size(size)
        lines: list[list[tuple[str, str | None]]] = [[]]
        for run in line:
            text, target = (run.text, run.target) if isinstance(run, Link) else (run, None)
            used = sum(self.get_string_width(part) for part, _ in lines[-1])
            first, *others = broken(self.shown(text), width, self.get_string_width, used)
            lines[-1].append((first, target))
            lines += [[(one, target)] for one in others]
        return lines

    def write_lines(
        self, line: Line, *, size: float, indent: float = 0.0, width: float = WIDTH, strong: bool = False,
        colour: Colour = TEXT, spacing: float = 1.45,
    ) -> None:  # fmt: skip
        """Writes a text from here down, over as many pages as it takes."""
        for parts in self.broken(line, min(width, WIDTH - indent), size):
            self.room(size * spacing)
            x = self.l_margin + indent
            for text, target in parts:
                shade = LINK if target else colour
                self.put(text, x, self.get_y(), size=size, colour=shade, strong=strong, target=target)
                x += self.get_string_width(text)
            self.set_xy(self.l_margin, self.get_y() + size * spacing)

    def put(
        self, text: str, x: float, y: float, *, size: float, colour: Colour = TEXT, strong: bool = False,
        width: float | None = None, align: str = "L", target: str | None = None,
    ) -> None:  # fmt: skip
        """Writes one line at a place; where the text goes on stays as it was."""
        if not text.strip():
            return
        here = self.get_x(), self.get_y()
        self.set_font_size(size)
        wide = self.get_string_width(text) if width is None else width
        mode = TextMode.FILL_STROKE if strong else TextMode.FILL  # the font has one weight
        with self.local_context(text_color=colour, draw_color=colour, line_width=size / 42, text_mode=mode):
            self.set_xy(x, y)
            self.cell(wide, size * 1.4, text, align=align, link=target or "")
        self.set_xy(*here)
