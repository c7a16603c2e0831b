"""CONTRIBUTING.md keeps its word: its examples work as they stand, and mistakes in such files name line and remedy."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from written import replaced, write_files

from cli import main

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = dict(
    re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M | re.S)
)
OFFER = "offers/data/oldcloud-2026/newcloud.yaml"
EVENT = "offers/data/oldcloud-2026/event.yaml"
OLD = "pricing/data/providers/oldcloud.yaml"
NEW = "pricing/data/providers/newcloud.yaml"
PROFILE = """\
name: A customer of OldCloud
workloads:
  - {name: chat, model: old-chat, input_tokens: 80_000_000, output_tokens: 20_000_000, features: [streaming]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The examples as files, each where its first line says."""
    return write_files(tmp_path, dict(EXAMPLES))


def folders(folder: Path) -> list[str]:
    return [str(folder / "offers/data"), str(folder / "pricing/data")]


def test_there_is_one_example_a_kind_of_file() -> None:
    assert set(EXAMPLES) == {OFFER, EVENT, OLD, NEW}


def test_the_examples_pass_all_checks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--strict", *folders(folder)]) == 0, capsys.readouterr().err
    assert "2 providers, 3 models, 4 prices, 1 event" in capsys.readouterr().out


def test_the_examples_pass_beside_the_shipped_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for data in ("offers/data", "pricing/data"):
        shutil.copytree(ROOT / data, tmp_path / data)
    everything = write_files(tmp_path, dict(EXAMPLES))
    assert main(["check", *folders(everything)]) == 0, capsys.readouterr().err


def test_a_new_event_with_a_new_provider_is_answered_without_python(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = folder / "profile.yaml"
    profile.write_text(PROFILE)
    offers, prices = folders(folder)
    arguments = ["compare", str(profile), "--offers", offers, "--prices", prices]
    assert main([*arguments, "--format", "json"]) == 0, capsys.readouterr().err
    answer = json.loads(capsys.readouterr().out)
    assert (answer["event"], answer["as_of"], answer["starts"]) == ("oldcloud-2026", "2026-03-04", "2026-03-31")
    (option,) = answer["options"]
    assert (option["provider"], option["models"]) == ("newcloud", {"chat": "new-chat"})
    # 100M tokens a month: 50M of the first 100M are free, in the proportion of input and output.
    assert option["list_cost"] == pytest.approx(12 * (80 * 2 + 20 * 6))
    grant = option["offers"][0]["benefits"][0]
    assert (grant["granted"], grant["used"], grant["saved"]) == pytest.approx((50e6, 50e6, 40 * 2 + 10 * 6))
    # The corrected price counts for the source: 6 in, 18 out.
    assert answer["baseline"]["total"] == pytest.approx(12 * (80 * 6 + 20 * 18))
    assert main([*arguments, "--lang", "zh"]) == 0
    assert "新云" in capsys.readouterr().out


@pytest.fixture
def open_own(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], AppTest]:
    """The app with a catalogue of one's own."""

    def start(folder: Path, locale: str) -> AppTest:
        offers, prices = folders(folder)
        monkeypatch.setenv("BANJIA_OFFERS", offers)
        monkeypatch.setenv("BANJIA_PRICES", prices)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.context = {"locale": locale}
        app.run()
        assert not app.exception, [error.value for error in app.exception]
        return app

    return start


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-US", ["OldCloud closes", "Move to NewCloud", "Welcome package", "Announced 1 March 2026"]),
        ("zh-CN", ["旧云停服", "建议迁往新云", "迁移礼包", "2026年3月1日"]),
    ],
)
def test_the_app_answers_for_the_examples(
    folder: Path, open_own: Callable[[Path, str], AppTest], locale: str, words: list[str]
) -> None:
    app = open_own(folder, locale)
    app.session_state["reasons"] = True
    app.run()
    shown = "\n".join(one.value for one in app.html)
    for word in words:
        assert word in shown
    assert [app.session_state[f"model:{number}"] for number in app.session_state["numbers"]] == ["old-chat", "old-chat"]


def test_the_app_says_what_is_wrong_in_a_catalogue(folder: Path, open_own: Callable[[Path, str], AppTest]) -> None:
    (folder / OFFER).write_text(replaced(EXAMPLES[OFFER], "valid_days: 90", "valid_day: 90"), "utf-8")
    app = open_own(folder, "en-US")
    assert "The data cannot be read." in app.error[0].value
    assert "valid\\_days" in app.caption[0].value


def without(text: str, first: str, after: str) -> str:
    """The text without what stands from ``first`` up to ``after``."""
    start = text.index(first)
    return text[:start] + text[text.index(after, start) :]


