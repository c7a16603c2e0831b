"""How long `compare_many` takes for a million profiles, beside a bare numpy loop that does the same arithmetic.

    make bench-batch                          1,000,000 profiles, all offers, 24 months
    .venv/bin/python scripts/bench_batch.py 100000

The profiles differ in tokens, growth, team and loss per day. The bare loop knows nothing of names, dates and errors:
for each provider, assignment of models and segment it multiplies tokens by prices and draws grants and vouchers, 8,192
profiles at a time. Each way runs in a process of its own, so that the peak of its memory is its own.
"""

from __future__ import annotations

import itertools
import json
import platform
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

import calculator
from calculator import compare_many, load_catalogue
from calculator.market import market_for
from calculator.profile import Profile, read_profile_file
from calculator.supply import Supply
from calculator.timeline import MOVE, OVERLAP
from offers.schema import MatchedGrant

EXAMPLE = Path(calculator.__file__).parent / "data" / "example-profile.yaml"
CHUNK = 8_192
MONTHS = 24


def portfolio(rows: int) -> pd.DataFrame:
    """Start-ups of all sizes: usage spreads over four orders of magnitude."""
    dice = np.random.default_rng(20240625)

    def tokens(middle: float) -> np.ndarray:
        return dice.lognormal(np.log(middle), 1.5, rows)

    return pd.DataFrame({
        "workloads.0.input_tokens": tokens(80e6),
        "workloads.0.output_tokens": tokens(20e6),
        "workloads.1.input_tokens": tokens(6e6),
        "workloads.1.output_tokens": tokens(2e6),
        "growth": dice.uniform(-0.05, 0.1, rows),
        "team.engineers": dice.integers(1, 6, rows),
        "team.day_rate": dice.uniform(1000, 3000, rows),
        "loss_per_day": dice.uniform(0, 5000, rows),
    })  # fmt: skip


def bare(table: pd.DataFrame) -> np.ndarray:
    """The lowest total of each row."""
    profile, document = read_profile_file(EXAMPLE, changes={"months": MONTHS})
    market = market_for(profile, load_catalogue(), document)
    assert not market.setting.embeds_again, "the bare loop knows no vector store"
    columns = [table[name].to_numpy(float) for name in table]
    lowest = np.full(len(table), np.inf)
    for start in range(0, len(table), CHUNK):
        rows = slice(start, start + CHUNK)
        some = [column[rows] for column in columns]
        grown = [(1.0 + some[4]) ** month for month in range(MONTHS)]
        for supply in market.supplies:
            np.minimum(lowest[rows], bare_provider(supply, profile, grown, some), out=lowest[rows])
    return lowest


def bare_provider(supply: Supply, profile: Profile, grown: list[np.ndarray], columns: list[np.ndarray]) -> np.ndarray:
    """The lowest total of one provider for some rows."""
    in_0, out_0, in_1, out_1, growth, engineers, day_rate, loss = columns
    setting, segments = supply.setting, supply.segments
    used = [in_0 + out_0, in_1 + out_1]
    p_in, p_out, _ = supply.rates.busy[..., 0]
    as_of, cutoff = np.datetime64(setting.horizon.as_of), np.datetime64(setting.event.cutoff)
    lowest = np.full(len(growth), np.inf)
    for assignment in itertools.product(*supply.choices):
        ratio = [supply.ratio[w, m, 0] for w, m in enumerate(assignment)]
        cost = [
            ratio[w] * (tokens_in * p_in[w, m] + tokens_out * p_out[w, m]) / 1e6
            for (w, m), tokens_in, tokens_out in zip(enumerate(assignment), (in_0, in_1), (out_0, out_1), strict=True)
        ]
        tokens = [ratio[w] * used[w] for w in range(2)]
        unit = [cost[w] / tokens[w] for w in range(2)]
        pools = [np.full(len(growth), size) for size in bare_sizes(supply, used)]
        vouchers = [np.full(len(growth), supply.terms[index].size) for index in supply.vouchers]
        bill = np.zeros(len(growth))
        for t in range(len(segments)):
            assert segments.month[t] not in (MOVE, OVERLAP)
            use = grown[segments.month[t]] * segments.share[t]
            left = [use * tokens[w] for w in range(2)]
            for p, (index, models) in enumerate(supply.grants):
                term = supply.terms[index]
                mine = [w for w, m in enumerate(assignment) if supply.models[m].id in models]
                if mine and alive(segments.start[t], term.starts, term.ends):
                    demand = sum(left[w] for w in mine)
                    draw = np.minimum(pools[p], demand)
                    pools[p] -= draw
                    rest = 1.0 - draw / np.where(demand > 0, demand, 1.0)
                    for w in mine:
                        left[w] *= rest
            due = sum(left[w] * unit[w] * (1.0 - supply.discount[t, m]) for w, m in enumerate(assignment))
            for v, index in enumerate(supply.vouchers):
                term = supply.terms[index]
                if alive(segments.start[t], term.starts, term.ends):
                    pay = np.minimum(vouchers[v], due)
                    vouchers[v] -= pay
                    due = due - pay
            bill += due
        days = bare_days(supply, profile, assignment)
        working = np.ceil(days / engineers - 1e-9).astype(int)
        late = (np.busday_offset(as_of, working, roll="backward") - cutoff).astype(int)
        total = bill * supply.exchange_rate + days * day_rate + np.maximum(late, 0) * loss
        np.minimum(lowest, total, out=lowest)
    return lowest


