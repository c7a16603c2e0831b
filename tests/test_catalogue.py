"""What holds of the whole catalogue that ships, whatever is added to it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calculator import Catalogue, InputError, compare
from calculator.catalogue import read_catalogue
from pricing.records import Evidence

ROOT = Path(__file__).parents[1]
DATA = [*ROOT.glob("pricing/data/**/*.yaml"), *ROOT.glob("offers/data/**/*.yaml"), *ROOT.glob("calculator/data/*.yaml")]

AT_LEAST = {  # models and prices of each provider
    "01ai": (9, 9),
    "alibaba": (22, 34),
    "alibaba-intl": (9, 9),
    "azure-openai": (3, 3),
    "baichuan": (11, 12),
    "baidu": (24, 44),
    "bytedance": (15, 17),
    "deepseek": (6, 16),
    "deepseek-intl": (5, 14),
    "iflytek": (5, 9),
    "kunlun": (3, 3),
    "minimax": (11, 12),
    "minimax-intl": (3, 3),
    "moonshot": (9, 12),
    "moonshot-intl": (6, 6),
    "openai": (40, 75),
    "sensetime": (11, 16),
    "siliconflow": (16, 18),
    "stepfun": (12, 17),
    "tencent": (12, 21),
    "zai": (5, 5),
    "zhipu": (24, 36),
}
EVENTS = {
    "openai-2024": (
        "01ai", "alibaba", "baichuan", "baidu", "kunlun", "minimax", "moonshot", "sensetime", "siliconflow", "tencent",
        "zhipu",
    ),
    "openai-voluntary": (),
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    found, problems = read_catalogue(thorough=True)
    assert [str(problem) for problem in problems] == []
    assert found is not None
    return found


def figures(catalogue: Catalogue) -> Iterator[tuple[str, Evidence]]:
    """Everything that states a figure, by its place."""
    for provider in catalogue.prices.providers.values():
        for model in provider.models:
            for price in model.prices:
                yield f"{provider.provider} {model.id} {price.from_}", price
    for currency, rates in catalogue.prices.rates.rates.items():
        for rate in rates:
            yield f"{currency} {rate.from_}", rate
    for name, tokenizer in catalogue.prices.tokenizers.tokenizers.items():
        yield f"tokenizer {name}", tokenizer
    for event in catalogue.events.values():
        yield event.event.event, event.event
        for offers in event.offers.values():
            for offer in offers:
                for benefit in offer.benefits:
                    yield f"{offer.id} {benefit.kind}", benefit


def test_a_careful_editor_has_nothing_to_ask() -> None:
    """Dates that contradict one another, high confidence from one report, unused tokenizers and the like."""
    _, problems = read_catalogue(thorough=True)
    assert [str(problem) for problem in problems] == []


def test_no_provider_is_lost(catalogue: Catalogue) -> None:
    counted = {
        name: (len(provider.models), sum(len(model.prices) for model in provider.models))
        for name, provider in catalogue.prices.providers.items()
    }
    assert counted.keys() >= AT_LEAST.keys()
    short = {
        name: counted[name]
        for name, least in AT_LEAST.items()
        if counted[name][0] < least[0] or counted[name][1] < least[1]
    }
    assert short == {}


def test_no_offer_is_lost(catalogue: Catalogue) -> None:
    assert catalogue.events.keys() >= EVENTS.keys()
    for name, providers in EVENTS.items():
        assert catalogue.events[name].offers.keys() >= set(providers), name
    offers = [offer for several in catalogue.events["openai-2024"].offers.values() for offer in several]
    assert len(offers) >= 15
    assert sum(len(offer.benefits) for offer in offers) >= 26


def test_every_figure_has_a_source_and_says_how_sure_it_is(catalogue: Catalogue) -> None:
    found = list(figures(catalogue))
    assert len(found) >= 440
    assert [place for place, figure in found if not figure.sources or figure.confidence is None] == []


def test_no_source_is_of_a_day_to_come(catalogue: Catalogue) -> None:
    """The catalogue was read on 2026-11-21; whoever adds to it later moves this day."""
    read = date(2026, 11, 21)
    late = [place for place, figure in figures(catalogue) for one in figure.sources if (one.published or read) > read]
    assert late == []


def test_the_models_of_a_provider_have_one_currency_that_is_known(catalogue: Catalogue) -> None:
    for provider in catalogue.prices.providers.values():
        assert catalogue.prices.exchange(provider.currency, "CNY", date(2024, 6, 28)) is not None, provider.provider


def test_models_of_deepseek_v2_are_not_counted_with_the_vocabulary_of_v3(catalogue: Catalogue) -> None:
    used = {
        (provider.provider, model.id)
        for provider in catalogue.prices.providers.values()
        for model in provider.models
        if model.tokenizer == "deepseek"
    }
    assert ("deepseek", "deepseek-reasoner") in used
    assert not used & {
        ("deepseek", "deepseek-chat"),
        ("deepseek", "deepseek-coder"),
        ("deepseek-intl", "deepseek-chat"),
    }


@pytest.mark.parametrize("path", DATA, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_names_its_schema_for_editors(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve().is_file()


def test_whoever_asks_to_be_named_is_named() -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    assert "llm-prices-cn" in notice
    assert "https://llmabacus.com" in notice
    assert "CC BY 4.0" in notice


# ------------------------------------------------------------------------------------------- the voluntary event


def voluntary(**more: Any) -> dict[str, Any]:
    workload = {
        "model": "gpt-4o",
        "input_tokens": 30_000_000,
        "output_tokens": 10_000_000,
        "text": {"zh": 0.5, "en": 0.5},
    }
    return {"event": "openai-voluntary", "starts": date(2026, 12, 1), "workloads": [workload], **more}


def test_nobody_is_late_in_a_move_of_ones_own_accord(catalogue: Catalogue) -> None:
    answer = compare(voluntary(loss_per_day=5000), catalogue)
    assert {option.readiness_cost for option in answer.options} == {0}


@pytest.mark.parametrize("stance", ["cautious", "expected", "generous"])
def test_a_move_of_ones_own_accord_has_options(catalogue: Catalogue, stance: str) -> None:
    answer = compare(voluntary(stance=stance), catalogue)
    found = {option.provider.provider for option in answer.options}
    assert found >= {"alibaba", "baidu", "bytedance", "deepseek", "minimax", "moonshot", "tencent", "zhipu"}
    assert found >= {"alibaba-intl", "deepseek-intl", "minimax-intl", "moonshot-intl", "zai"}
    assert not found & {"openai", "azure-openai", "kunlun"}
    # 12 months at 2.5 and 10 dollars, in the yuan of that day
    assert answer.baseline is not None
    assert answer.baseline.total == pytest.approx(12 * (30 * 2.5 + 10 * 10) * 6.6529)


def test_a_declined_offer_counts_as_if_it_did_not_exist(catalogue: Catalogue) -> None:
    profile = {"event": "openai-2024", "workloads": [{"model": "gpt-4o", "input_tokens": 9e7, "output_tokens": 3e7}]}
    given = {use.offer.id for option in compare(profile, catalogue).options for use in option.offers}
    answer = compare({**profile, "declined": sorted(given)}, catalogue)
    assert {use.status for option in answer.options for use in option.offers} == {"declined"}
    assert all(option.bill == option.list_cost for option in answer.options)
    assert not any(line.covered_by for option in answer.options for line in option.one_off)
    first = sorted(given)[0]
    fewer = compare({**profile, "declined": [first]}, catalogue)
    assert {use.offer.id for one in fewer.options for use in one.offers if use.status == "declined"} == {first}


def test_an_unknown_declined_offer_is_told_with_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(InputError) as error:
        compare(
            {"event": "openai-2024", "declined": ["zhipu-moving-plam"], "workloads": [{"model": "gpt-4o"}]}, catalogue
        )
    assert "unknown offer `zhipu-moving-plam` (did you mean `zhipu-moving-plan`?)" in str(error.value)
