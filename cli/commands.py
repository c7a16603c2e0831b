"""What each command does, from its options to what it prints."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

from pydantic import BaseModel

from calculator.catalogue import load_catalogue, read_catalogue
from calculator.comparison import compare_profile
from calculator.profile import read_profile_file
from offers import EventOffers, load_offers
from offers.catalogue import DATA as OFFERS
from offers.catalogue import default_event, event_for_usage, unknown_id
from pricing import InputError, Prices, Problem, Text, load_prices
from pricing.catalogue import DATA as PRICES
from pricing.catalogue import shown_path
from pricing.yaml_reader import in_order
from report.exports import FORMATS, as_json, json_text
from report.language import language
from report.tables import Row, aligned, comparison_summary, csv_text
from report.words import confidence, tier


def compare(options: Namespace) -> None:
    """Ranks the providers for a profile."""
    export = FORMATS.get(options.format)
    if export is not None and export.is_binary and options.output is None and sys.stdout.isatty():
        _refuse(
            "--format", Text("{format} is not for a terminal: say with -o which file to write", format=options.format)
        )
    given = {key: getattr(options, key) for key in ("event", "as_of", "months", "stance", "currency")}
    changes = {key: value for key, value in given.items() if value is not None}
    profile, document = read_profile_file(options.profile, sys.stdin, changes)
    catalogue = load_catalogue(options.offers or OFFERS, options.prices or PRICES)
    answer = compare_profile(profile, catalogue, document)
    lang = language(options.lang)
    if options.format == "table":
        _write(comparison_summary(answer, lang).encode(), options.output)
    elif options.format == "json":
        _write(json_text(answer, lang, with_evidence=options.evidence).encode(), options.output)
    else:
        _write(FORMATS[options.format].write(answer, lang), options.output)


def import_usage(options: Namespace) -> None:
    """A profile from exports of usage, with a summary on standard error."""
    from report.imports import imported_json, imported_yaml, summary_lines
    from usage import check_cost, propose, read_usage
    from usage.engine import terminal_progress

    prices, problems = load_prices(options.prices or PRICES)
    events, more = load_offers(prices, options.offers or OFFERS)
    if problems or more:
        raise InputError([*problems, *more])
    if options.event is not None and options.event not in events:
        _refuse("--event", unknown_id("event", options.event, [*events]))
    if options.at is not None:
        from usage.elsewhere import connect, read_usage_at

        if len(options.files) != 1:
            _refuse("--at", Text("one table is needed"))
        engine = connect(options.at)
        found = read_usage_at(engine, options.files[0], preset=options.preset, zone=options.zone, by=options.by)
    else:
        bar = terminal_progress()
        found = read_usage(options.files, preset=options.preset, zone=options.zone, by=options.by, progress=bar)
    event = events.get(options.event) or event_for_usage(events, found.last or date.today())
    if event is None:
        _refuse("--offers", Text("there is no event"))
    fields: dict[str, object] = {"event": event.event.event}
    if event.event.cutoff is None:
        fields["starts"] = (event.event.decision_day + timedelta(days=32)).replace(day=1)
    source = prices.providers[event.event.source]
    proposal = propose(found, source, months=options.last, renamed=dict(options.rename), **fields)
    check = check_cost(found, prices, source)
    lang = language(options.lang)
    if options.format == "json":
        text = as_json(imported_json(found, proposal, check, lang))
    else:
        text = imported_yaml(found, proposal, check, lang)
        print(*summary_lines(found, proposal, check, lang), sep="\n", file=sys.stderr)
    _write(text.encode("utf-8", "backslashreplace"), options.output)  # as a file's name may be no text


def offers(options: Namespace) -> None:
    """The offers of an event side by side."""
    from report.offers import offer_rows, offers_on, state_words

    prices, problems = load_prices(options.prices or PRICES)
    events, more = load_offers(prices, options.offers or OFFERS)
    if problems or more:
        raise InputError([*problems, *more])
    event = default_event(events) if options.event is None else events.get(options.event)
    if event is None:
        _refuse("--event", unknown_id("event", options.event, [*events]))
    lang = language(options.lang)
    day = options.as_of or event.event.decision_day
    if options.format == "json":
        _print_json([
            {"provider": one.provider.provider, "state": state_words(one, lang), **plain(one.offer)}
            for one in offers_on(event, prices, day)
        ])  # fmt: skip
    else:
        _print_table(options.format, *offer_rows(event, prices, day, lang))


def prices(options: Namespace) -> None:
    """List prices on a day."""
    from report.prices import all_on

    catalogue, problems = load_prices(options.prices or PRICES)
    if problems:
        raise InputError(problems)
    if options.provider is not None and options.provider not in catalogue.providers:
        _refuse("PROVIDER", unknown_id("provider", options.provider, [*catalogue.providers]))
    lang = language(options.lang)
    day = options.as_of or date.today()
    shown = [one for one in catalogue.providers.values() if options.provider in (None, one.provider)]
    found = all_on(shown, day)
    if options.format == "json":
        _print_json([
            {"provider": provider.provider, "model": model.id, "kind": model.kind, "tier": model.tier,
             "context": model.context, "currency": provider.currency, **plain(price)}
            for provider, model, price in found
        ])  # fmt: skip
        return
    header = [
        lang.say("provider"), lang.say("model"), lang.say("tier"), lang.say("context"), lang.say("currency"),
        lang.say("input"), lang.say("output"), lang.say("cached"), lang.say("batch"), lang.say("from"),
        lang.say("confidence"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            provider.provider, model.id, tier(model.tier or model.kind, lang), model.context, provider.currency,
            price.input, price.output, price.cached_input,
            None if price.batch_discount is None else f"-{price.batch_discount:.0%}",
            price.from_.isoformat(), confidence(price.confidence, lang),
        ]
        for provider, model, price in found
    ]  # fmt: skip
    if options.format == "table":
        sys.stdout.write(lang.say("List prices per 1,000,000 tokens on {day}", day=day) + "\n\n")
    _print_table(options.format, header, rows, right=(3, 5, 6, 7, 8))


def check(options: Namespace) -> None:
    """Validates folders of data; prints what is wrong, what is doubtful, and what there is."""
    from report.statistics import Statistics

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
    doubts: dict[str, Problem] = {}
    events: dict[str, EventOffers] = {}
    prices: list[Prices] = []
    for folder in offer_folders or [OFFERS]:
        catalogue, found = read_catalogue(folder, price_folder)
        problems |= {str(problem): problem for problem in found}
        if catalogue is not None and not found:
            prices.append(catalogue.prices)
            events |= catalogue.events
            _, more = read_catalogue(folder, price_folder, thorough=True)
            doubts |= {str(doubt): doubt for doubt in more}
    if problems:
        raise InputError([*problems.values()])
    if options.strict and doubts:
        raise InputError([*doubts.values()])
    for doubt in in_order(doubts.values()):
        print(doubt._replace(message=Text("warning: {doubt}", doubt=doubt.message)))
    statistics = Statistics.of(prices[-1], events)
    print(f"All is well: {statistics.summary()}.")
    if options.stats:
        print(aligned(*statistics.table(), right=range(1, 8)), end="")


def schema(options: Namespace) -> None:
    """The JSON Schema of a kind of file."""
    from report.schemas import json_schema

    _print_json(json_schema(options.name))


def _print_json(value: object) -> None:
    sys.stdout.write(as_json(value))


def _print_table(form: str, header: list[str], rows: list[Row], right: Sequence[int] = ()) -> None:
    sys.stdout.write(csv_text(header, rows) if form == "csv" else aligned(header, rows, right))


def plain(record: BaseModel) -> dict[str, object]:
    """A record as plain values, as it stands in its file."""
    return record.model_dump(mode="json", by_alias=True, exclude_none=True)


def _write(content: bytes, output: Path | None) -> None:
    """To the terminal, or to a file that is there whole or not at all."""
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    from tempfile import NamedTemporaryFile

    unfinished = None
    try:
        if output.exists() and not output.is_file():  # a pipe or a device, which must not be replaced
            output.write_bytes(content)
            return
        output = output.resolve()
        with NamedTemporaryFile(dir=output.parent, prefix="banjia-", suffix=".part", delete=False) as file:
            unfinished = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # else the name could be on the disk before the content
        unfinished.chmod(0o644)
        unfinished.replace(output)
    except BaseException as error:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        _refuse(str(output), Text("the file cannot be written: {reason}", reason=error.strerror))


def _refuse(what: str, message: Text) -> NoReturn:
    raise InputError([Problem(what, 1, 1, message)])
