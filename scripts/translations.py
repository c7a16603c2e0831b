"""Bring the Chinese catalogue up to date with the sentences in the code: collect and merge.

The catalogue (.po) is what a translator edits; the program reads it as it is. Translations of sentences that are
gone are dropped, new sentences get an empty translation. The file contains no date, version or line number, so that
the same sentences always give the same bytes.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["pricing", "offers", "calculator", "usage", "report", "ui", "cli", "app.py"]
CATALOGUE = ROOT / "report/locale/zh/LC_MESSAGES/banjia.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "Text": None, "say": None, "OneOf": None, "text_error": None}


class ChineseCatalogue(Catalog):
    """A catalogue whose header holds only what readers of the file need."""

    mime_headers = (
        ("Language", "zh"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit\n"),
    )


def python_files() -> list[Path]:
    files = []
    for source in SOURCES:
        path = ROOT / source
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path] * path.exists()
    return files


def main() -> None:
    known = read_po(CATALOGUE.open("rb"), locale="zh") if CATALOGUE.exists() else Catalog()
    catalogue = ChineseCatalogue(
        locale="zh",
        header_comment="# Chinese sentences of Banjia. `make translations` keeps the list current.",
        fuzzy=False,
    )
    for path in python_files():
        for line, sentence, comments, context in extract_from_file("python", path, KEYWORDS, ["Translators:"]):
            before = known.get(sentence, context)
            catalogue.add(
                sentence,
                before.string if before else None,
                locations=[(path.relative_to(ROOT).as_posix(), line)],
                flags=before.flags if before else (),
                auto_comments=comments,
                user_comments=before.user_comments if before else (),
                context=context,
            )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=0, include_lineno=False)
    missing = [message.id for message in catalogue if message.id and not message.string]
    print(f"{len(catalogue)} sentences, {len(missing)} without a translation", *missing[:10], sep="\n  ")


if __name__ == "__main__":
    main()
