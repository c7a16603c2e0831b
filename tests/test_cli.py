"""The command line as its users meet it: a process with arguments, input, output and an exit code."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from oracle_world import expand, write_world
from written import OFFER, OFFERS_FOLDER, PRICES_FOLDER, PROVIDER, replaced, write_files

from calculator import compare, load_catalogue

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = "calculator/data/example-profile.yaml"
SMALL = "workloads: [{model: gpt-3.5-turbo, input_tokens: 80_000_000, output_tokens: 20_000_000}]\n"
ANSWER, WRONG_INPUT, WRONG_USAGE = 0, 1, 2


def banjia(*arguments: object, stdin: str | bytes = "", **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs the command; whatever happens, nobody is shown a traceback."""
    given = stdin if isinstance(stdin, bytes) else stdin.encode()
    command = [sys.executable, "-m", "cli", *map(str, arguments)]
    run = subprocess.run(command, cwd=ROOT, input=given, capture_output=True, timeout=60, **options)
    shown = subprocess.CompletedProcess(command, run.returncode, run.stdout.decode(), run.stderr.decode())
    assert "Traceback" not in shown.stderr
    assert "Warning" not in shown.stderr
    return shown


def answer(*arguments: object, stdin: str = "") -> dict[str, Any]:
    """The JSON of ``banjia compare``: nothing else is written anywhere."""
    run = banjia("compare", *arguments, "--format", "json", stdin=stdin)
    assert (run.returncode, run.stderr) == (ANSWER, "")
    return dict(json.loads(run.stdout))


@cache
def example() -> dict[str, Any]:
    """The answer to the example profile."""
    return answer(EXAMPLE)


