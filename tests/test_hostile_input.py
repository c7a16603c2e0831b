"""Hostile input: each reader gives a value or its own error, in bounded time and memory, whatever it is given.

The corpus under ``corpus/`` holds what was thought up and what the fuzzer (``make fuzz``) found, a file a case.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache

import hostile
import pytest
from hostile import BOUNDS, CORPUS, MADE, OUTCOMES, READERS, ROOT, Outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from usage_logs import COLUMNS

from calculator.profile import Profile, Workload
from offers.schema import Offer
from ui.draft import Draft, DraftWorkload

CASES = [(reader, name) for reader in READERS for name, _ in hostile.cases(reader)]


@cache
def replayed() -> dict[tuple[str, str], Outcome]:
    """The corpora, read once for all tests."""
    command = [sys.executable, hostile.__file__]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    outcomes = [Outcome(**json.loads(line)) for line in run.stdout.splitlines()]
    return {(outcome.reader, outcome.case): outcome for outcome in outcomes}


@pytest.mark.parametrize(("reader", "case"), CASES)
def test_a_case_of_the_corpus_is_read_or_refused_within_the_bounds(reader: str, case: str) -> None:
    outcome, bound = replayed()[reader, case], BOUNDS[reader]
    assert outcome.said in OUTCOMES
    assert outcome.seconds <= bound.seconds
    assert outcome.megabytes <= bound.megabytes


@pytest.mark.parametrize("reader", READERS)
def test_a_corpus_holds_what_is_read_and_what_is_refused(reader: str) -> None:
    """Else the reader would not be reached at all."""
    assert {outcome.said for outcome in replayed().values() if outcome.reader == reader} == {*OUTCOMES}
    assert {path.name for path in CORPUS.iterdir()} == {*READERS} == {*MADE}


@pytest.mark.parametrize("content", [b"error", b"memory", b"end"])
def test_what_goes_wrong_in_a_case_is_seen(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(content: bytes) -> str:
        if content == b"error":
            raise KeyError("of another kind")
        if content == b"memory":
            bytearray(4_000_000_000)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setitem(READERS, "yaml", read)
    said = hostile.measured("yaml", "case", content).said
    assert said not in OUTCOMES
    assert {b"error": "KeyError", b"memory": "MemoryError", b"end": "the process ended: -9"}[content] in said


# ------------------------------------------------------------------------------------------------------- generated

FIELDS = {
    "yaml": [*Offer.model_fields, "provider", "offers", "kind", "tokens", "share", "models", "until"],
    "profile": [*Profile.model_fields, *Workload.model_fields],
    "link": [*Draft.model_fields, *DraftWorkload.model_fields],
}
NAMES = ["gpt-4o", "gpt-4", "zhipu", "baidu", "openai-2024", "zh", "en", "CNY", "USD", "cautious", "token_grant", "all"]
ODD = st.sampled_from([
    "", "~", "null", "NaN", ".nan", "1e400", "-1e400", "9" * 5_000, "0x10", "1_0", "2024-02-30", "2024-07-01", "80M",
    "\0", "\x1b[31m", "\u202e", "\ufeff", "\u2028", "\x85", "=1+1", "@x", "<script>alert(1)</script>", "{x}", "{0.a}",
    "&a", "*a", "!!python/name:os.system", "!x", "<<", "? ", "- ", "|", ">", "'", '"', "#", "---", "...", "1,000", "%s",
])  # fmt: skip
TEXTS = st.text(max_size=20) | st.sampled_from(NAMES) | ODD
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, -1, 1, 12, 1e18, 10**40, 5e-324])
PLAIN = st.none() | st.booleans() | NUMBERS | TEXTS


def values(reader: str) -> st.SearchStrategy[object]:
    """Values that look a little like what the reader wants."""
    keys = st.sampled_from(FIELDS[reader]) | TEXTS
    return st.recursive(PLAIN, lambda below: st.lists(below, max_size=4) | st.dictionaries(keys, below, max_size=6))


def written(reader: str) -> st.SearchStrategy[bytes]:
    """Bytes: of any kind; of pieces of the language; of well-formed JSON, which is YAML too."""
    pieces = st.sampled_from([": ", "\n", "\n  ", "- ", "[", "]", "{", "}", ", ", " ", "\t", "&a ", "*a", '"', "'"])
    words = st.sampled_from(FIELDS[reader]) | TEXTS
    in_pieces = st.lists(pieces | words, max_size=40).map("".join)
    required = {"yaml": {"provider": "zhipu"}, "profile": {}, "link": {"event": "openai-2024"}}[reader]
    mappings = st.dictionaries(st.sampled_from(FIELDS[reader]), values(reader), max_size=6)
    whole = mappings.map(lambda mapping: json.dumps({**required, **mapping}))
    return (
        st.binary(max_size=200)
        | in_pieces.map(lambda text: text.encode("utf-8", "surrogatepass"))
        | whole.map(str.encode)
    )


CELLS = st.sampled_from([
    "", "1", "2", "0", "-1", "1.5", "1e400", "nan", "9" * 400, "1718193600", "1720000000", "gpt-4o", "gpt-4", '"', "\0",
    '"a\nb"', "\u202e", "=1+1", "<b>", "'; DROP TABLE logs; --", '"1,000"', "x,y", "\ufeff", "\ud800",
])  # fmt: skip
LOGS = st.lists(st.lists(CELLS, min_size=len(COLUMNS) - 1, max_size=len(COLUMNS) + 1), max_size=4)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
EXPORTS = st.one_of(
    st.builds(
        lambda rows, end: end.join([",".join(COLUMNS), *map(",".join, rows)]).encode("utf-8", "surrogatepass"),
        LOGS,
        ENDS,
    ),
    st.lists(st.dictionaries(st.sampled_from(COLUMNS), PLAIN, min_size=6), max_size=3).map(
        lambda rows: json.dumps({"data": {"items": rows}}).encode()
    ),
    st.binary(max_size=200),
)


@pytest.fixture(autouse=True)
def within_memory() -> Iterator[None]:
    """Nothing that a test reads takes this process beyond the largest of the bounds."""
    before = hostile.peak()
    yield
    assert hostile.peak() - before <= max(bound.megabytes for bound in BOUNDS.values())


def check(reader: str, content: bytes) -> None:
    """The reader keeps its promise."""
    started = time.process_time()
    assert READERS[reader](content) in OUTCOMES
    assert time.process_time() - started <= BOUNDS[reader].seconds


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("reader", ["yaml", "profile", "link"])
def test_whatever_is_written_is_read_or_refused(reader: str, data: st.DataObject) -> None:
    check(reader, data.draw(written(reader)))


@given(EXPORTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_uploaded_is_read_or_refused(content: bytes) -> None:
    check("import", content)
