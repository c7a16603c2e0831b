"""How an import of many rows compares with the bare query: time and memory, for Parquet and CSV. `make bench-import`.

Each runs in a process of its own, in turn, on the same files; the median of five pairs counts. The clock starts when
Python has imported what both need, DuckDB and this project; memory is all that the process takes.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import disk_usage
from statistics import median

import duckdb

from usage import read_usage

ROOT = Path(__file__).resolve().parent.parent
ROWS = 20_000_000
NEEDED = 4_000_000_000
"""Bytes that the two files take while they are written."""
RUNS = 5
MOST_TIME, MOST_MEMORY = 1.3, 400
"""Times the bare query; MiB."""
WRITE = """
COPY (
  SELECT i AS id, 1 AS user_id, 1714492800 + CAST(i * 0.78 AS BIGINT) AS created_at,
    CASE WHEN i % 50 = 0 THEN 1 ELSE 2 END AS type, '' AS content, 'root' AS username, 'prod' AS token_name,
    ['gpt-4o', 'gpt-3.5-turbo', 'text-embedding-ada-002', 'gpt-4-turbo'][CAST(1 + hash(i) % 4 AS BIGINT)] AS model_name,
    hash(i) % 9000 AS quota, hash(i) % 3000 AS prompt_tokens, hash(i) % 700 AS completion_tokens, 3 AS channel_id
  FROM range({rows}) rows(i)
) TO '{path}'"""
BARE = """
SELECT model_name, (created_at + 28800) // 86400, COUNT(*), SUM(prompt_tokens), SUM(completion_tokens), SUM(quota)
FROM '{path}' WHERE type = 2 GROUP BY ALL"""


def bare(path: str) -> None:
    """The query that a person would type."""
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '256MB'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(BARE.format(path=path)).fetchall()


def ours(path: str) -> None:
    """The import, up to the normal form."""
    used = read_usage([path]).used
    assert used == ROWS - ROWS // 50, used


def measured(what: str, path: Path) -> tuple[float, float]:
    """Seconds and peak MiB of a run."""
    command = [sys.executable, __file__, what, str(path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1])


def main() -> None:
    failed = False
    with tempfile.TemporaryDirectory(prefix="banjia-bench-") as folder:
        if disk_usage(folder).free < 2 * NEEDED:
            raise SystemExit("Too little space for the files of this benchmark.")
        for form in ("parquet", "csv"):
            path = Path(folder) / f"log.{form}"
            duckdb.execute(WRITE.format(rows=ROWS, path=path))
            pairs = [(measured("bare", path), measured("ours", path)) for _ in range(RUNS)]
            alone, own = (median(pair[side][0] for pair in pairs) for side in (0, 1))
            ratio = median(ours[0] / bare[0] for bare, ours in pairs)
            memory = max(ours[1] for _, ours in pairs)
            print(f"{form:8} {ROWS:,} rows  bare {alone:.1f} s  import {own:.1f} s ({ratio:.2f} x)  {memory:.0f} MiB")
            failed |= ratio > MOST_TIME or memory > MOST_MEMORY
            path.unlink()
    if failed:
        raise SystemExit(f"More than {MOST_TIME} x the bare query, or more than {MOST_MEMORY} MiB.")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        started = time.perf_counter()
        {"bare": bare, "ours": ours}[sys.argv[1]](sys.argv[2])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(time.perf_counter() - started, peak)
