"""Audit what is installed: no package of requirements.lock that nobody looked at, and none with a known weakness.

Each package must stand in requirements.audited with its version, licence and the day on which somebody looked at it:
that needs no network, and is the same everywhere. Where the database of known weaknesses can be reached, pip-audit asks
it as well, in an environment of its own. `make audit` runs this.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK, AUDITED = ROOT / "requirements.lock", ROOT / "requirements.audited"
TOOL = "pip-audit==2.10.1"
_LOCKED = re.compile(r"([\w.-]+)==([^\s;\\]+)")

Package = tuple[str, str]
"""Name and version."""


def locked(text: str) -> set[Package]:
    """The packages of a lock file."""
    return {(match[1], match[2]) for line in text.splitlines() if (match := _LOCKED.match(line))}


def audited(text: str) -> dict[Package, date]:
    """The packages that were looked at, and when; raises ``ValueError`` at a line that is none."""
    found: dict[Package, date] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            name, version, day, _ = line.split(maxsplit=3)
            found[name, version] = date.fromisoformat(day)
        except ValueError:
            raise ValueError(f"line {number} is not `name version day licence`: {line}") from None
    return found


def problems(lock: str, listed: str) -> list[str]:
    """What is in one of the two texts and not in the other."""
    wanted, known = locked(lock), audited(listed)
    missing, gone = sorted(wanted - known.keys()), sorted(known.keys() - wanted)
    return [
        *([] if wanted else ["the lock file holds no package"]),
        *(f"nobody looked at {' '.join(one)}; if it is fit: {line_for(one)}" for one in missing),
        *(f"no longer locked, take it out of requirements.audited: {' '.join(one)}" for one in gone),
    ]


def line_for(package: Package) -> str:
    """What to write into the list, with the licence that the installed package states."""
    try:
        told = metadata(package[0])
    except PackageNotFoundError:
        return f"{' '.join(package)} {date.today()} LICENCE"
    names = ("License-Expression", "Classifier", "License")
    expression, classifiers, text = (told.get_all(name) or [] for name in names)
    classified = [one.rpartition(":: ")[2] for one in classifiers if one.startswith("License ::")]
    licence = " ".join(expression) or ", ".join(classified) or "".join(text).split("\n")[0] or "LICENCE"
    return f"{' '.join(package)} {date.today()} {licence}"


def asked() -> tuple[list[str], int]:
    """The known weaknesses of the locked packages, and of how many of them the database said anything."""
    uv = [str(Path(sys.executable).parent / "uv"), "run", "--quiet", "--no-project", "--python", sys.executable]
    command = [*uv, "--with", TOOL, "python", "-m", "pip_audit"]
    options = ["-r", str(LOCK), "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json"]
    try:
        run = subprocess.run([*command, *options], capture_output=True, text=True, timeout=300)
        return weaknesses(json.loads(run.stdout)["dependencies"])
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        return [], 0  # neither the tool nor the database


def weaknesses(told: Iterable[dict[str, Any]]) -> tuple[list[str], int]:
    """What pip-audit found, and how many packages it did not skip."""
    known = [one for one in told if "vulns" in one]
    found = [
        f"{one['name']} {one['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or '-'}"
        for one in known
        for weakness in one["vulns"]
    ]
    return found, len(known)


def main() -> int:
    """Tells what is wrong; 0: nothing."""
    lock, listed = LOCK.read_text("utf-8"), AUDITED.read_text("utf-8")
    wrong = problems(lock, listed)
    found, count = asked()
    print(*wrong, *found, sep="\n", file=sys.stderr, end="\n" if wrong or found else "")
    days = sorted(audited(listed).values())
    print(f"{len(locked(lock))} packages are locked; the list is of {days[0]} to {days[-1]}.")
    print(f"The database of known weaknesses {f'knows {count} of them' if count else 'could not be reached'}.")
    return 1 if wrong or found else 0


if __name__ == "__main__":
    sys.exit(main())
