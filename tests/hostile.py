"""What reads bytes that nobody can trust, and what it may do with them: give a value or its own error, nothing else.

``python tests/hostile.py`` reads the corpora, each case in a process of its own with limits that the system enforces,
and prints a line of JSON for each: what came of it, seconds of processor and megabytes it took. The tests
(``test_hostile_input.py``) and the fuzzer (``scripts/fuzz.py``) call the same functions.
"""

# ruff: noqa: E402  # may be run from anywhere, so the path comes before the imports

from __future__ import annotations

import gc
import gzip
import json
import os
import resource
import sys
import traceback
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "corpus"
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from calculator import Catalogue, load_catalogue
from calculator.comparison import compare_profile
from calculator.profile import MAX_BYTES, Profile, profile_of, read_profile
from offers.catalogue import add_offers
from pricing import InputError, Problem
from pricing.yaml_reader import Document, read_yaml
from report.imports import imported_json, imported_yaml
from report.language import language
from report.profiles import profile_yaml
from ui.draft import Draft
from ui.link import LinkError, decode, encode
from ui.uploads import decoded
from usage import check_cost, propose, read_upload
from usage.engine import Limits

EVENT = "openai-2024"
SYSTEM_LIMIT = 3_000_000_000
"""Bytes of data beyond which the system stops a case, so that a bomb takes down nothing else."""
OUTCOMES = ("read", "refused")
GOOD = {"yaml": "offers.yaml", "profile": "everything.yaml", "link": "everything.json", "import": "log.csv"}
"""A case of each corpus that is read to its end."""


@dataclass(frozen=True)
class Bound:
    """What reading may take; the machine may be slow, the order of magnitude counts."""

    seconds: float
    """Of processor, not of the clock on the wall."""
    megabytes: int
    """More than before."""


BOUNDS = {"yaml": Bound(10, 200), "profile": Bound(10, 200), "link": Bound(5, 100), "import": Bound(30, 1000)}


@cache
def shipped() -> Catalogue:
    """The data that hostile input is read beside."""
    return load_catalogue()


def told(problems: Iterable[Problem]) -> None:
    """Problems can be shown: in a line each, in both languages, in characters that every page can send."""
    lines = [str(problem) for problem in problems]
    assert lines
    assert all(line.isprintable() for line in lines)
    for lang in map(language, ("en", "zh")):
        for problem in problems:
            assert lang.render(problem.message).encode()


def read_data(content: bytes) -> str:
    """A file of the catalogue, and the same as a file of offers that a visitor brings."""
    document = read_yaml(content.decode("utf-8", "surrogateescape"), "case")
    plain(document.value)
    if document.problems:
        told(document.problems)
    try:
        add_offers(shipped().events, EVENT, decoded(content[: MAX_BYTES + 1]), "case", shipped().prices)
    except InputError as error:
        told(error.problems)
    return "refused" if document.problems else "read"


