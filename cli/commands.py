"""What each command does, from its options to what it prints."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NoReturn

from calculator.catalogue import load_catalogue, read_catalogue
from calculator.comparison import compare_profile
from calculator.profile import read_profile_file
from offers import EventOffers, load_offers
from offers.catalogue import DATA as OFFERS
from offers.catalogue import unknown_id
from pricing import InputError, Prices, Problem, Provider, Text, load_prices
from pricing.catalogue import DATA as PRICES
from pricing.catalogue import shown_path
from report.language import Language, language
from report.tables import Cell, aligned, comparison_csv, comparison_summary
from report.words import confidence, tier


def compare(options: Namespace) -> None:
    """Ranks the providers for a profile."""
    given = {key: getattr(options, key) for key in ("event", "as_of", "months", "stance", "currency")}
    changes = {key: value for key, value in given.items() if value is not None}
    profile, document = read_profile_file(options.profile, sys.stdin, changes)
    catalogue = load_catalogue(options.offers or OFFERS, options.prices or PRICES)
    answer = compare_profile(profile, catalogue, document)
    lang = language(options.lang)
    if options.format == "json":
        plain = answer.to_json(lang.translate)
        if options.evidence:
            from report.evidence import evidence

            for option, told in zip(answer.options, plain["options"], strict=True):
                told["evidence"] = [one.to_json(lang) for one in evidence(answer, option, lang)]
        text = json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    elif options.format == "csv":
        text = comparison_csv(answer, lang)
    elif options.format == "markdown":
        from report.memo import memo

        text = memo(answer, lang)
    else:
        text = comparison_summary(answer, lang)
    _write(text, options.output)


def offers(options: Namespace) -> None:
    """The offers of an event side by side."""
    from report.offers import offer_rows

    prices, problems = load_prices(options.prices or PRICES)
    events, more = load_offers(prices, options.offers or OFFERS)
    if problems or more:
        raise InputError([*problems, *more])
    chosen = options.event or (next(iter(events)) if len(events) == 1 else None)
    if chosen is None:
        _refuse("--event", Text("give one of the events: {events}", events=", ".join(sorted(events))))
    if chosen not in events:
        _refuse("--event", unknown_id("event", chosen, [*events]))
    event = events[chosen]
    header, rows = offer_rows(event, prices, options.as_of or event.event.decision_day, language(options.lang))
    sys.stdout.write(aligned(header, rows))


def prices(options: Namespace) -> None:
    """List prices on a day."""
    catalogue, problems = load_prices(options.prices or PRICES)
    if problems:
        raise InputError(problems)
    if options.provider is not None and options.provider not in catalogue.providers:
        _refuse("PROVIDER", unknown_id("provider", options.provider, [*catalogue.providers]))
    lang = language(options.lang)
    day = options.as_of or date.today()
    rows = [
        row
        for provider in catalogue.providers.values()
        if options.provider in (None, provider.provider)
        for row in _price_rows(provider, day, lang)
    ]
    header = [
        lang.say("provider"), lang.say("model"), lang.say("tier"), lang.say("context"), lang.say("currency"),
        lang.say("input"), lang.say("output"), lang.say("cached"), lang.say("batch"), lang.say("from"),
        lang.say("confidence"),
    ]  # fmt: skip
    sys.stdout.write(lang.say("List prices per 1,000,000 tokens on {day}", day=day) + "\n\n")
    sys.stdout.write(aligned(header, rows, right=(3, 5, 6, 7, 8)))


def check(options: Namespace) -> None:
    """Validates folders of data; prints what is wrong, or what there is."""
    offer_folders, price_folder = [OFFERS] if not options.folders else [], PRICES
    for folder in options.folders:
        if (folder / "providers").is_dir():
            price_folder = folder
        elif (folder / "event.yaml").exists() or any(folder.glob("*/event.yaml")):
            offer_folders.append(folder)
        else:
            message = Text("neither prices (a folder `providers`) nor offers (`<event>/event.yaml`) are here")
            raise InputError([Problem(shown_path(folder), 1, 1, message)])
    problems: dict[str, Problem] = {}
    events: dict[str, EventOffers] = {}
    loaded = Prices()
    for folder in offer_folders or [OFFERS]:
        catalogue, found = read_catalogue(folder, price_folder)
        problems |= {str(problem): problem for problem in found}
        if catalogue is not None:
            loaded = catalogue.prices
            events |= catalogue.events
    if problems:
        raise InputError([*problems.values()])
    print(_counts(loaded, events))


def _write(text: str, output: Path | None) -> None:
    """To the terminal, or to a file that is there whole or not at all."""
    if output is None:
        sys.stdout.write(text)
        return
    from tempfile import NamedTemporaryFile

    unfinished = None
    try:
        if output.exists() and not output.is_file():  # a pipe or a device, which must not be replaced
            output.write_text(text, "utf-8")
            return
        output = output.resolve()
        with NamedTemporaryFile("w", encoding="utf-8", dir=output.parent, delete=False) as file:
            unfinished = Path(file.name)
            file.write(text)
        unfinished.chmod(0o644)
        unfinished.replace(output)
    except OSError as error:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        _refuse(str(output), Text("the file cannot be written: {reason}", reason=error.strerror))


def _refuse(what: str, message: Text) -> NoReturn:
    raise InputError([Problem(what, 1, 1, message)])


def _price_rows(provider: Provider, day: date, lang: Language) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for model in provider.models:
        price = model.price_on(day)
        if price is not None and model.available_on(day):
            rows.append([
                provider.provider, model.id, tier(model.tier or model.kind, lang), model.context, provider.currency,
                price.input, price.output, price.cached_input,
                None if price.batch_discount is None else f"-{price.batch_discount:.0%}",
                price.from_.isoformat(), confidence(price.confidence, lang),
            ])  # fmt: skip
    return rows


def _counts(prices: Prices, events: Mapping[str, EventOffers]) -> str:
    models = [model for provider in prices.providers.values() for model in provider.models]
    offers = [offer for event in events.values() for several in event.offers.values() for offer in several]
    return (
        f"All is well: {len(prices.providers)} providers, {len(models)} models, "
        f"{sum(len(model.prices) for model in models)} prices, {len(events)} events, {len(offers)} offers, "
        f"{sum(len(offer.benefits) for offer in offers)} benefits."
    )