def refused(*arguments: object, code: int = WRONG_INPUT, **options: Any) -> str:
    """What is told on stderr when there is no answer."""
    run = banjia(*arguments, **options)
    assert (run.returncode, run.stdout) == (code, "")
    return run.stderr


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with prices, offers and profile.yaml: two providers, a grant, a discount and a voucher."""
    offers = [
        {
            "id": "north-gift",
            "closes": "unknown",
            "benefits": [
                {"kind": "token_grant", "tokens": 150_000_000, "models": "unknown", "valid_days": "unknown"},
                {"kind": "discount", "share": 0.2, "until": None},
                {"kind": "voucher", "amount": 10, "valid_days": 100},
                {"kind": "service", "service": "migration"},
            ],
        },
        {
            "id": "north-old",
            "opens": date(2024, 6, 19),
            "closes": date(2024, 6, 19),
            "benefits": [{"kind": "service", "service": "training"}],
        },
    ]
    case = {
        "profile": {
            "workloads": [{"tokens": 100_000_000}],
            "months": 3,
            "overlap": {"days": 5, "share": 0.5},
            "effort": {"evaluation": 2, "integration": {"compatible": 1}},
        },
        "rates": {"USD": 7},
        "providers": {
            "north": {"models": [{"id": "n", "price": {"input": 1}}], "offers": offers},
            "west": {"currency": "USD", "models": [{"id": "w", "price": {"input": 2}}]},
            "nobody": {"models": [{"id": "x", "tier": "light", "price": {"input": 1}}]},
        },
    }
    folder = tmp_path_factory.mktemp("world")
    write_world(expand(case), folder)
    return folder


@pytest.fixture(scope="module")
def told(world: Path) -> dict[str, Any]:
    """The JSON answer to that world."""
    return answer(world / "profile.yaml", *folders(world))


def folders(world: Path) -> list[object]:
    return ["--prices", world / "prices", "--offers", world / "offers"]


# ------------------------------------------------------------------------------------------------- compare: form


def test_a_world_of_ones_own_is_answered_as_in_process(world: Path, told: dict[str, Any]) -> None:
    catalogue = load_catalogue(world / "offers", world / "prices")
    assert told == json.loads(json.dumps(compare(world / "profile.yaml", catalogue).to_json()))
    assert [option["provider"] for option in told["options"]] == ["north", "west"]
    assert [one["provider"] for one in told["unavailable"]] == ["nobody"]


SHAPE = {
    "": "event as_of starts months currency stance baseline options unavailable",
    "baseline": "provider total monthly",
    "options": "rank provider models total bill one_off_cost readiness_cost list_cost saved_by_offers "
    "price_per_million free_until ready_on monthly offers one_off assumptions warnings",
    "options.monthly": "month from to tokens granted_tokens list_cost grants discounts vouchers bill",
    "options.offers": "id status reason claimed_on claim_by benefits",
    "options.offers.benefits": "kind granted used lapsed ends_on runs_out_on saved models",
    "options.one_off": "item days cost covered_by days_saved",
    "options.assumptions": "term offer assumed",
    "unavailable": "provider reason",
}


def test_the_json_has_the_keys_of_the_formats_in_their_order(told: dict[str, Any]) -> None:
    for path, keys in SHAPE.items():
        found = [told]
        for step in path.split(".") if path else ():
            found = [item for one in found for item in (one[step] if isinstance(one[step], list) else [one[step]])]
        assert found, path
        for one in found:
            assert list(one) == keys.split(), path
    assert [row["month"] for row in told["options"][0]["monthly"]] == [-1, 0, 1, 2]
    assert {offer["status"] for offer in told["options"][0]["offers"]} == {"claimed", "missed"}


def test_the_evidence_can_be_asked_for(world: Path) -> None:
    told = answer(world / "profile.yaml", *folders(world), "--evidence")
    for option in told["options"]:
        *others, evidence = option.items()
        assert [key for key, _ in others] == SHAPE["options"].split()
        assert evidence[0] == "evidence"
        assert evidence[1]
        for one in evidence[1]:
            assert {"figure", "confidence", "sources", "note"} == set(one)
            assert one["figure"]


def test_a_table_is_the_form_for_the_terminal() -> None:
    run = banjia("compare", EXAMPLE)
    assert (run.returncode, run.stderr) == (ANSWER, "")
    lines = run.stdout.splitlines()
    assert lines[0].startswith("Move to ")
    assert lines[2].split()[:4] == ["rank", "provider", "total", "bill"]
    assert set(lines[3]) == {"-", " "}
    ranks = [line.split()[0] for line in lines[4:] if line.strip()]
    options = ranks.index("-")
    assert options >= 6
    assert ranks[:options] == [str(rank + 1) for rank in range(options)]


def test_csv_has_a_row_an_option_with_cents(world: Path, told: dict[str, Any]) -> None:
    run = banjia("compare", world / "profile.yaml", *folders(world), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    assert [row["provider"] for row in rows] == ["north", "west", "nobody"]
    for row, option in zip(rows, told["options"], strict=False):
        for key in ("total", "bill", "one_off_cost", "readiness_cost", "list_cost", "saved_by_offers"):
            assert abs(float(row[key]) - option[key]) <= 0.005001
            assert len(row[key].split(".")[1]) == 2
    assert (rows[2]["total"], rows[2]["unavailable"] != "") == ("", True)


def test_markdown_is_the_memo(world: Path) -> None:
    run = banjia("compare", world / "profile.yaml", *folders(world), "--format", "markdown")
    assert (run.returncode, run.stderr) == (ANSWER, "")
    assert run.stdout.startswith("# Recommendation: move to North\n")


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_every_form_speaks_chinese(form: str) -> None:
    run = banjia("compare", EXAMPLE, "--lang", "zh", "--format", form)
    assert (run.returncode, run.stderr) == (ANSWER, "")
    assert {"table": "阿里云", "markdown": "2024年6月28日"}[form] in run.stdout


def test_numbers_do_not_depend_on_the_language() -> None:
    english, chinese = example(), answer(EXAMPLE, "--lang", "zh")
    for one, other in zip(english["options"], chinese["options"], strict=True):
        words = ("offers", "assumptions", "warnings")
        assert {k: v for k, v in one.items() if k not in words} == {k: v for k, v in other.items() if k not in words}


def test_output_goes_to_a_file_that_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text("before")
    run = banjia("compare", EXAMPLE, "--format", "json", "-o", file)
    assert (run.returncode, run.stdout, run.stderr) == (ANSWER, "", "")
    assert json.loads(file.read_text()) == example()
    assert [path.name for path in tmp_path.iterdir()] == ["answer.json"]


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("html", b"<!DOCTYPE html>")])
def test_files_go_to_a_pipe_and_to_a_name(form: str, begins: bytes, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cli", "compare", EXAMPLE, "--format", form]
    piped = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60)
    assert (piped.returncode, piped.stderr) == (ANSWER, b"")
    assert piped.stdout.startswith(begins)
    assert banjia(*command[3:], "-o", tmp_path / "file").returncode == ANSWER
    assert (tmp_path / "file").read_bytes() == piped.stdout


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_a_terminal_is_not_sent_a_binary_file(form: str) -> None:
    master, terminal = os.openpty()
    command = [sys.executable, "-m", "cli", "compare", EXAMPLE, "--format", form]
    run = subprocess.run(command, cwd=ROOT, stdout=terminal, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(terminal)
    os.close(master)
    assert run.returncode == WRONG_INPUT
    assert f"{form} is not for a terminal: say with -o which file to write" in run.stderr


@pytest.mark.parametrize("where", ["folder", "nowhere/answer.csv"])
def test_output_that_cannot_be_written_is_told_and_leaves_nothing_behind(tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    told = refused("compare", EXAMPLE, "-o", tmp_path / where)
    assert str(tmp_path / where) in told
    assert "the file cannot be written" in told
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_output_to_a_pipe_with_a_name_goes_through_it(tmp_path: Path) -> None:
    """`-o >(less)`, `-o /dev/stdout`: what is no ordinary file must not be replaced by one."""
    link, target = tmp_path / "link.csv", tmp_path / "target.csv"
    target.write_text("before")
    link.symlink_to(target)
    assert banjia("compare", EXAMPLE, "--format", "csv", "-o", link).returncode == ANSWER
    assert target.read_text().startswith("rank,provider,")
    assert link.is_symlink()


def test_a_reader_who_stops_reading_is_no_error() -> None:
    command = f"{sys.executable} -m cli compare {EXAMPLE} --format json | head -c 1; echo ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (run.stdout, run.stderr) == ("{0\n", "")
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "offers", "--event", "openai-2024"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.wait(timeout=60), process.stderr.read()) == (ANSWER, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "cli", "compare", EXAMPLE]
        run = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert run.returncode == WRONG_INPUT
    assert "Traceback" not in run.stderr
    assert "No space left on device" in run.stderr


# ---------------------------------------------------------------------------------------------- compare: options


def test_a_profile_can_come_from_standard_input() -> None:
    assert answer("-", stdin=(ROOT / EXAMPLE).read_text("utf-8")) == example()


def test_options_take_the_place_of_the_profiles_fields(tmp_path: Path) -> None:
    told = answer(
        "-", "--event", "openai-2024", "--as-of", "2024-07-01", "--months", 2, "--stance", "cautious",
        "--currency", "USD", stdin=SMALL + "months: 24\nstance: generous\nas_of: 2024-06-27\nevent: other\n",
    )  # fmt: skip
    assert {key: told[key] for key in ("event", "as_of", "starts", "months", "currency", "stance")} == {
        "event": "openai-2024", "as_of": "2024-07-01", "starts": "2024-07-09", "months": 2, "currency": "USD",
        "stance": "cautious",
    }  # fmt: skip
    assert [row["month"] for row in told["options"][0]["monthly"]] == [0, 1]


def test_amounts_in_another_currency_are_exchanged_at_the_rate_of_the_day() -> None:
    dollars = answer(EXAMPLE, "--currency", "USD")
    assert example()["baseline"]["total"] == pytest.approx(dollars["baseline"]["total"] * 7.2628)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--as-of", "2024-02-30"], "'2024-02-30' is not a day of the calendar like 2024-06-28"),
        (["--as-of", "soon"], "'soon' is not a day of the calendar like 2024-06-28"),
        (["--months", "0"], "'0' is not a whole number from 1 to 120"),
        (["--months", "121"], "'121' is not a whole number from 1 to 120"),
        (["--months", "1.5"], "'1.5' is not a whole number from 1 to 120"),
        (["--stance", "brave"], "invalid choice: 'brave'"),
        (["--lang", "fr"], "invalid choice: 'fr'"),
        (["--format", "xml"], "invalid choice: 'xml'"),
        (["--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_wrong_usage_of_compare_has_an_exit_code_of_its_own(options: list[str], told: str) -> None:
    error = refused("compare", EXAMPLE, *options, code=WRONG_USAGE)
    assert error.startswith("usage: banjia")
    assert told in error


@pytest.mark.parametrize("arguments", [[], ["compair"], ["compare"], ["compare", EXAMPLE, "twice"]])
def test_wrong_usage_has_an_exit_code_of_its_own(arguments: list[str]) -> None:
    assert refused(*arguments, code=WRONG_USAGE).startswith("usage: banjia")


@pytest.mark.parametrize("arguments", [["--help"], ["compare", "--help"]])
def test_help_is_an_answer(arguments: list[str]) -> None:
    run = banjia(*arguments)
    assert (run.returncode, run.stderr) == (ANSWER, "")
    assert run.stdout.startswith("usage: banjia")


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        (SMALL + "mnths: 3\n", "<stdin>:2:1: unknown key `mnths` (did you mean `months`?)"),
        (b"name: \xff\n" + SMALL.encode(), "<stdin>:1:1: the file is not UTF-8 text"),
        ("workloads: " + "[" * 60_000, "<stdin>:1:"),
        ('"\\e[31ma\\nb": 1\n' + SMALL, "<stdin>:1:1: unknown key `"),
    ],
    ids=["typo", "not utf-8", "deep", "control characters"],
)
def test_a_profile_that_cannot_be_used_is_told_by_its_line(stdin: str | bytes, told: str) -> None:
    error = refused("compare", "-", stdin=stdin)
    assert any(line.startswith(told) for line in error.splitlines()), error
    assert "\x1b" not in error
    assert all(line.startswith("<stdin>:") for line in error.splitlines())


def test_a_mistake_in_an_option_is_told_by_its_name() -> None:
    assert "currency must be three capital letters" in refused("compare", EXAMPLE, "--currency", "yuan")
    assert "unknown event `openai-2023` (did you mean `openai-2024`?)" in refused(
        "compare", EXAMPLE, "--event", "openai-2023"
    )
    assert "as_of must be" in refused("compare", "-", "--as-of", "1999-12-31", stdin=SMALL)


def test_a_missing_profile_is_told(tmp_path: Path) -> None:
    assert refused("compare", tmp_path / "nowhere.yaml") == (
        f"{tmp_path}/nowhere.yaml:1:1: the file cannot be read: No such file or directory\n"
    )
    assert refused("compare", tmp_path) == f"{tmp_path}:1:1: the file cannot be read: Is a directory\n"


@pytest.mark.parametrize("option", ["--offers", "--prices"])
def test_a_missing_folder_of_data_is_told(tmp_path: Path, option: str) -> None:
    assert f"{tmp_path}/nowhere:1:1: there is no " in refused("compare", EXAMPLE, option, tmp_path / "nowhere")


# --------------------------------------------------------------------------------------- offers, prices, check


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_offers_side_by_side(lang: str) -> None:
    run = banjia("offers", "--event", "openai-2024", "--lang", lang)
    assert (run.returncode, run.stderr) == (ANSWER, "")
    lines = run.stdout.splitlines()
    assert len(lines) == 2 + 26
    assert any("zhipu-moving-plan" in line and "glm-4-air" in line for line in lines)
    assert ("5000万" if lang == "zh" else "50M") in run.stdout


def test_offers_on_another_day_and_of_another_folder(world: Path) -> None:
    assert "closed" in banjia("offers", "--event", "openai-2024", "--as-of", "2024-08-01").stdout
    run = banjia("offers", "--event", "test-event", "--as-of", "2024-06-19", *folders(world))
    assert run.returncode == ANSWER
    assert "north-gift" in run.stdout
    assert "opens in 1 day" in run.stdout
    assert "unknown event `x`" in refused("offers", "--event", "x")


def test_prices_on_a_day() -> None:
    june, october = (banjia("prices", "alibaba", "--as-of", day).stdout for day in ("2024-06-28", "2024-10-01"))

    def prices(table: str) -> list[list[str]]:
        return [line.split()[4:7] for line in table.splitlines() if line.split()[1:2] == ["qwen-plus"]]

    assert prices(june) == [["CNY", "4", "12"]]
    assert prices(october) == [["CNY", "0.8", "2"]]
    assert "zhipu" not in june


def test_prices_of_all_providers_today_and_of_another_folder(world: Path) -> None:
    assert "glm-" in banjia("prices").stdout
    own = banjia("prices", "--prices", world / "prices", "--lang", "zh", "--as-of", "2024-06-20")
    assert own.returncode == ANSWER
    assert "west" in own.stdout
    assert "unknown provider `zhipo` (did you mean `zhipu`?)" in refused("prices", "zhipo")
    assert refused("prices", "--as-of", "June", code=WRONG_USAGE)


def test_the_shipped_data_are_well() -> None:
    run = checked()
    assert (run.returncode, run.stderr) == (ANSWER, "")
    assert run.stdout.startswith("All is well: 22 providers, ")
    assert banjia("check", "pricing/data", "offers/data").stdout == run.stdout


@cache
def checked() -> subprocess.CompletedProcess[str]:
    return banjia("check")


def test_check_tells_every_mistake_by_file_and_line(tmp_path: Path) -> None:
    broken = {
        "prices/providers/zhipu.yaml": replaced(PROVIDER, "        input: 100", "        input: -1"),
        "offers/openai-2024/zhipu.yaml": replaced(OFFER, "tokens: 50_000_000", "tokens: many"),
    }
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER, **broken})
    lines = refused("check", tmp_path / "offers", tmp_path / "prices").splitlines()
    assert any(line.startswith(f"{tmp_path}/offers/openai-2024/zhipu.yaml:8:9: tokens must be") for line in lines)
    assert any(line.startswith(f"{tmp_path}/prices/providers/zhipu.yaml:10:9: input must be") for line in lines)
    assert all(line.split(":")[1].isdecimal() for line in lines)


def test_check_takes_the_folder_of_one_event_and_refuses_what_is_none(tmp_path: Path) -> None:
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER})
    run = banjia("check", tmp_path / "prices", tmp_path / "offers/openai-2024")
    assert run.returncode == ANSWER
    *doubts, verdict = run.stdout.splitlines()
    assert verdict == "All is well: 2 providers, 3 models, 3 prices, 1 events, 1 offers, 1 benefits."
    assert doubts
    assert all(": warning: " in doubt for doubt in doubts)
    strict = banjia("check", tmp_path / "prices", tmp_path / "offers/openai-2024", "--strict")
    assert strict.returncode == WRONG_INPUT
    assert len(strict.stderr.splitlines()) == len(doubts)
    assert "neither prices" in refused("check", tmp_path)


# ---------------------------------------------------------------------------------------------------------- start


def test_an_answer_needs_neither_streamlit_nor_pandas() -> None:
    code = (
        "import sys, cli\n"
        f"assert cli.main(['compare', '{EXAMPLE}', '--format', 'markdown']) == 0\n"
        "heavy = {'streamlit', 'pandas', 'altair', 'pyarrow', 'requests', 'hypothesis'} & set(sys.modules)\n"
        "print('heavy:', *heavy, file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0
    assert run.stderr.splitlines()[-1] == "heavy:"


def test_the_installed_command_is_the_same() -> None:
    command = Path(sys.executable).parent / "banjia"
    run = subprocess.run([command, "check"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout) == (ANSWER, checked().stdout)
