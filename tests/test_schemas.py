"""The JSON Schemas in docs/schemas are those of the records, and each data file names its own."""

import json
from pathlib import Path

import pytest
from jsonschema import ValidationError, validate

from pricing.yaml_reader import read_yaml
from report.schemas import SCHEMAS, json_schema

ROOT = Path(__file__).resolve().parent.parent
FILES = [
    path
    for pattern in ("pricing/data/*.yaml", "pricing/data/providers/*.yaml", "offers/data/*/*.yaml",
                    "calculator/data/*.yaml", "usage/data/*.yaml", "usage/data/presets/*.yaml")
    for path in sorted(ROOT.glob(pattern))
]  # fmt: skip


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_current(name: str) -> None:
    committed = json.loads((ROOT / "docs" / "schemas" / f"{name}.json").read_text("utf-8"))
    assert committed == json_schema(name), "run `make schemas`"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_described_for_whoever_types_it(name: str) -> None:
    schema = json_schema(name)
    assert all("description" in definition for definition in (schema, *schema.get("$defs", {}).values()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_data_file_names_its_schema(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    assert (path.parent / first.removeprefix(prefix)).resolve().parent == ROOT / "docs" / "schemas"
    assert (path.parent / first.removeprefix(prefix)).exists()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_an_editor_finds_nothing_wrong_in_a_data_file(path: Path) -> None:
    document = read_yaml(path.read_text("utf-8"), path.name, trusted=True)
    schema = path.read_text("utf-8").splitlines()[0].rpartition("/")[2].removesuffix(".json")
    validate(json.loads(json.dumps(document.value, default=str)), json_schema(schema))


def test_an_editor_finds_a_typo() -> None:
    with pytest.raises(ValidationError, match="tokns"):
        validate({"provider": "p", "offers": [], "tokns": 1}, json_schema("offers"))