# The mistake: which file, what stands there, what was written instead; the line to be named holds the third text, or
# the fourth where something is missing; the message holds all of the words.
MISTAKES: dict[str, tuple[str, str, str, str, list[str]]] = {
    "typo in a key": (OFFER, "valid_days: 90", "valid_day: 90", "valid_day:", ["did you mean `valid_days`?"]),
    "typo in a price": (NEW, "        output: 6", "        ouput: 6", "ouput", ["did you mean `output`?"]),
    "unknown model": (OFFER, "[new-chat]", "[new-caht]", "new-caht", ["new-caht", "did you mean `new-chat`?"]),
    "a model, not a list": (OFFER, "[new-chat]", "new-chat", "models: new-chat", ["a list", "all or unknown"]),
    "no such day": (OFFER, "opens: 2026-03-02", "opens: 2026-02-30", "2026-02-30", ["opens", "a date like"]),
    "date in another order": (EVENT, "2026-03-01\nas_of", "01.03.2026\nas_of", "01.03.2026", ["like 2024-07-09"]),
    "month of one digit": (EVENT, "cutoff: 2026-03-31", "cutoff: 2026-3-31", "2026-3-31", ["cutoff", "a date like"]),
    "negative price": (NEW, "input: 2\n", "input: -2\n", "input: -2", ["at least 0", "-2"]),
    "no tokens": (OFFER, "50_000_000", "0", "tokens: 0", ["tokens must be", "0"]),
    "tokens with a unit": (OFFER, "50_000_000", "50M", "50M", ["tokens must be a number", "50M"]),
    "tokens with commas": (OFFER, "50_000_000", "50,000,000", "50,000,000", ["tokens must be a number"]),
    "missing life": (OFFER, "        valid_days: 90\n", "", "kind: token_grant", ["valid_days", "valid_until"]),
    "duplicate key": (NEW, "output: 6\n", "output: 6\n        output: 7\n", "output: 7", ["`output`", "twice"]),
    "tab": (NEW, "    tier: standard", "\ttier: standard", "tier: standard", ["tab"]),
    "not far enough in": (NEW, "    tier: standard", " tier: standard", "tier: standard", ["YAML"]),
    "too far in": (NEW, "    tier: standard", "      tier: standard", "tier: standard", ["YAML"]),
    "colon in a text": (OFFER, "A spokeswoman prom", "A spokeswoman: prom", "spokeswoman:", ["YAML"]),
    "quoted number": (NEW, "output: 6", 'output: "6"', 'output: "6"', ["output must be a number", "'6'"]),
    "unknown provider": (OFFER, "provider: newcloud", "provider: new-cloud", "new-cloud", ["did you mean `newcloud`?"]),
    "unknown source": (EVENT, "source: oldcloud", "source: oldclod", "oldclod", ["did you mean `oldcloud`?"]),
    "closes before it opens": (OFFER, "closes: unknown", "closes: 2026-02-01", "closes", ["before it opens"]),
    "cut off before announced": (EVENT, "cutoff: 2026-03-31", "cutoff: 2026-02-28", "cutoff", ["before the announce"]),
    "80 for 0.8": (OFFER, "share: 0.2", "share: 80", "share: 80", ["share must be", "1", "80"]),
    "a percentage": (OFFER, "share: 0.2", "share: 20%", "share: 20%", ["share must be", "20%"]),
    "two prices from a day": (OLD, "from: 2025-11-02", "from: 2025-01-15", "the correction", ["two prices from"]),
    "missing tier": (NEW, "    tier: standard", "    #", "id: new-chat", ["`tier`", "flagship, standard or light"]),
    "unknown tier": (NEW, "tier: standard ", "tier: medium ", "tier: medium", ["flagship, standard, light"]),
    "chat without output": (NEW, "        output: 6\n", "", "id: new-chat", ["`output`", "or unknown"]),
    "unknown kind": (OFFER, "kind: discount", "kind: rebate", "kind: rebate", ["one of", "discount", "rebate"]),
    "empty kind": (OFFER, "kind: discount", "kind:", "kind:\n", ["kind", "token_grant", "discount"]),
    "missing kind": (OFFER, "kind: discount\n        share", "share", "share: 0.2", ["`kind` is missing"]),
    "capital YES": (OFFER, "new_customer: true", "new_customer: YES", "YES", ["true, false or unknown", "YES"]),
    "wrong currency": (NEW, "currency: CNY", "currency: RMB¥", "RMB¥", ["three capital letters", "CNY"]),
    "small currency": (NEW, "currency: CNY", "currency: cny", "cny", ["three capital letters", "CNY"]),
    "missing currency": (NEW, "currency: CNY\n", "", "provider: newcloud", ["`currency` is missing"]),
    "a word for a price": (NEW, "input: 2\n", "input: TBD\n", "TBD", ["a number", "or unknown", "TBD"]),
    "source without address": (
        OFFER, "url: https://newcloud.example/welcome\n            publisher", "publisher", "publisher: NewCloud",
        ["`url:`", "`cite:`"],
    ),
    "unknown confidence": (EVENT, "confidence: high ", "confidence: sure ", "sure", ["high, medium, low"]),
    "one language": (OFFER, ", zh: 迁移礼包}", "}", "title:", ["`zh` is missing"]),
    "missing until": (OFFER, "        until: unknown\n", "", "kind: discount", ["`until` is missing"]),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gets_its_line_and_the_remedy(folder: Path, capsys: pytest.CaptureFixture[str], mistake: str) -> None:
    file, before, after, place, words = MISTAKES[mistake]
    refuse(folder, capsys, file, replaced(EXAMPLES[file], before, after), place, words)


def test_a_missing_source_gets_its_line_and_the_remedy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = without(EXAMPLES[OFFER], "        sources:", "        confidence: high")
    refuse(folder, capsys, OFFER, text, "kind: token_grant", ["no source", "add `sources:`"])


def test_sources_that_are_left_empty_get_their_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = replaced(without(EXAMPLES[EVENT], "sources:", "confidence"), "confidence", "sources:\nconfidence")
    refuse(folder, capsys, EVENT, text, "sources:", ["source"])


def refuse(
    folder: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, place: str, words: list[str]
) -> None:
    (folder / file).write_text(text, "utf-8")
    line = text[: text.index(place)].count("\n") + 1
    assert main(["check", *folders(folder)]) == 1
    told = capsys.readouterr().err
    problem = next((one for one in told.splitlines() if re.search(rf"{re.escape(file)}:{line}:", one)), None)
    assert problem, f"no problem in line {line}:\n{told}"
    for word in words:
        assert word in problem
