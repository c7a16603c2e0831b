"""What is kept of the shipped files beside the byte code: it must never differ from the files, nor be in the way."""

import sys
from pathlib import Path

import pytest

from pricing import kept
from pricing.catalogue import read_file, read_own
from pricing.yaml_reader import Document

ROOT = Path(__file__).resolve().parent.parent
DATA = [ROOT / part / "data" for part in ("pricing", "offers", "calculator", "usage")]
SHIPPED = sorted(path for folder in DATA for path in folder.rglob("*.yaml"))
TEXT = (
    "first: 2024-07-09\nlist: [1, 1.0, '2024-07-09', 2024-07-09, null, {deep: 2024-07-10}]\nagain: &a [x]\nalias: *a\n"
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of ours where Python may write byte code."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "own.yaml"
    path.write_text(TEXT)
    return path


def copy_of(path: Path) -> Path:
    return path.parent / "__pycache__" / "own.json"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_kept_of_a_shipped_file_is_what_it_says(file: Path, path: Path) -> None:
    file.write_bytes(path.read_bytes())
    first, again = read_own(file), read_own(file)
    assert kept.kept(file, file.read_text("utf-8")) is not None
    assert repr(again.value) == repr(first.value) == repr(read_file(path).value)  # 1 is not 1.0 here


def test_lines_are_those_of_the_file(file: Path) -> None:
    read_own(file)
    document = read_own(file)
    assert document == Document(document.name, read_file(file).value, _text=TEXT)
    assert [document.place(loc) for loc in ((), ("list", 5, "deep"), ("alias",))] == [(1, 1), (2, 49), (4, 1)]


def test_what_is_kept_of_another_text_does_not_count(file: Path) -> None:
    read_own(file)
    file.write_text(TEXT.replace("07-09", "07-08"))
    assert repr(read_own(file).value) == repr(read_file(file).value)


def test_another_reader_does_not_use_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_own(file)
    monkeypatch.setattr(kept, "_reader", lambda: b"another")
    assert kept.kept(file, TEXT) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"of": 1}', b"\xff", b"[" * 100_000, b'{"of": "%s", "days": [["no"]], "value": {}}',
     b'{"of": "%s", "days": [["a"]], "value": {"a": "soon"}}', b'{"of": "%s", "days": [[]], "value": {}}',
     b'{"of": "%s", "days": 1, "value": {}}', b'{"of": "%s"}'],
    ids=range(12),
)  # fmt: skip
def test_what_was_damaged_does_not_count_and_is_replaced(file: Path, content: bytes) -> None:
    read_own(file)
    good = copy_of(file).read_bytes()
    copy_of(file).write_bytes(content.replace(b"%s", kept._hash(TEXT).encode()))
    assert repr(read_own(file).value) == repr(read_file(file).value)
    assert copy_of(file).read_bytes() == good
    assert [path.name for path in copy_of(file).parent.iterdir()] == ["own.json"]


def test_nothing_is_kept_of_a_file_with_problems(file: Path) -> None:
    file.write_text("a: 1\na: 2\n")
    assert [str(problem.message) for problem in read_own(file).problems] == ["the key `a` stands here twice"]
    assert not copy_of(file).exists()


def test_nothing_is_written_where_python_may_write_no_byte_code(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert read_own(file).value == read_file(file).value
    assert not copy_of(file).parent.exists()


def test_a_folder_that_cannot_be_written_is_no_problem(file: Path) -> None:
    copy_of(file).parent.write_text("a file, where the folder should be")
    assert read_own(file).value == read_file(file).value
    assert read_own(file).problems == []