def plain(value: object, depth: int = 0) -> None:
    """What YAML gives is plain: nothing was built, and all text can be written."""
    assert depth < 30
    if isinstance(value, dict):
        for key, item in value.items():
            assert type(key) is str
            key.encode()
            plain(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            plain(item, depth + 1)
    elif isinstance(value, str):
        value.encode()
    else:
        assert value is None or type(value).__name__ in ("int", "float", "bool", "date")


def read_a_profile(content: bytes) -> str:
    """A profile; what is accepted can be compared, written as YAML, and typed into the form."""
    try:
        profile, document = read_profile(decoded(content[: MAX_BYTES + 1]))
    except InputError as error:
        told(error.problems)
        return "refused"
    assert read_profile(profile_yaml(profile))[0] == profile
    return "read" if compared(profile, document) else "refused"


def compared(profile: Profile, document: Document) -> bool:
    """Whether there is an answer; the form can hold the profile even if not."""
    event = shipped().events.get(profile.event or EVENT)
    if event is not None:
        typed = Draft.of(profile, event.event, "en")
        token = encode(typed)
        assert token is None or decode(token).event == event.event.event
    try:
        json.dumps(compare_profile(profile, shipped(), document).to_json(), allow_nan=False).encode()
    except InputError as error:
        told(error.problems)
        return False
    return True


def read_link(content: bytes) -> str:
    """What stands behind ``s=`` in an address; and the same bytes as what a well-made link unfolds to."""
    outcomes = {read_token(content.decode("utf-8", "replace")), read_token(token_of(content))}
    return "read" if "read" in outcomes else "refused"


def token_of(raw: bytes) -> str:
    """Bytes packed as a link packs them."""
    return "1" + urlsafe_b64encode(zlib.compress(raw, 9)).rstrip(b"=").decode()


def read_token(token: str) -> str:
    """The form in a token, and the profile in the form."""
    try:
        draft = decode(token)
    except LinkError:
        return "refused"
    again = encode(draft)
    assert again is None or encode(decode(again)) == again
    known = shipped().events.get(draft.event)
    if known is not None:
        value, met = draft.plain(known.event)
        document = Document("form", value)
        try:
            profile, _ = profile_of(document)
        except InputError as error:
            told(error.problems)
        else:
            if not met:
                compared(profile, document)
    return "read"


def read_export(content: bytes) -> str:
    """An export of usage that a visitor brings; what was read becomes a profile and words."""
    limits = Limits(seconds=60, groups=5_000, unpacked=20_000_000)
    lang = language("zh")
    source = shipped().prices.providers["openai"]
    try:
        usage = read_upload({"case": content}, by="project", limits=limits)
        assert usage.rows >= usage.used > 0
        proposal = propose(usage, source, event=EVENT)
        check = check_cost(usage, shipped().prices, source)
        json.dumps(imported_json(usage, proposal, check, lang), ensure_ascii=False, allow_nan=False).encode()
        assert read_profile(imported_yaml(usage, proposal, check, lang))[0] == proposal.profile
    except InputError as error:
        told(error.problems)
        return "refused"
    return "read"


READERS: dict[str, Callable[[bytes], str]] = {
    "yaml": read_data, "profile": read_a_profile, "link": read_link, "import": read_export,
}  # fmt: skip


# ------------------------------------------------------------------------------------------- cases made when needed

LOG = "id,created_at,type,token_name,model_name,quota,prompt_tokens,completion_tokens"
ROW = "1,1718193600,2,x,gpt-4o,0,1,1"


def bomb(levels: int = 30) -> str:
    """Each line refers ten times to the line before."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, levels)]
    return "\n".join(lines)


def logged(tokens: int, character: str = "0") -> bytes:
    """A log with a row whose last cell is long."""
    return f"{LOG}\n{ROW}\n{ROW}{character * tokens}\n".encode()


MADE: dict[str, dict[str, Callable[[], bytes]]] = {
    "yaml": {
        "half a million values": lambda: b"[" + b"1," * 500_000 + b"]",
        "a million comments": lambda: b"# x\n" * 990_000,
        "a number of a million digits": lambda: b"a: " + b"1" * 1_900_000,
        "a fraction of a million digits": lambda: b"a: 1." + b"1" * 1_900_000,
        "underscores": lambda: b"a: 1" + b"_" * 1_900_000,
        "brackets": lambda: b"[" * 1_900_000,
        "dashes": lambda: b"- " * 1_900_000,
        "anchors": lambda: b"\n".join(b"- &a%d 1" % n for n in range(20_000)),
        "too long": lambda: b"a" * 5_000_000,
    },
    "profile": {
        "laughter": lambda: f"{bomb()}\nworkloads: *a29".encode(),
        "thousands of unknown keys": lambda: b"\n".join(b"k%d: 1" % n for n in range(2_000)),
        "thousands of keys twice": lambda: b"a: 1\n" * 10_000,
        "thousands of workloads": lambda: b"workloads: [" + b"{}," * 4_900 + b"]",
        "a workload a hundred times": lambda: b"workloads: [&a {model: gpt-4o, inputtokens: 5}" + b",*a" * 99 + b"]",
        "a hundred workloads": lambda: b"workloads:\n" + b"".join(
            b"- {name: w%d, model: gpt-4o, input_tokens: 1e18}\n" % n for n in range(100)
        ),
        "a digit 60,000 times": lambda: b"months: " + b"9" * 60_000,
        "a long name": lambda: b"workloads: [{model: gpt-4o, name: " + b"n" * 60_000 + b"}]",
        "all of the world": lambda: b"name: " + bytes(range(256)) * 200,
    },
    "link": {
        "a bomb": lambda: token_of(b"\0" * 20_000_000).encode(),
        "a bomb of a bomb": lambda: token_of(zlib.compress(b"\0" * 20_000_000)).encode(),
        "a long token": lambda: b"1" + b"A" * 10_000_000,
        "brackets": lambda: b'{"event":"openai-2024","kept":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        "mappings": lambda: b'{"event":"openai-2024","kept":' + b'{"a":' * 9_000 + b"1" + b"}" * 9_000 + b"}",
        "a number of 60,000 digits": lambda: b'{"event":"openai-2024","kept":{"growth":' + b"9" * 60_000 + b"}}",
        "a number of 4,000 digits": lambda: b'{"event":"openai-2024","kept":{"growth":' + b"9" * 4_000 + b"}}",
        "an exponent of 60,000 digits": lambda: b'{"event":"openai-2024","growth":1e' + b"9" * 60_000 + b"}",
    },
    "import": {
        "100,000 columns": lambda: ",".join([LOG, *(f"c{n}" for n in range(100_000))]).encode() + b"\n",
        "1,900 columns": lambda: ",".join([LOG, *(f"c{n}" for n in range(1_900))]).encode() + b"\n",
        "100,000 delimiters": lambda: LOG.encode() + b"\n" + b"," * 100_000 + b"\n" + ROW.encode() + b"\n",
        "a cell of 5 MB": lambda: logged(4_500_000),
        "a number of 100,000 digits": lambda: logged(100_000),
        "an open quotation mark": lambda: f'{LOG}\n{ROW}\n"'.encode() + b"x\n" * 1_000_000,
        "a packed bomb": lambda: gzip.compress(logged(30_000_000, "0"), 1),
        "a bomb in a bomb": lambda: gzip.compress(gzip.compress(b"\0" * 10_000_000, 1), 1),
        "100,000 brackets": lambda: b"[" * 100_000,
        "100,000 mappings": lambda: b'{"data":' * 100_000,
        "mappings that close": lambda: b'{"data":' * 900 + b"1" + b"}" * 900,
        "lists within lists": lambda: b'{"data": ' + b"[" * 900 + b'{"model": "gpt-4o"}' + b"]" * 900 + b"}",
        "a number of 5,000 digits in JSON": lambda: b'{"data": [{"created_at": ' + b"9" * 5_000 + b"}]}",
        "30,000 projects": lambda: LOG.encode() + b"\n" + b"".join(
            b"%d,1718193600,2,p%d,gpt-4o,0,1,1\n" % (n, n) for n in range(30_000)
        ),
        "a million objects": lambda: b'{"data": [' + b"{}," * 1_000_000 + b"{}]}",
        "100,000 keys": lambda: b'{"data": [{' + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}]}",
    },
}  # fmt: skip
"""Cases that are too large to keep as files."""


def cases(reader: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The corpus of a reader, the files and then what is made: names and how to get the bytes."""
    files = ((path.name, path.read_bytes) for path in sorted((CORPUS / reader).iterdir()))
    return chain(files, MADE[reader].items())


# ------------------------------------------------------------------------------------------------ one case, measured


@dataclass(frozen=True)
class Outcome:
    """What came of a case."""

    reader: str
    case: str
    said: str
    """One of ``OUTCOMES``; anything else is what went wrong."""
    seconds: float
    megabytes: float


def measured(reader: str, name: str, content: bytes) -> Outcome:
    """Reads a case in a process of its own, whose end tells what the system had to stop."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.write(into, json.dumps(_limited(reader, name, content)).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if not told:
        return Outcome(reader, name, f"the process ended: {os.waitstatus_to_exitcode(status)}", 0, 0)
    return Outcome(**json.loads(told))


def _limited(reader: str, name: str, content: bytes) -> dict[str, object]:
    seconds = int(BOUNDS[reader].seconds * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (SYSTEM_LIMIT, SYSTEM_LIMIT))
    before = peak()
    try:
        said = READERS[reader](content)
    except BaseException as error:
        said = "".join(traceback.format_exception(error))[-3_000:]
    used = resource.getrusage(resource.RUSAGE_SELF)
    return asdict(Outcome(reader, name, said, round(used.ru_utime + used.ru_stime, 3), round(peak() - before, 1)))


def peak() -> float:
    """The most memory this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def warm_up(reader: str) -> None:
    """What is loaded once is no part of any case."""
    assert READERS[reader]((CORPUS / reader / GOOD[reader]).read_bytes()) == "read"


def main() -> None:
    """Reads the corpora."""
    for reader in READERS:
        warm_up(reader)
    gc.freeze()  # a child that looks for garbage would copy all of its parent
    for reader in READERS:
        for name, make in cases(reader):
            print(json.dumps(asdict(measured(reader, name, make()))), flush=True)
    gc.unfreeze()  # else DuckDB complains of leaks when Python ends


if __name__ == "__main__":
    main()
