"""How long whole commands take beside the public tools that price tokens: `make bench`, or with fewer records

    .venv/bin/python scripts/bench.py 200000

Two measures, medians of several rounds in which the tools take turns: one cold answer, by a process that has just
started, and many records of usage summed to a total cost. The public tools get an environment of their own in
`.bench`. Tools that take minutes for a million records are given a tenth of them: the time beyond that of a cold
answer is multiplied by ten. Nothing here is a test: times belong to the machine, ratios to the run. The tables that
this prints are in docs/benchmarks.md.
"""

from __future__ import annotations

import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".bench"
PYTHON = FOLDER / "env" / "bin" / "python"
UV = ROOT / ".venv" / "bin" / "uv"
# The newest that could be installed together on 22 November 2026.
VERSIONS = {"genai-prices": "0.2.3", "litellm": "1.106.2", "tokencost": "0.1.26"}
SLOW = ("genai-prices", "litellm")
"""Tools that get a tenth of the records."""
COLD_ROUNDS, MANY_ROUNDS = 7, 3
MODELS = ("gpt-4o", "gpt-4o-mini", "gpt-4-turbo", "gpt-3.5-turbo-0125")
CHANGED = "gpt-4o"
"""The model whose price fell within the days of the records."""
FIRST, LAST = date(2024, 8, 1), date(2024, 12, 31)

TOOLS = str(ROOT / "scripts" / "bench_tools.py")
BANJIA = [sys.executable, "-m", "cli"]  # what the command `banjia` runs
EXAMPLE = str(ROOT / "calculator" / "data" / "example-profile.yaml")
COMPARE, IMPORT = "`banjia compare --format json`", "`banjia import --format json`"
COLD = {
    COMPARE: [*BANJIA, "compare", EXAMPLE, "--format", "json"],
    "`banjia prices openai --format json`": [*BANJIA, "prices", "openai", "--format", "json"],
    "Banjia in Python: `load_prices`": [sys.executable, TOOLS, "banjia"],
    **{tool: [str(PYTHON), TOOLS, tool] for tool in VERSIONS},
}


@dataclass(frozen=True)
class Taken:
    """What a process took, from its start to its end."""

    wall: float
    cpu: float
    memory: float
    """Peak, in MiB."""


def main(rows: int) -> None:
    install()
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        many, few = Path(folder) / "log.csv", Path(folder) / "tenth.csv"
        write(many, few, rows)
        print_machine("before")
        cold, _ = in_rounds(COLD, COLD_ROUNDS)
        print(f"\nOne cold answer, median of {COLD_ROUNDS}\n")
        print_table(cold, COMPARE)

        commands = {IMPORT: [*BANJIA, "import", str(many), "--zone", "UTC", "--format", "json"]}
        commands |= {tool: [str(PYTHON), TOOLS, tool, str(few if tool in SLOW else many)] for tool in VERSIONS}
        commands["genai-prices, tokens added up first"] = [str(PYTHON), TOOLS, "genai-prices", str(many), "sums"]
        taken, answers = in_rounds(commands, MANY_ROUNDS)
        taken = {
            f"{name}, from {rows // 10:,}" if name in SLOW else name: scaled(one, cold[name]) if name in SLOW else one
            for name, one in taken.items()
        }
        print(f"\n{rows:,} records ({many.stat().st_size / 1e6:.0f} MB of CSV), median of {MANY_ROUNDS}\n")
        print_table(taken, IMPORT)
        print_machine("after")
        print_totals(answers, many, few)


def install() -> None:
    """Creates the environment of the public tools, or brings it up to date."""
    if not UV.exists():
        raise SystemExit("This needs .venv/bin/uv, which `make setup` installs where it can.")
    FOLDER.mkdir(exist_ok=True)
    if not PYTHON.exists():
        subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, FOLDER / "env"], check=True)
    pins = [f"{tool}=={version}" for tool, version in VERSIONS.items()]
    subprocess.run([UV, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON, *pins], check=True)


