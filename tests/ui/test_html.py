"""Text that goes through Streamlit's Markdown comes out as it went in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ui.html import label

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(markdown: str) -> str:
    """The text of one paragraph, as a reader of Markdown understands it."""
    start, inline, end = MARKDOWN.parse(markdown)
    assert (start.type, inline.type, end.type) == ("paragraph_open", "inline", "paragraph_close")
    assert {part.type for part in inline.children or ()} <= {"text", "text_special"}
    return "".join(part.content for part in inline.children or ())


@given(st.text("ab1 .-+#*_`~[]()<>!|&;:$\\=搬", min_size=1).filter(lambda text: text.strip()))
def test_nothing_in_a_label_is_taken_for_markup(text: str) -> None:
    assert read(label(text.strip())) == text.strip()


@pytest.mark.parametrize("text", [":material/delete:", ":smile:", ":red[x]", "$x$"])
def test_streamlits_own_markup_is_text_too(text: str) -> None:
    assert label(text).startswith("\\")
    assert read(label(text)) == text


@pytest.mark.parametrize("text", ["Special house-moving plan, 1.5", "Terms: all of them (50%)!", "GPT-3.5 + GLM-4"])
def test_plain_words_stay_as_they_are_for_screen_readers(text: str) -> None:
    assert label(text) == text
