"""What goes wrong around the program: the right answer or a clear message, and never half a file."""

from __future__ import annotations

import errno
import gc
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clocks import WRONG, clock
from test_cli import ANSWER, EXAMPLE, ROOT, WRONG_INPUT, banjia
from usage_logs import csv_log, database_log, entry

import cli
from calculator import load_catalogue
from calculator.comparison import compare_profile
from calculator.profile import profile_from, read_profile_file
from pricing import InputError
from pricing.yaml_reader import Document
from usage import read_upload

SOME = 2_000
"""Bytes that fit on a disk that is full."""
KILLED_WRITING = "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)"
"""The system ends the process in the middle of a write, where else it tells that no more fits."""
KILLED_AT_THE_END = "sys.addaudithook(lambda event, _: event == 'os.rename' and os.kill(os.getpid(), signal.SIGKILL))"


def full_disk() -> None:
    """No file grows beyond a few bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (SOME, SOME))


def killed(how: str, *arguments: object, **options: Any) -> int:
    """How a command ends to which this happens."""
    code = f"import os, signal, sys, cli; {how}; sys.exit(cli.main(sys.argv[1:]))"
    command = [sys.executable, "-B", "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, **options).returncode


def refused(*arguments: object, **options: Any) -> str:
    """What is told where there is no answer, in one line."""
    run = banjia(*arguments, **options)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (WRONG_INPUT, "", 1)
    return run.stderr


@pytest.fixture
def in_process() -> Iterator[Callable[..., int]]:
    """The command line within this process, which goes on to collect garbage afterwards."""
    yield cli.main
    gc.enable()


# ---------------------------------------------------------------------------------------------- killed, interrupted


def test_there_is_no_file_when_the_writer_is_killed_while_it_writes(tmp_path: Path) -> None:
    command = ["compare", EXAMPLE, "--format", "json", "-o", tmp_path / "answer"]
    assert killed(KILLED_WRITING, *command, preexec_fn=full_disk) == -signal.SIGXFSZ
    (left,) = tmp_path.iterdir()
    assert (left.suffix, left.stat().st_size) == (".part", SOME)


def test_a_file_is_as_it_was_when_the_writer_is_killed_before_the_end(tmp_path: Path) -> None:
    file = tmp_path / "answer"
    file.write_text("before")
    assert killed(KILLED_AT_THE_END, "compare", EXAMPLE, "--format", "html", "-o", file) == -signal.SIGKILL
    assert file.read_text() == "before"


def test_an_interrupted_writer_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_process: Callable[..., int]
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    assert in_process(["compare", str(ROOT / EXAMPLE), "-o", str(tmp_path / "answer")]) == 130
    assert not [*tmp_path.iterdir()]


# -------------------------------------------------------------------------------------------------------- full, closed


def test_a_disk_that_is_full_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    file = tmp_path / "answer"
    file.write_text("before")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    told = refused("compare", EXAMPLE, "--format", "html", "-o", file, preexec_fn=full_disk, env=environment)
    assert told == f"{file}:1:1: the file cannot be written: {os.strerror(errno.EFBIG)}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]
    assert file.read_text() == "before"


def test_no_room_to_read_is_told_with_the_name_of_the_file(tmp_path: Path) -> None:
    log = database_log(tmp_path / "one-api.db", [entry(number) for number in range(200)])
    spare = tmp_path / "tmp"
    spare.mkdir()
    environment = {**os.environ, "TMPDIR": str(spare), "PYTHONDONTWRITEBYTECODE": "1"}
    told = refused("import", log, preexec_fn=full_disk, env=environment)
    assert told == f"{log}:1:1: the file cannot be read: {os.strerror(errno.EFBIG)}\n"
    assert not [*spare.iterdir()]


def test_no_room_for_an_upload_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=r"^log.csv:1:1: the file cannot be read: No space left on device$"):
        read_upload({"log.csv": csv_log([entry(1)])})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_device_that_is_full_is_told() -> None:
    assert "/dev/full:1:1: the file cannot be written: No space left" in refused("compare", EXAMPLE, "-o", "/dev/full")


def test_a_file_is_written_where_nobody_listens_and_there_is_no_home(tmp_path: Path) -> None:
    """As a daemon starts programs."""
    export = "tests/usage/samples/oneapi_logs.csv"
    command = f"{sys.executable} -m cli import {export} -o {tmp_path}/profile.yaml >&- 2>&- <&-"
    environment = {**os.environ, "HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null", "XDG_CONFIG_HOME": "/dev/null"}
    assert subprocess.run(["sh", "-c", command], cwd=ROOT, env=environment, timeout=60).returncode == ANSWER
    assert "workloads:" in (tmp_path / "profile.yaml").read_text("utf-8")


# ---------------------------------------------------------------------------------------------------------- read-only


def test_a_folder_that_takes_no_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], in_process: Callable[..., int]
) -> None:
    (tmp_path / "file").write_text("before")
    folders = [tmp_path / "file", *([Path("/proc")] if Path("/proc/self").exists() else [])]  # not even for root
    for folder in folders:
        file = folder / "answer.csv"
        assert in_process(["compare", str(ROOT / EXAMPLE), "-o", str(file)]) == WRONG_INPUT
        assert capsys.readouterr().err.startswith(f"{file}:1:1: the file cannot be written: ")


def test_the_current_folder_may_be_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    command = f"mkdir {gone} && cd {gone} && rmdir {gone} && {sys.executable} -m cli check {ROOT}/pricing/data"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr) == (ANSWER, "")


def test_a_file_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    file = os.fsencode(tmp_path) + b"/\xff.csv"
    Path(os.fsdecode(file)).write_bytes(csv_log([entry(1)]))
    assert refused("import", os.fsdecode(file)).endswith(
        "/\\udcff.csv:1:1: the file cannot be read: its name is not UTF-8 text\n"
    )


# ------------------------------------------------------------------------------------------------- the clock is wrong


@pytest.mark.parametrize("today", WRONG)
def test_prices_tell_the_day_that_they_are_of(
    today: date, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_process: Callable[..., int]
) -> None:
    monkeypatch.setattr("cli.commands.date", clock(today))
    assert in_process(["prices", "zhipu"]) == ANSWER
    told = capsys.readouterr().out
    assert f"1,000,000 tokens on {today:%-d %B %Y}" in told
    assert ("glm-4" in told) == (today.year > 2024)


# ------------------------------------------------------------------------------------------------- two at once


def test_answers_at_once_are_those_of_one_after_the_other() -> None:
    catalogue = load_catalogue()
    example, _ = read_profile_file(ROOT / EXAMPLE)
    profiles = [
        profile_from({**example.model_dump(exclude_defaults=True), "months": months, "growth": months / 100})[0]
        for months in range(1, 6)
    ]

    def answered(index: int) -> dict[str, Any]:
        return compare_profile(profiles[index % len(profiles)], catalogue, Document("profile")).to_json()

    alone = [answered(index) for index in range(len(profiles))]
    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(answered, range(2 * len(profiles)))] == alone * 2


# ------------------------------------------------------------------------------------------------- a locale is missing


@pytest.mark.parametrize("locale", [
    {"LC_ALL": "xx_YY.UTF-8", "LANGUAGE": "@:x_"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "utf-16", "TZ": "Mars/Base"},
])  # fmt: skip
def test_no_locale_changes_what_is_said(locale: dict[str, str]) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONIO"))
    }
    code = (
        "import cli, sys\n"
        "assert cli.main(['offers', '--event', 'openai-2024', '--lang', 'zh', '--format', 'csv']) == 0\n"
        "sys.exit(cli.main(['compare', '-', '--lang', 'zh']))\n"
    )
    profile = "name: 你好\nworkloads: [{model: gpt-4o, input_tokens: 5}, {model: 没有, input_tokens: 5}]\n".encode()
    command = [sys.executable, "-c", code]
    run = subprocess.run(
        command, cwd=ROOT, env={**environment, **locale}, input=profile, capture_output=True, timeout=60
    )
    assert run.returncode == WRONG_INPUT
    assert run.stderr.decode().startswith("<stdin>:2:48: unknown model `没有`")
    assert "智谱" in run.stdout.decode()
