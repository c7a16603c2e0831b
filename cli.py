"""The command line: ``banjia compare``, ``offers``, ``prices``, ``check``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pricing import InputError, Prices, Problem, Provider, Text, load_prices
from pricing.catalogue import DATA as PRICES
from report.language import language
from report.tables import Cell, aligned

STANCES = ("cautious", "expected", "generous")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0: an answer, 1: the input is wrong (told on stderr), 2: wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
        sys.stdout.flush()
    except InputError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="banjia", description="What it really costs to move to another LLM provider.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    compare = commands.add_parser("compare", help="rank the providers for a profile")
    compare.add_argument("profile", metavar="PROFILE", help="a profile (YAML); - reads it from standard input")
    compare.add_argument("--event", metavar="E", help="the event, in place of the profile's")
    compare.add_argument("--as-of", metavar="D", type=_day, help="the day of the decision")
    compare.add_argument("--months", metavar="N", type=_months, help="months to look at")
    compare.add_argument("--stance", choices=STANCES, help="what to assume for terms nobody published")
    compare.add_argument("--currency", metavar="C", help="currency of the answer")
    _folders(compare)
    _language(compare)
    compare.add_argument("--format", choices=("table", "json", "csv", "markdown"), default="table")
    compare.add_argument("-o", "--output", metavar="FILE", type=Path, help="write there instead of the terminal")
    compare.set_defaults(command=_compare)

    offers = commands.add_parser("offers", help="the offers side by side")
    offers.add_argument("--event", metavar="E", help="the event; may be left out where there is only one")
    offers.add_argument("--as-of", metavar="D", type=_day, help="the day to look at; by default the event's")
    _folders(offers)
    _language(offers)
    offers.set_defaults(command=_offers)

    prices = commands.add_parser("prices", help="list prices on a day")
    prices.add_argument("provider", metavar="PROVIDER", nargs="?", help="only this provider")
    prices.add_argument("--as-of", metavar="D", type=_day, help="the day to look at; by default today")
    prices.add_argument("--prices", metavar="DIR", type=Path, default=PRICES, help="use this folder of prices")
    _language(prices)
    prices.set_defaults(command=_prices)

    check = commands.add_parser("check", help="validate data; file:line for every error")
    check.add_argument("folders", metavar="DIR", nargs="*", type=Path,
                       help="folders laid out like offers/data or pricing/data; by default those")  # fmt: skip
    check.set_defaults(command=_check)
    return parser


def _folders(parser: argparse.ArgumentParser) -> None:
    from offers.catalogue import DATA as OFFERS

    parser.add_argument("--offers", metavar="DIR", type=Path, default=OFFERS, help="use this folder of offers")
    parser.add_argument("--prices", metavar="DIR", type=Path, default=PRICES, help="use this folder of prices")


def _language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the answer")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day of the calendar like 2024-06-28") from None


def _months(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 120:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 120")
    return int(text)


def _compare(options: argparse.Namespace) -> None:
    from calculator.catalogue import load_catalogue
    from calculator.comparison import compare_profile
    from calculator.profile import read_profile_file

    given = {key: getattr(options, key) for key in ("event", "as_of", "months", "stance", "currency")}
    changes = {key: value for key, value in given.items() if value is not None}
    profile, document = read_profile_file(options.profile, sys.stdin, changes)
    answer = compare_profile(profile, load_catalogue(options.offers, options.prices), document)
    lang = language(options.lang)
    if options.format == "json":
        text = json.dumps(answer.to_json(lang.render), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    elif options.format == "csv":
        from report.tables import comparison_csv

        text = comparison_csv(answer, lang)
    elif options.format == "markdown":
        from report.memo import memo

        text = memo(answer, lang)
    else:
        from report.tables import comparison_summary

        text = comparison_summary(answer, lang)
    _write(text, options.output)


def _write(text: str, output: Path | None) -> None:
    """To the terminal, or to a file that is there whole or not at all."""
    if output is None:
        sys.stdout.write(text)
        return
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=output.parent, delete=False) as file:
            file.write(text)
        os.chmod(file.name, 0o644)
        os.replace(file.name, output)
    except OSError as error:
        message = Text("the file cannot be written: {reason}", reason=error.strerror)
        raise InputError([Problem(str(output), 1, 1, message)]) from None


def _offers(options: argparse.Namespace) -> None:
    from offers import load_offers
    from offers.catalogue import unknown_id
    from report.offers import offer_rows

    prices, problems = load_prices(options.prices)
    events, more = load_offers(prices, options.offers)
    if problems or more:
        raise InputError([*problems, *more])
    chosen = options.event or (next(iter(events)) if len(events) == 1 else None)
    if chosen is None or chosen not in events:
        message = unknown_id("event", chosen or "", [*events]) if chosen else Text(
            "give --event; known: {events}", events=", ".join(sorted(events))
        )  # fmt: skip
        raise InputError([Problem("--event", 1, 1, message)])
    lang = language(options.lang)
    header, rows = offer_rows(events[chosen], prices, options.as_of or events[chosen].event.decision_day, lang)
    sys.stdout.write(aligned(header, rows))


def _prices(options: argparse.Namespace) -> None:
    from offers.catalogue import unknown_id

    prices, problems = load_prices(options.prices)
    if problems:
        raise InputError(problems)
    if options.provider is not None and options.provider not in prices.providers:
        message = unknown_id("provider", options.provider, [*prices.providers])
        raise InputError([Problem("PROVIDER", 1, 1, message)])
    lang = language(options.lang)
    day = options.as_of or date.today()
    rows = [
        row
        for provider in prices.providers.values()
        if options.provider in (None, provider.provider)
        for row in _price_rows(provider, day)
    ]
    header = [
        lang.say("provider"), lang.say("model"), lang.say("tier"), lang.say("context"), lang.say("currency"),
        lang.say("input"), lang.say("output"), lang.say("cached"), lang.say("batch"), lang.say("from"),
        lang.say("confidence"),
    ]  # fmt: skip
    sys.stdout.write(lang.say("List prices per 1,000,000 tokens on {day}", day=day) + "\n\n")
    sys.stdout.write(aligned(header, rows, right=(3, 5, 6, 7, 8)))


def _price_rows(provider: Provider, day: date) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for model in provider.models:
        price = model.price_on(day)
        if price is not None and model.available_on(day):
            rows.append([
                provider.provider, model.id, model.tier or model.kind, model.context, provider.currency,
                price.input, price.output, price.cached_input,
                None if price.batch_discount is None else f"-{price.batch_discount:.0%}",
                price.from_.isoformat(), price.confidence,
            ])  # fmt: skip
    return rows


def _check(options: argparse.Namespace) -> None:
    from calculator.catalogue import read_catalogue
    from offers.catalogue import DATA as OFFERS
    from pricing.catalogue import shown_path

    offers, prices = [OFFERS] if not options.folders else [], PRICES
    for folder in options.folders:
        if (folder / "providers").is_dir():
            prices = folder
        elif (folder / "event.yaml").exists() or any(folder.glob("*/event.yaml")):
            offers.append(folder)
        else:
            message = Text("neither prices (a folder `providers`) nor offers (`<event>/event.yaml`) are here")
            raise InputError([Problem(shown_path(folder), 1, 1, message)])
    problems: set[Problem] = set()
    for folder in offers or [OFFERS]:
        catalogue, found = read_catalogue(folder, prices)
        problems.update(found)
    if problems:
        raise InputError([*problems])
    assert catalogue is not None  # nothing is wrong, so it was read
    print(_counts(catalogue.prices, catalogue.events))


def _counts(prices: Prices, events: Mapping[str, Any]) -> str:
    models = [model for provider in prices.providers.values() for model in provider.models]
    offers = [offer for event in events.values() for several in event.offers.values() for offer in several]
    return (
        f"All is well: {len(prices.providers)} providers, {len(models)} models, "
        f"{sum(len(model.prices) for model in models)} prices, {len(events)} events, {len(offers)} offers, "
        f"{sum(len(offer.benefits) for offer in offers)} benefits."
    )


if __name__ == "__main__":
    sys.exit(main())