def bare_sizes(supply: Supply, used: list[np.ndarray]) -> list[np.ndarray | float]:
    """Tokens of each pool."""
    terms = [supply.terms[index] for index, _ in supply.grants]
    return [
        term.benefit.months * (used[0] + used[1]) if isinstance(term.benefit, MatchedGrant) else term.size
        for term in terms
    ]


def bare_days(supply: Supply, profile: Profile, assignment: tuple[int, ...]) -> float:
    """Person-days after services."""
    effort = supply.setting.effort
    left = {item: 1.0 - share for item, (share, _) in supply.services.items()}
    days = supply.integration * left["integration"]
    days += sum(effort.evaluation * left["evaluation"] for _ in profile.workloads)
    days += sum(effort.per_prompt * workload.prompts * left["per_prompt"] for workload in profile.workloads)
    return days + sum(supply.rework[w][m] * left["rework"] for w, m in enumerate(assignment))


def alive(start: int, starts: date, ends: date | None) -> bool:
    """Whether a segment that begins on a day lies in the life of a term."""
    return starts.toordinal() <= start and (ends is None or start < ends.toordinal())


def engine(table: pd.DataFrame) -> np.ndarray:
    """The same from ``compare_many``, which also tells the provider, the parts of the total and the runner-up."""
    profile, _ = read_profile_file(EXAMPLE, changes={"months": MONTHS})
    return compare_many(profile, table)["total"].to_numpy()


def peak() -> float:
    """Greatest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def measure(way: str, rows: int) -> None:
    """Runs one of the ways and prints what it took."""
    run = {"bare": bare, "compare_many": engine}[way]
    table = portfolio(rows)
    run(table.head(100))  # imports and catalogue are not what is measured
    before, begun, used = peak(), time.perf_counter(), time.process_time()
    totals = run(table)
    taken = {"seconds": time.perf_counter() - begun, "processor": time.process_time() - used}
    print(json.dumps({**taken, "before": before, "peak": peak(), "totals": totals[:: max(rows // 1000, 1)].tolist()}))


def main(rows: int) -> None:
    """Measures both ways and compares them."""
    print(f"{rows:,} profiles, all providers and offers, {MONTHS} months, 2 workloads")
    print(f"{platform.platform()}, {platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, "
          f"pandas {pd.__version__}")  # fmt: skip
    taken = {}
    for way in ("bare", "compare_many"):
        output = subprocess.run([sys.executable, __file__, way, str(rows)], check=True, capture_output=True, text=True)
        taken[way] = json.loads(output.stdout)
        print("{way:13} {seconds:7.1f} s ({processor:.1f} s of processor), memory {before:.0f} MiB before, at most "
              "{peak:.0f} MiB".format(way=way, **taken[way]))  # fmt: skip
    np.testing.assert_allclose(taken["bare"].pop("totals"), taken["compare_many"].pop("totals"), rtol=1e-9)
    ratio = taken["compare_many"]["processor"] / taken["bare"]["processor"]
    more = taken["compare_many"]["peak"] - taken["compare_many"]["before"]
    print(
        f"compare_many takes {ratio:.2f} of the bare loop's processor time, and {more:.0f} MiB beside the table itself"
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000)