def write(many: Path, few: Path, rows: int) -> None:
    """The log of a gateway, in no order, and its first tenth."""
    dice = random.Random(20240625)
    begin = int(datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC).timestamp())
    seconds = ((LAST - FIRST).days + 1) * 86_400
    header = ("id,user_id,created_at,type,content,username,token_name,model_name,quota,prompt_tokens,"
              "completion_tokens,channel_id\n")  # fmt: skip
    with many.open("w") as all_rows, few.open("w") as tenth:
        all_rows.write(header)
        tenth.write(header)
        for row in range(rows):
            second, model = begin + int(dice.random() * seconds), MODELS[int(dice.random() * len(MODELS))]
            into, out = int(dice.random() * 3000), int(dice.random() * 700)
            line = f"{row},1,{second},2,,root,prod,{model},{into + 4 * out},{into},{out},3\n"
            all_rows.write(line)
            if row < rows // 10:
                tenth.write(line)


def in_rounds(commands: dict[str, list[str]], rounds: int) -> tuple[dict[str, Taken], dict[str, str]]:
    """Each command once in each round, after one that does not count; the medians, and what was answered."""
    taken: dict[str, list[Taken]] = {name: [] for name in commands}
    answers: dict[str, str] = {}
    for count in range(rounds + 1):
        for name, command in commands.items():
            one, answers[name] = run(command)
            if count > 0:
                taken[name].append(one)
        print(f"round {count} of {rounds}", file=sys.stderr)
    return {name: median(several) for name, several in taken.items()}, answers


def run(command: Sequence[str]) -> tuple[Taken, str]:
    """Runs a command to its end; gives what it took and printed."""
    # Settings that keep Python from storing bytecode would let only what is not installed be compiled each time.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    if command[0] == sys.executable:
        environment["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(command)}\n{errors.read()}")
        memory = used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
        return Taken(wall, used.ru_utime + used.ru_stime, memory), output.read()


def median(several: Sequence[Taken]) -> Taken:
    return Taken(*(statistics.median(getattr(one, name) for one in several) for name in ("wall", "cpu", "memory")))


def scaled(tenth: Taken, cold: Taken) -> Taken:
    """What ten times the records take: all but the start ten times as long."""
    wall, cpu = (start + 10 * (whole - start) for start, whole in ((cold.wall, tenth.wall), (cold.cpu, tenth.cpu)))
    return Taken(wall, cpu, tenth.memory)


def print_machine(when: str) -> None:
    """What the figures depend on."""
    processor = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        processor = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), processor)
    if when == "before":
        versions = ", ".join(f"{tool} {version}" for tool, version in VERSIONS.items())
        print(f"{date.today()}, {processor}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
              f"Python {platform.python_version()}; {versions}")  # fmt: skip
    print(f"Load {when}: {os.getloadavg()[0]:.2f}")


def print_table(taken: dict[str, Taken], ours: str) -> None:
    """Markdown; the ratios say how many times as long as ours a command takes."""
    print("| | wall | ratio | processor | ratio | peak memory |\n|---|---:|---:|---:|---:|---:|")
    own = taken[ours]
    for name, one in taken.items():
        print(f"| {name} | {one.wall:.2f} s | {one.wall / own.wall:.2f} | {one.cpu:.2f} s | {one.cpu / own.cpu:.2f} | "
              f"{one.memory:.0f} MiB |")  # fmt: skip


def print_totals(answers: dict[str, str], many: Path, few: Path) -> None:
    """Each tool's totals beside ours for the same records; they may differ for the model whose price changed alone."""
    ours = {path: json.loads(run([sys.executable, TOOLS, "banjia", str(path)])[1]) for path in (many, few)}
    imported = json.loads(answers[IMPORT])["cost"]["computed"]
    assert math.isclose(imported, sum(ours[many].values())), "the import and its parts"
    print(f"\n| | records | {CHANGED} | Banjia | | other models | Banjia |\n|---|---|---:|---:|---:|---:|---:|")
    for name in [name for name in answers if name != IMPORT]:
        path = few if name in SLOW else many
        changed, rest = split(json.loads(answers[name]))
        our_changed, our_rest = split(ours[path])
        print(f"| {name} | {'a tenth' if path == few else 'all'} | ${changed:,.2f} | ${our_changed:,.2f} | "
              f"{changed / our_changed - 1:+.1%} | ${rest:,.2f} | ${our_rest:,.2f} |")  # fmt: skip
        assert math.isclose(rest, our_rest), name


def split(totals: dict[str, float]) -> tuple[float, float]:
    """The total of the model whose price changed, and that of the others."""
    return totals[CHANGED], sum(totals[model] for model in MODELS if model != CHANGED)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
