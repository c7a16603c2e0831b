"""The data that ship: sound, founded, and, figure by figure, what was read in the sources of June and July 2024."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from calculator import Catalogue, compare
from calculator.catalogue import read_catalogue
from calculator.effort import DATA as EFFORT
from calculator.profile import read_profile_file
from offers.schema import Benefit, MatchedGrant, Offer, Service, TokenGrant
from pricing.records import Confidence, Source

EVENT = "openai-2024"
DECISION = date(2024, 6, 28)
TARGETS = ("alibaba", "baichuan", "baidu", "sensetime", "tencent", "zhipu")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    found, problems = read_catalogue()
    assert list(map(str, problems)) == []
    assert found is not None
    return found


def offers(catalogue: Catalogue, provider: str) -> dict[str, Offer]:
    return {offer.id: offer for offer in catalogue.events[EVENT].offers[provider]}


def grants(catalogue: Catalogue, provider: str) -> dict[str, tuple[float, Any]]:
    """Tokens and models of each token grant, by offer."""
    return {
        f"{name}.{index}": (benefit.tokens, benefit.models)
        for name, offer in offers(catalogue, provider).items()
        for index, benefit in enumerate(offer.benefits)
        if isinstance(benefit, TokenGrant)
    }


def services(catalogue: Catalogue, provider: str) -> set[str]:
    return {benefit.service for benefit in benefits(catalogue, provider) if isinstance(benefit, Service)}


def benefits(catalogue: Catalogue, provider: str) -> list[Benefit]:
    return [benefit for offer in offers(catalogue, provider).values() for benefit in offer.benefits]


# ----------------------------------------------------------------------------------------------------- evidence


def figures(catalogue: Catalogue) -> Iterator[tuple[str, list[Source], Confidence | None]]:
    """Every figure by its place, with its sources and how sure it is."""
    for provider in catalogue.prices.providers.values():
        for model in provider.models:
            for price in model.prices:
                yield f"{provider.provider} {model.id} {price.from_}", price.sources, price.confidence
    for currency, rates in catalogue.prices.rates.rates.items():
        for rate in rates:
            yield f"{currency} {rate.from_}", rate.sources, rate.confidence
    for name, tokenizer in catalogue.prices.tokenizers.tokenizers.items():
        yield f"tokenizer {name}", tokenizer.sources, tokenizer.confidence
    for event in catalogue.events.values():
        yield event.event.event, event.event.sources, event.event.confidence
        for offer in (offer for several in event.offers.values() for offer in several):
            for benefit in offer.benefits:
                yield f"{offer.id} {benefit.kind}", benefit.sources, benefit.confidence


def test_every_figure_has_a_source_and_says_how_sure_it_is(catalogue: Catalogue) -> None:
    found = list(figures(catalogue))
    assert len(found) > 150
    assert [place for place, sources, confidence in found if not sources or confidence is None] == []


def test_every_source_is_a_web_page_or_says_what_it_is(catalogue: Catalogue) -> None:
    for place, sources, _ in figures(catalogue):
        for source in sources:
            assert source.cite or (source.url or "").startswith(("https://", "http://")), place
            assert source.publisher or source.cite, place


def test_high_confidence_is_more_than_the_word_of_one_family_of_reports(catalogue: Catalogue) -> None:
    """One source is enough where it is the vendor's own page, which no offer of this event has."""
    for name in TARGETS:
        for benefit in benefits(catalogue, name):
            families = {source.family or source.url or source.cite for source in benefit.sources}
            if benefit.confidence == "high":
                assert len(families) >= 2, f"{name} {benefit.kind}"


def test_every_effort_figure_is_founded(catalogue: Catalogue) -> None:
    data = catalogue.effort
    estimates = [data.day_rate, data.evaluation, data.per_prompt, data.reindex, data.retrain]
    for estimate in [*estimates, *data.integration.values(), *data.rework.values()]:
        assert estimate.sources or estimate.judgement
    assert set(data.integration) == {"compatible", "native"}
    assert set(data.services) == {"migration", "fine_tuning", "training", "consulting"}


