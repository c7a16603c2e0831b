"""A format is YAML: a new one is a file, and a mistake in it is told with its line."""

from pathlib import Path

import pytest

from pricing import InputError
from usage import read_usage
from usage.presets import choose_presets, shipped_presets

OWN = """\
format: our-proxy
title: Our proxy
recognised_by: [when, llm, in, out]
time: {column: when, as: unix_ms}
model: llm
input: in
output: out
skip:
  - {column: ok, is_not: [yes], because: failed}
"""


def test_every_shipped_format_is_found_by_its_name() -> None:
    assert [choose_presets(preset.format) for preset in shipped_presets()] == [(one,) for one in shipped_presets()]


def test_a_file_of_ones_own_describes_a_new_format(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(OWN)
    (tmp_path / "log.csv").write_text("llm,when,in,out,ok\ngpt-4o,1718161814000,7,5,yes\ngpt-4o,1718161814000,9,9,no\n")
    usage = read_usage([tmp_path / "log.csv"], preset=str(tmp_path / "ours.yaml"))
    assert [(use.input, use.output) for use in usage.uses] == [(7, 5)]
    assert [(one.rows, str(one.because)) for one in usage.skipped] == [(1, "failed")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("input: in", "inputs: in", "ours.yaml:6:1: unknown key `inputs`"),
        ("as: unix_ms", "as: epoch", "ours.yaml:4:22: as must be one of iso, us_date, unix"),
        ("model: llm\n", "", "say where the model is"),
        ("is_not: [yes]", "isnt: [yes]", "ours.yaml:9:18: unknown key `isnt`"),
        ("model: llm", "model: {column: llm, pattern: '(x'}", "ours.yaml:5:22: this is no regular expression"),
        ("model: llm", "model: {column: llm, pattern: 'x'}", "needs a group in brackets"),
    ],
)
def test_a_mistake_in_it_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "ours.yaml").write_text(OWN.replace(old, new))
    with pytest.raises(InputError) as error:
        choose_presets(str(tmp_path / "ours.yaml"))
    assert message in str(error.value)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"did you mean `litellm`"):
        choose_presets("lite-llm")


def test_the_example_in_the_documentation_is_a_format(tmp_path: Path) -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "usage.md").read_text("utf-8")
    (tmp_path / "example.yaml").write_text(guide.split("```yaml\n")[1].split("```")[0], "utf-8")
    assert choose_presets(str(tmp_path / "example.yaml"))[0].format == "our-proxy"
