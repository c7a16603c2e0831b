"""Look for bytes that a reader should refuse and does not: fuzzing guided by which lines and branches a case reaches.

`make fuzz READER=yaml SECONDS=60` installs Atheris for the moment of the run. It begins with the corpus in tests/corpus
and what earlier runs left in .fuzz. The first case that ends in another error than the reader's own, or takes too much
time or memory, is written to tests/corpus/<reader>, where the tests replay it: give it a name, and mend the reader.
"""

import sys
from pathlib import Path

import atheris
from pydantic import BaseModel

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

with atheris.instrument_imports(include=["pricing", "offers", "calculator", "usage", "report", "ui", "yaml", "json"]):
    import hostile

    from calculator.profile import Overlap, Profile, Team, Workload
    from offers.schema import Offer
    from ui.draft import Draft, DraftWorkload
    from usage.presets import shipped_presets
    from usage.tables import column_names

SAMPLES = ROOT / "tests" / "usage" / "samples"
LONGEST = 8_000
"""Bytes of a case: the small ones are the quick ones, and the limits on large ones are tested by themselves."""


def words(reader: str) -> set[str]:
    """What a reader looks for in its input; to stumble on it would take ages."""
    if reader == "import":
        columns = {name for preset in shipped_presets() for name in column_names(preset)}
        return {part for name in columns for part in (name, name.split(".")[-1]) if part}
    records: dict[str, list[type[BaseModel]]] = {
        "yaml": [Offer], "profile": [Profile, Workload, Team, Overlap], "link": [Draft, DraftWorkload],
    }  # fmt: skip
    known = {name for record in records[reader] for name in record.model_fields}
    return known | {
        "gpt-4o",
        "gpt-4",
        "zhipu",
        "baidu",
        hostile.EVENT,
        "2024-07-01",
        "1e400",
        "unknown",
        "workloads",
        "offers",
    }


def main(reader: str, seconds: int) -> None:
    """Runs the fuzzer; it ends with an error where it finds something."""
    read = hostile.READERS[reader]
    hostile.warm_up(reader)
    work = ROOT / ".fuzz" / reader
    work.mkdir(parents=True, exist_ok=True)
    dictionary = ROOT / ".fuzz" / f"{reader}.dict"
    dictionary.write_text("".join(f'"{word}"\n' for word in sorted(words(reader)) if word.isascii()))
    corpus = hostile.CORPUS / reader
    seeds = [work, corpus, *([SAMPLES] if reader == "import" else [])]
    bound = hostile.BOUNDS[reader]
    arguments = [
        sys.argv[0], *map(str, seeds), f"-artifact_prefix={corpus}/", f"-dict={dictionary}", f"-max_len={LONGEST}",
        f"-max_total_time={seconds}", f"-timeout={bound.seconds:.0f}", f"-rss_limit_mb={1_000 + bound.megabytes}",
        "-use_value_profile=1", "-print_final_stats=1", "-verbosity=1",
    ]  # fmt: skip

    def one(content: bytes) -> None:
        assert read(content) in hostile.OUTCOMES

    atheris.Setup(arguments, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
