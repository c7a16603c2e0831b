"""One tool asked for costs, as a program of its own: `bench.py` starts it and takes its time.

    python bench_tools.py TOOL            what one workload costs: 80M tokens in and 20M out of gpt-4o
    python bench_tools.py TOOL FILE       every record of the file, one call each; the total of each model
    python bench_tools.py TOOL FILE sums  adds up the tokens of each day and model first, then one call for each sum

The public tools run in an environment of theirs, Banjia in `.venv`. Only what a tool needs is imported: loading it is
part of its time.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

DAY = 86_400
Record = tuple[str, int, int, int]
"""Model, second of use (Unix), tokens in and out."""
Cost = Callable[[str, int, int, int], float]
ONE: Record = ("gpt-4o", 1_795_305_600, 80_000_000, 20_000_000)  # 22 November 2026


def genai_prices() -> Cost:
    """Knows some prices of earlier days, so it is given the time."""
    from genai_prices import Usage, calc_price

    def cost(model: str, second: int, tokens_in: int, tokens_out: int) -> float:
        usage, when = Usage(input_tokens=tokens_in, output_tokens=tokens_out), datetime.fromtimestamp(second, UTC)
        answer = calc_price(usage, model, provider_id="openai", genai_request_timestamp=when)
        return float(answer.total_price)

    return cost


def litellm() -> Cost:
    """The caller switches off that it fetches its prices."""
    from litellm import cost_per_token

    def cost(model: str, second: int, tokens_in: int, tokens_out: int) -> float:
        return float(sum(cost_per_token(model=model, prompt_tokens=tokens_in, completion_tokens=tokens_out)))

    return cost


def tokencost() -> Cost:
    """One call for each kind of token."""
    from tokencost import calculate_cost_by_tokens

    def cost(model: str, second: int, tokens_in: int, tokens_out: int) -> float:
        into = calculate_cost_by_tokens(tokens_in, model, "input")
        return float(into + calculate_cost_by_tokens(tokens_out, model, "output"))

    return cost


def banjia() -> Cost:
    """The price of the day from our files, and nothing else."""
    from pricing import load_prices

    provider = load_prices()[0].providers["openai"]

    def cost(model: str, second: int, tokens_in: int, tokens_out: int) -> float:
        sold = provider.model(model)
        price = None if sold is None else sold.price_on((datetime(1970, 1, 1) + timedelta(seconds=second)).date())
        assert price is not None
        rates = price.rates()
        return (tokens_in * rates.input + tokens_out * rates.output) / 1e6

    return cost


TOOLS: dict[str, Callable[[], Cost]] = {
    "genai-prices": genai_prices, "litellm": litellm, "tokencost": tokencost, "banjia": banjia,
}  # fmt: skip


def records(path: str) -> Iterator[Record]:
    """The rows of a gateway's log."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        names = next(rows)
        columns = ("model_name", "created_at", "prompt_tokens", "completion_tokens")
        model, second, tokens_in, tokens_out = (names.index(column) for column in columns)
        for row in rows:
            yield row[model], int(row[second]), int(row[tokens_in]), int(row[tokens_out])


def summed(rows: Iterator[Record]) -> Iterator[Record]:
    """One record for each day and model."""
    sums: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for model, second, tokens_in, tokens_out in rows:
        tokens = sums[model, second // DAY]
        tokens[0] += tokens_in
        tokens[1] += tokens_out
    for (model, day), tokens in sums.items():
        yield model, day * DAY, tokens[0], tokens[1]


def banjia_by_model(path: str) -> dict[str, float]:
    """What `banjia import` tells as one total, for each model: only to compare totals, not timed."""
    from dataclasses import replace

    from pricing import load_prices
    from usage import check_cost, read_usage

    prices, usage = load_prices()[0], read_usage([path], zone="UTC")
    totals = {}
    for model in {use.model for use in usage.uses}:
        only = replace(usage, uses=tuple(use for use in usage.uses if use.model == model))
        check = check_cost(only, prices, prices.providers["openai"])
        assert check is not None
        totals[model] = check.computed
    return totals


def main(tool: str, path: str | None = None, mode: str | None = None) -> None:
    if tool == "banjia" and path is not None:
        print(json.dumps(banjia_by_model(path)))
        return
    cost = TOOLS[tool]()
    totals: defaultdict[str, float] = defaultdict(float)
    rows = iter([ONE]) if path is None else records(path)
    for record in summed(rows) if mode == "sums" else rows:
        totals[record[0]] += cost(*record)
    print(json.dumps(totals))


if __name__ == "__main__":
    main(*sys.argv[1:])
