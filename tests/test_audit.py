"""The audit of packages: what nobody looked at is refused."""

from pathlib import Path

import pytest

from scripts import audit

LOCK = """\
altair==6.3.0 \\
    --hash=sha256:00
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:01
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:02
"""
LISTED = """\
# name, version, day, licence
altair 6.3.0 2026-11-22 BSD License
numpy 2.4.6 2026-11-22 BSD-3-Clause AND MIT
numpy 2.5.5 2026-11-22 BSD-3-Clause AND MIT
"""


def test_every_locked_package_was_looked_at() -> None:
    assert audit.problems(audit.LOCK.read_text("utf-8"), audit.AUDITED.read_text("utf-8")) == []


def test_a_package_that_is_not_listed_is_told_with_the_line_to_add() -> None:
    assert audit.problems(LOCK, LISTED) == []
    (problem,) = audit.problems(LOCK + "newcomer==1.0 \\\n", LISTED)
    assert problem.startswith("nobody looked at newcomer 1.0; if it is fit: newcomer 1.0 ")
    problem, _ = audit.problems(LOCK, LISTED.replace("altair 6.3.0", "altair 6.2.9"))
    assert problem.startswith("nobody looked at altair 6.3.0; if it is fit: altair 6.3.0 ")
    assert "BSD" in problem


def test_a_package_that_is_no_longer_locked_is_told() -> None:
    (problem,) = audit.problems(LOCK, LISTED + "old 1.0 2025-01-01 MIT\n")
    assert problem == "no longer locked, take it out of requirements.audited: old 1.0"
    assert audit.problems("", "") == ["the lock file holds no package"]


def test_a_line_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^line 5 is not `name version day licence`: new 1.0 MIT$"):
        audit.problems(LOCK, LISTED + "new 1.0 MIT\n")


@pytest.mark.parametrize(("extra", "asked", "code"), [
    ("", ([], 0), 0), ("", ([], 3), 0), ("newcomer==1.0\n", ([], 3), 1), ("", (["numpy 2.4.6: CVE-1"], 3), 1),
])  # fmt: skip
def test_the_audit_fails_on_what_was_not_looked_at_and_on_known_weaknesses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str, asked: tuple[list[str], int], code: int
) -> None:
    (tmp_path / "lock").write_text(LOCK + extra)
    (tmp_path / "list").write_text(LISTED)
    monkeypatch.setattr(audit, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(audit, "AUDITED", tmp_path / "list")
    monkeypatch.setattr(audit, "asked", lambda: asked)
    assert audit.main() == code


def test_what_the_database_says_is_read_and_what_it_does_not_know_is_not_counted() -> None:
    told = [
        {"name": "one", "version": "1", "vulns": []},
        {"name": "two", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1"]}]},
        {"name": "two", "version": "2", "vulns": [{"id": "X", "fix_versions": []}]},
        {"name": "three", "skip_reason": "Dependency not found"},
    ]
    assert audit.weaknesses(told) == (["two 2: CVE-1, mended in 2.1", "two 2: X, mended in -"], 3)