def test_models_name_tokenizers_that_are_known(catalogue: Catalogue) -> None:
    known = catalogue.prices.tokenizers.tokenizers
    named = {
        (provider.provider, model.tokenizer)
        for provider in catalogue.prices.providers.values()
        for model in provider.models
        if model.tokenizer
    }
    assert [pair for pair in named if pair[1] not in known] == []


def test_prices_begin_no_earlier_than_their_model(catalogue: Catalogue) -> None:
    for provider in catalogue.prices.providers.values():
        for model in provider.models:
            first = min(price.from_ for price in model.prices)
            assert model.released is None or model.released <= first, model.id
            assert model.withdrawn is None or max(price.from_ for price in model.prices) < model.withdrawn, model.id


# ------------------------------------------------------------------------------------------------ the example


def test_the_event(catalogue: Catalogue) -> None:
    event = catalogue.events[EVENT].event
    assert (event.source, event.announced, event.as_of, event.cutoff) == (
        "openai", date(2024, 6, 25), DECISION, date(2024, 7, 9),
    )  # fmt: skip


def test_the_example_profile_is_answered(catalogue: Catalogue) -> None:
    profile, _ = read_profile_file(EFFORT.parent / "example-profile.yaml")
    answer = compare(profile, catalogue)
    assert {option.provider.provider for option in answer.options} >= set(TARGETS)
    assert answer.horizon.as_of == DECISION


@pytest.mark.parametrize("stance", ["cautious", "expected", "generous"])
def test_all_six_providers_take_an_ordinary_chat_workload(catalogue: Catalogue, stance: str) -> None:
    workload = {"model": "gpt-3.5-turbo", "input_tokens": 80_000_000, "output_tokens": 20_000_000}
    answer = compare({"event": EVENT, "stance": stance, "workloads": [workload]}, catalogue)
    assert {option.provider.provider for option in answer.options} >= set(TARGETS)
    assert all(option.total > 0 for option in answer.options)
    # 12 months of 80 million tokens at 0.5 and 20 million at 1.5 dollars, and 7.2628 yuan a dollar
    assert answer.baseline.total == pytest.approx(12 * (80 * 0.5 + 20 * 1.5) * 7.2628)


# ------------------------------------------------------------------------------------------------------ offers


def test_baidu_gives_50_million_tokens_a_match_migration_and_fine_tuning(catalogue: Catalogue) -> None:
    ernie = ["ernie-3.5-8k", "ernie-3.5-128k"]
    assert grants(catalogue, "baidu") == {"baidu-inclusive-program.0": (50_000_000, ernie)}
    (matched,) = [one for one in benefits(catalogue, "baidu") if isinstance(one, MatchedGrant)]
    assert (matched.months, matched.cap, matched.models) == (1, "unknown", ernie)
    assert services(catalogue, "baidu") == {"migration", "fine_tuning"}
    assert offers(catalogue, "baidu")["baidu-inclusive-program"].conditions.new_customer is True


def test_zhipu_gives_150_million_tokens_in_two_grants_training_consulting_and_a_match(catalogue: Catalogue) -> None:
    assert grants(catalogue, "zhipu") == {
        "zhipu-moving-plan.0": (50_000_000, ["glm-4"]),
        "zhipu-moving-plan.1": (100_000_000, ["glm-4-air"]),
    }
    assert services(catalogue, "zhipu") >= {"training", "consulting"}
    (matched,) = [one for one in benefits(catalogue, "zhipu") if isinstance(one, MatchedGrant)]
    assert (matched.months, matched.cap, matched.confidence) == (1, "unknown", "low")


def test_sensetime_gives_50_million_tokens(catalogue: Catalogue) -> None:
    assert grants(catalogue, "sensetime") == {"sensetime-free-tokens.0": (50_000_000, "unknown")}


def test_baichuan_gives_10_million_tokens(catalogue: Catalogue) -> None:
    assert grants(catalogue, "baichuan") == {"baichuan-free-tokens.0": (10_000_000, "unknown")}


def test_alibaba_gives_22_million_tokens_of_qwen_plus_and_migration(catalogue: Catalogue) -> None:
    assert grants(catalogue, "alibaba") == {"alibaba-free-tokens.0": (22_000_000, ["qwen-plus"])}
    assert services(catalogue, "alibaba") == {"migration"}


def test_tencent_gives_new_users_100_million_tokens_until_the_end_of_july_and_migration(catalogue: Catalogue) -> None:
    assert grants(catalogue, "tencent") == {"tencent-free-tokens.0": (100_000_000, "unknown")}
    offer = offers(catalogue, "tencent")["tencent-free-tokens"]
    assert (offer.claim.closes, offer.conditions.new_customer) == (date(2024, 7, 31), True)
    assert services(catalogue, "tencent") == {"migration"}


@pytest.mark.parametrize("provider", TARGETS)
def test_the_gifts_can_be_had_on_the_day_of_the_decision(catalogue: Catalogue, provider: str) -> None:
    workload = {"model": "gpt-3.5-turbo", "input_tokens": 1_000_000}
    answer = compare({"event": EVENT, "workloads": [workload]}, catalogue)
    (option,) = [option for option in answer.options if option.provider.provider == provider]
    assert [use.status for use in option.offers] == ["claimed"] * len(option.offers)
    assert option.offers


def test_tencents_gift_is_gone_in_august(catalogue: Catalogue) -> None:
    def status(day: str) -> dict[str, str]:
        profile = {"event": EVENT, "as_of": date.fromisoformat(day), "starts": date(2024, 8, 1)}
        answer = compare({**profile, "workloads": [{"model": "gpt-3.5-turbo"}]}, catalogue)
        (option,) = [option for option in answer.options if option.provider.provider == "tencent"]
        return {use.offer.id: use.status for use in option.offers}

    assert status("2024-07-31")["tencent-free-tokens"] == "claimed"
    assert status("2024-08-01")["tencent-free-tokens"] == "missed"


# ------------------------------------------------------------------------------------------------------ prices


@pytest.mark.parametrize(
    ("provider", "model", "given", "taken"),
    [
        ("openai", "gpt-4o", 5, 15),
        ("openai", "gpt-4-turbo", 10, 30),
        ("openai", "gpt-4", 30, 60),
        ("openai", "gpt-4-32k", 60, 120),
        ("openai", "gpt-3.5-turbo", 0.5, 1.5),
        ("openai", "gpt-3.5-turbo-1106", 1, 2),
        ("openai", "gpt-3.5-turbo-16k", 3, 4),
        ("openai", "text-embedding-ada-002", 0.1, None),
        ("openai", "text-embedding-3-small", 0.02, None),
        ("openai", "text-embedding-3-large", 0.13, None),
        ("baidu", "ernie-4.0-8k", 120, 120),
        ("baidu", "ernie-3.5-8k", 12, 12),
        ("baidu", "ernie-3.5-128k", 12, 12),
        ("baidu", "ernie-3.5-8k-0205", 24, 48),
        ("baidu", "ernie-speed-8k", 0, 0),
        ("baidu", "ernie-lite-128k", 0, 0),
        ("baidu", "ernie-tiny-8k", 0, 0),
        ("baidu", "embedding-v1", 2, None),
        ("zhipu", "glm-4", 100, 100),
        ("zhipu", "glm-4-0520", 100, 100),
        ("zhipu", "glm-4-air", 1, 1),
        ("zhipu", "glm-4-airx", 10, 10),
        ("zhipu", "glm-4-flash", 0.1, 0.1),
        ("zhipu", "glm-3-turbo", 1, 1),
        ("zhipu", "embedding-2", 0.5, None),
        ("sensetime", "sensechat", 12, 12),
        ("sensetime", "sensechat-32k", 36, 36),
        ("sensetime", "sensechat-128k", 60, 60),
        ("baichuan", "baichuan4", 100, 100),
        ("baichuan", "baichuan3-turbo", 12, 12),
        ("baichuan", "baichuan3-turbo-128k", 24, 24),
        ("baichuan", "baichuan2-turbo", 8, 8),
        ("baichuan", "baichuan2-turbo-192k", 16, 16),
        ("alibaba", "qwen-max", 40, 120),
        ("alibaba", "qwen-max-longcontext", 40, 120),
        ("alibaba", "qwen-plus", 4, 12),
        ("alibaba", "qwen-turbo", 2, 6),
        ("alibaba", "qwen-long", 0.5, 2),
        ("alibaba", "qwen-vl-plus", 8, 8),
        ("alibaba", "qwen-vl-max", 20, 20),
        ("alibaba", "qwen2-72b-instruct", 5, 10),
        ("alibaba", "qwen2-57b-a14b-instruct", 3.5, 7),
        ("alibaba", "qwen2-7b-instruct", 1, 2),
        ("alibaba", "qwen1.5-110b-chat", 7, 14),
        ("alibaba", "text-embedding-v1", 0.7, None),
        ("tencent", "hunyuan-pro", 30, 100),
        ("tencent", "hunyuan-standard", 4.5, 5),
        ("tencent", "hunyuan-standard-256k", 15, 60),
        ("tencent", "hunyuan-lite", 0, 0),
    ],
)
def test_the_list_price_of_28_june_2024(
    catalogue: Catalogue, provider: str, model: str, given: float, taken: float | None
) -> None:
    """Per million tokens, in dollars at OpenAI and in yuan elsewhere."""
    found = catalogue.prices.providers[provider]
    assert found.currency == ("USD" if provider == "openai" else "CNY")
    chosen = found.model(model)
    assert chosen is not None
    assert chosen.available_on(DECISION)
    price = chosen.price_on(DECISION)
    assert price is not None
    assert (price.input, price.output) == (given, taken)


@pytest.mark.parametrize(
    ("provider", "model", "days", "given"),
    [
        ("alibaba", "qwen-plus", ("2024-05-22", "2024-05-23"), (20, 4)),
        ("alibaba", "qwen-plus", ("2024-09-18", "2024-09-19"), (4, 0.8)),
        ("alibaba", "qwen-max", ("2024-05-22", "2024-05-23"), (120, 40)),
        ("alibaba", "qwen-turbo", ("2024-09-18", "2024-09-19"), (2, 0.3)),
        ("zhipu", "glm-4-flash", ("2024-06-04", "2024-06-05"), (None, 0.1)),
    ],
)
def test_price_changes_by_the_day(
    catalogue: Catalogue, provider: str, model: str, days: tuple[str, str], given: tuple[float | None, float | None]
) -> None:
    chosen = catalogue.prices.providers[provider].model(model)
    assert chosen is not None
    found = [chosen.price_on(date.fromisoformat(day)) for day in days]
    assert tuple(price.input if price else None for price in found) == given


def test_models_that_came_later_are_not_there_yet(catalogue: Catalogue) -> None:
    for provider, model in [("openai", "gpt-4o-mini"), ("zhipu", "glm-4-plus"), ("zhipu", "embedding-3")]:
        found = catalogue.prices.providers[provider].model(model)
        assert found is None or not found.available_on(DECISION) or found.price_on(DECISION) is None


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        ("2024-06-24", 7.2592), ("2024-06-25", 7.2626), ("2024-06-27", 7.2626), ("2024-06-28", 7.2628),
        ("2024-06-30", 7.2628), ("2024-07-01", 7.2682), ("2024-07-09", 7.2720), ("2024-07-19", 7.2695),
    ],
)  # fmt: skip
def test_the_exchange_rate_of_the_dollar(catalogue: Catalogue, day: str, rate: float) -> None:
    assert catalogue.prices.exchange("USD", "CNY", date.fromisoformat(day)) == rate
    assert catalogue.prices.exchange("CNY", "USD", date.fromisoformat(day)) == 1 / rate


@pytest.mark.parametrize(
    ("provider", "compatible"),
    [
        ("alibaba", True), ("zhipu", True), ("baichuan", True),
        ("baidu", False), ("tencent", False), ("sensetime", False),
    ],
)  # fmt: skip
def test_who_understood_the_openai_interface_in_july_2024(
    catalogue: Catalogue, provider: str, compatible: bool
) -> None:
    since = catalogue.prices.providers[provider].api.compatible_since
    assert (since is not None and since <= date(2024, 7, 9)) == compatible
