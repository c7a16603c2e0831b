"""Data files with mistakes: what a contributor is told, with file and line, for each kind of file."""

from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from written import (
    EVENT,
    OFFER,
    OFFERS_FOLDER,
    PRICES_FOLDER,
    PROVIDER,
    RATES,
    SOURCE,
    TOKENIZERS,
    replaced,
    write_files,
)

from calculator.catalogue import load_catalogue, read_catalogue
from calculator.effort import load_effort
from offers import load_offers
from offers.schema import MatchedGrant, TokenGrant
from pricing import InputError, Prices, Text, load_prices
from pricing.schema import ExchangeRates, Tokenizers
from pricing.yaml_reader import in_order

EFFORT = Path(__file__).resolve().parent.parent / "calculator" / "data" / "effort.yaml"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Problems show paths as seen from the current folder."""
    monkeypatch.chdir(tmp_path)


def prices_of(folder: Path, files: dict[str, str | bytes]) -> tuple[Prices, list[str]]:
    write_files(folder, {**PRICES_FOLDER, **files})
    prices, problems = load_prices(folder / "prices")
    return prices, [str(problem) for problem in in_order(problems)]


def told_of_provider(folder: Path, text: str) -> list[str]:
    return prices_of(folder, {"prices/providers/zhipu.yaml": text})[1]


def told_of_offers(folder: Path, text: str, event: str = EVENT) -> list[str]:
    files = {"offers/openai-2024/event.yaml": event, "offers/openai-2024/zhipu.yaml": text}
    write_files(folder, {**PRICES_FOLDER, **files})
    prices, problems = load_prices(folder / "prices")
    assert problems == []
    return [str(problem) for problem in load_offers(prices, folder / "offers")[1]]


def told_of_event(folder: Path, text: str) -> list[str]:
    return told_of_offers(folder, OFFER, text)


def test_files_without_mistakes_load(tmp_path: Path) -> None:
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER})
    catalogue = load_catalogue(tmp_path / "offers", tmp_path / "prices")
    assert sorted(catalogue.prices.providers) == ["openai", "zhipu"]
    assert [offer.id for offer in catalogue.events["openai-2024"].offers["zhipu"]] == ["zhipu-plan"]


# ------------------------------------------------------------------------------------------------------ prices

ZHIPU = "prices/providers/zhipu.yaml"
PRICE_KEYS = "batch_discount, cached_input, confidence, date_evidence, from, input, note, output, sources, training"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("        input: 100", "        inptu: 100", ":10:9: unknown key `inptu` (did you mean `input`?); allowed: "),
        ("currency: CNY", "curency: CNY", ":2:1: unknown key `curency` (did you mean `currency`?); allowed: "),
        ("    tier: flagship", "    tire: flagship", ":6:5: unknown key `tire` (did you mean `tier`?); allowed: "),
        ("        output: 100", "        output: 100\n        zzz: 1", ":12:9: unknown key `zzz`; allowed: "),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_valid_one(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert any(line.startswith(ZHIPU + told) for line in told_of_provider(tmp_path, replaced(PROVIDER, old, new)))


def test_an_unknown_key_is_told_with_the_keys_of_its_place(tmp_path: Path) -> None:
    told = told_of_provider(tmp_path, replaced(PROVIDER, "        input: 100", "        inptu: 100"))
    allowed = told[-1].partition("allowed: ")[2].split(", ")
    assert set(PRICE_KEYS.split(", ")) <= set(allowed)
    assert "tier" not in allowed
    assert allowed == sorted(allowed)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("input: 100", "input: -1", ":10:9: input must be a number of at least 0, or unknown (got -1)"),
        ("input: 100", "input: cheap", ":10:9: input must be a number of at least 0, or unknown (got 'cheap')"),
        ("input: 100", "input: 1e19", ":10:9: input must be a number of at least 0, or unknown (got 1e+19)"),
        ("input: 100", "input: true", ":10:9: input must be a number of at least 0, or unknown (got True)"),
        ("input: 100", "input: '100'", ":10:9: input must be a number of at least 0, or unknown (got '100')"),
        ("output: 100", "output: [1, 2]", ":11:9: output must be a number of at least 0, null or unknown (got a list)"),
        ("output: 100", "output: 100\n        batch_discount: 50",
         ":12:9: batch_discount must be <= 1 (got 50); 50 % is written 0.5"),
        ("output: 100", "output: 100\n        batch_discount: -0.5", ":12:9: batch_discount must be >= 0 (got -0.5)"),
        ("released: 2024-01-16", "released: soon",
         ":7:5: released must be a date like 2024-07-09, or null (got 'soon')"),
        ("released: 2024-01-16", "released: 2024-02-30",
         ":7:5: released must be a date like 2024-07-09, or null (got '2024-02-30')"),
        ("released: 2024-01-16", "released: 2024-01-16\n    context: 128k",
         ":8:5: context must be a whole number (got '128k'); write 128_000, without quotes, commas or units"),
        ("released: 2024-01-16", "released: 2024-01-16\n    context: 0", ":8:5: context must be > 0 (got 0)"),
        ("released: 2024-01-16", "released: 2024-01-16\n    context: 0.5",
         ":8:5: context must be a whole number (got 0.5)"),
        ("released: 2024-01-16", "released: 2024-01-16\n    features: tools",
         ":8:5: features must be a list (got 'tools')"),
        ("  - id: glm-4", "  - id: 4", ":5:5: id must be a text (got 4)"),
        ("  - id: glm-4", "  - id: ''", ":5:5: id must be a text of at least 1 and at most 200 characters (got '')"),
        ("  - id: glm-4", "  - id:", ":5:5: id is empty; it must be a text"),
        ("currency: CNY", "currency: yuan",
         ":2:1: currency must be three capital letters such as CNY or USD (got 'yuan')"),
        ("tier: flagship", "tier: flagshp",
         ":6:5: tier must be one of flagship, standard, light (got 'flagshp') (did you mean `flagship`?)"),
        ("tier: flagship", "kind: chet",
         ":6:5: kind must be one of chat, embedding (got 'chet') (did you mean `chat`?)"),
        ("tier: flagship", "kind: chat", ":5:5: a chat model needs `tier`: flagship, standard or light"),
        ("tier: flagship", "tier: flagship\n    kind: embedding", ":5:5: an embedding model has no `tier`"),
        ("        output: 100\n", "", ":5:5: the price of a chat model needs `output` (a number, or unknown)"),
        ("        input: 100\n", "", ":9:9: `input` is missing"),
        ("from: 2024-01-16", "from: 1999-12-31",
         ":9:9: from must be a day from 2000-01-01 to 2100-12-31 (got 1999-12-31)"),
        ("from: 2024-01-16", "from: 2101-01-01",
         ":9:9: from must be a day from 2000-01-01 to 2100-12-31 (got 2101-01-01)"),
        ("currency: CNY", "currency: CNY\ncurrency: USD", ":3:1: the key `currency` stands here twice"),
        ("sources: [{cite: price list}]\n", "",
         ":8:9: no source: add `sources:` here, or once on the file or the record above"),
        ("sources: [{cite: price list}]", "sources: []",
         ":3:1: no source: add `sources:` here, or once on the file or the record above"),
        ("[{cite: price list}]", "[{publisher: Zhipu}]",
         ":3:11: a source needs `url:`, or `cite:` for what has no address"),
        ("[{cite: price list}]", "[{cite: price list, published: yesterday}]",
         ":3:30: published must be a date like 2024-07-09, or null (got 'yesterday')"),
        ("currency: CNY", "currency: CNY\nconfidence: hgih",
         ":3:1: confidence must be one of high, medium, low (got 'hgih') (did you mean `high`?)"),
        ("currency: CNY", "currency: CNY\nname: {en: Zhipu}", ":3:1: `zh` is missing"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_of_prices_is_told_by_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = PROVIDER.replace(old, new)
    assert ZHIPU + told in told_of_provider(tmp_path, text)


def test_two_prices_from_one_day_overlap(tmp_path: Path) -> None:
    again = "      - {from: 2024-01-16, input: 50, output: 50}\n"
    later = "      - {from: 2024-01-17, input: 50, output: 50}\n"
    assert told_of_provider(tmp_path, PROVIDER + again) == [f"{ZHIPU}:12:10: glm-4 has two prices from 2024-01-16"]
    assert told_of_provider(tmp_path, PROVIDER + later) == []


def test_ids_are_unique(tmp_path: Path) -> None:
    again = "  - {id: glm-4, tier: light, prices: [{from: 2024-06-05, input: 1, output: 1}]}\n"
    assert told_of_provider(tmp_path, PROVIDER + again) == [f"{ZHIPU}:12:6: a second model with the id glm-4"]
    _, told = prices_of(tmp_path, {ZHIPU: PROVIDER, "prices/providers/zzz.yaml": PROVIDER})
    assert told == ["prices/providers/zzz.yaml:1:1: the provider zhipu has a file already"]


def test_figures_inherit_sources_and_confidence_from_the_model_and_from_the_file(tmp_path: Path) -> None:
    text = """\
        provider: zhipu
        currency: CNY
        sources: [{cite: file}]
        confidence: low
        models:
          - id: of-the-file
            tier: light
            prices: [{from: 2024-01-01, input: 1, output: 1}]
          - id: of-the-model
            tier: light
            sources: [{cite: model}]
            prices: [{from: 2024-01-01, input: 1, output: 1}]
          - id: its-own
            tier: light
            confidence: medium
            prices:
              - {from: 2024-01-01, input: 1, output: 1, sources: [{cite: price}]}
              - {from: 2024-02-01, input: 1, output: 1, confidence: high}
        """
    prices, told = prices_of(tmp_path, {ZHIPU: text})
    assert told == []
    found = {
        (model.id, price.from_.month): ([source.cite for source in price.sources], price.confidence)
        for model in prices.providers["zhipu"].models
        for price in model.prices
    }
    assert found == {
        ("of-the-file", 1): (["file"], "low"),
        ("of-the-model", 1): (["model"], "low"),
        ("its-own", 1): (["price"], "medium"),
        ("its-own", 2): (["file"], "high"),
    }


def test_a_provider_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    prices, told = prices_of(tmp_path, {ZHIPU: "provider: ["})
    assert list(prices.providers) == ["openai"]
    assert len(told) == 1
    assert told[0].startswith(f"{ZHIPU}:")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"provider: \xff\xfe", ":1:1: the file is not UTF-8 text"),
        ("provider: 智谱".encode("gb18030"), ":1:1: the file is not UTF-8 text"),
        ("", ":1:1: "),
        ("- a list\n", ":1:1: "),
        ("just words\n", ":1:1: "),
        ("provider: [1, 2\ncurrency: CNY\n", ":2:"),
    ],
)
def test_a_file_that_is_no_record_is_told_in_one_line(tmp_path: Path, content: str | bytes, told: str) -> None:
    _, problems = prices_of(tmp_path, {ZHIPU: content})
    assert len(problems) == 1
    assert problems[0].startswith(ZHIPU + told)


def test_a_folder_with_the_name_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "prices/providers/folder.yaml").mkdir(parents=True)
    _, told = prices_of(tmp_path, {})
    assert told == ["prices/providers/folder.yaml:1:1: the file cannot be read: Is a directory"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    prices, problems = load_prices(tmp_path / "nowhere")
    assert (prices.providers, list(map(str, problems))) == ({}, ["nowhere:1:1: there is no folder `providers` here"])


def test_a_path_outside_the_current_folder_is_shown_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    _, (problem,) = load_prices(tmp_path / "nowhere")
    assert problem.file == str(tmp_path / "nowhere")


# --------------------------------------------------------------------------------- exchange rates and tokenizers


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rate: 7.1", "rate: 0", ":4:28: rate must be > 0 (got 0)"),
        ("rate: 7.1", "rate: -7.1", ":4:28: rate must be > 0 (got -7.1)"),
        ("rate: 7.1", "rate: much", ":4:28: rate must be a number (got 'much')"),
        ("rate: 7.1", "rat: 7.1", ":4:28: unknown key `rat` (did you mean `rate`?); allowed: "),
        ("rate: 7.1}", "rate: 7.1}, {from: 2024-01-02, rate: 7}", ":4:41: a second rate from 2024-01-02"),
        ("USD", "usd", ":4:3: "),
        ("base: CNY", "base: Yuan", ":1:1: base must be three capital letters such as CNY or USD (got 'Yuan')"),
        ("base: CNY", "bse: CNY", ":1:1: unknown key `bse` (did you mean `base`?); allowed: "),
        ("sources: [{cite: bank}]\n", "",
         ":3:9: no source: add `sources:` here, or once on the file or the record above"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_exchange_rates_is_told_by_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    _, problems = prices_of(tmp_path, {"prices/exchange-rates.yaml": replaced(RATES, old, new)})
    assert any(problem.startswith("prices/exchange-rates.yaml" + told) for problem in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("zh: 1154", "zh: 0", ":3:36: zh must be > 0 (got 0)"),
        ("zh: 1154", "zh: many", ":3:36: zh must be a number (got 'many')"),
        ("en: 199", "enn: 199", ":3:46: enn must be one of zh, en, code, json (got 'enn') (did you mean `en`?)"),
        ("en: 199}", "en: 199}, basis: guessed",
         ":3:56: basis must be one of measured, stated, assumed (got 'guessed')"),
        ("tokens_per_1000_chars", "tokens_per_char",
         ":3:12: unknown key `tokens_per_char` (did you mean `tokens_per_1000_chars`?); allowed: "),
        ("sources: [{cite: measured}]\n", "",
         ":2:3: no source: add `sources:` here, or once on the file or the record above"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_tokenizers_is_told_by_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    _, problems = prices_of(tmp_path, {"prices/tokenizers.yaml": replaced(TOKENIZERS, old, new)})
    assert any(problem.startswith("prices/tokenizers.yaml" + told) for problem in problems), problems


def test_rates_and_tokenizers_may_be_absent(tmp_path: Path) -> None:
    write_files(tmp_path, {ZHIPU: PROVIDER})
    prices, problems = load_prices(tmp_path / "prices")
    assert problems == []
    day = date(2024, 6, 28)
    assert prices.exchange("USD", "USD", day) == 1
    assert prices.exchange("USD", "CNY", day) is None


def test_a_rate_holds_from_its_day_until_the_next(tmp_path: Path) -> None:
    rates = "sources: [{cite: bank}]\nrates: {USD: [{from: 2024-06-28, rate: 8}, {from: 2024-01-02, rate: 7}]}\n"
    prices, told = prices_of(tmp_path, {"prices/exchange-rates.yaml": rates})
    assert told == []
    days = [date(2024, 1, 1), date(2024, 1, 2), date(2024, 6, 27), date(2024, 6, 28), date(2030, 1, 1)]
    assert [prices.exchange("USD", "CNY", day) for day in days] == [None, 7, 7, 8, 8]
    assert prices.exchange("CNY", "USD", days[-1]) == 1 / 8
    assert prices.exchange("EUR", "USD", days[-1]) is None


# ------------------------------------------------------------------------------------------------------- events

EVENT_FILE = "offers/openai-2024/event.yaml"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("source: openai", "source: opennai",
         ":2:1: unknown provider `opennai` (did you mean `openai`?); known: openai, zhipu"),
        ("source: openai", "sorce: openai", ":2:1: unknown key `sorce` (did you mean `source`?); allowed: "),
        ("source: openai\n", "", ":1:1: `source` is missing"),
        ("cutoff: 2024-07-09", "cutoff: 2024-06-24",
         ":4:1: the cut-off 2024-06-24 is before the announcement 2024-06-25"),
        ("cutoff: 2024-07-09", "cutoff: 9 July",
         ":4:1: cutoff must be a date like 2024-07-09, or null (got '9 July')"),
        ("announced: 2024-06-25", "announced: 2024-06-31",
         ":3:1: announced must be a day of the calendar, like 2024-07-09 (got '2024-06-31')"),
        ("announced: 2024-06-25", "announced: null",
         ":3:1: announced is empty; it must be a day of the calendar, like 2024-07-09"),
        ("announced: 2024-06-25", "announced: 2024-06-25\nannounced: 2024-06-25",
         ":4:1: the key `announced` stands here twice"),
        ("sources: [{cite: mail}]", "",
         ":1:1: no source: add `sources:` here, or once on the file or the record above"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_event_is_told_by_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    problems = told_of_event(tmp_path, replaced(EVENT, old, new))
    assert any(problem.startswith(EVENT_FILE + told) for problem in problems), problems


def test_the_cut_off_may_be_the_day_of_the_announcement(tmp_path: Path) -> None:
    assert told_of_event(tmp_path, replaced(EVENT, "cutoff: 2024-07-09", "cutoff: 2024-06-25")) == []


def test_a_second_event_with_the_same_id_is_told(tmp_path: Path) -> None:
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER, "offers/other/event.yaml": EVENT})
    prices, _ = load_prices(tmp_path / "prices")
    _, problems = load_offers(prices, tmp_path / "offers")
    assert list(map(str, problems)) == ["offers/other/event.yaml:1:1: there is a second event with the id openai-2024"]


@pytest.mark.parametrize("folder", ["nowhere", "prices"])
def test_a_folder_without_events_is_told(tmp_path: Path, folder: str) -> None:
    write_files(tmp_path, PRICES_FOLDER)
    events, problems = load_offers(Prices({}, ExchangeRates(), Tokenizers()), tmp_path / folder)
    assert (events, list(map(str, problems))) == ({}, [f"{folder}:1:1: there is no `<event>/event.yaml` here"])


def test_the_folder_of_one_event_can_be_given_too(tmp_path: Path) -> None:
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER})
    prices, _ = load_prices(tmp_path / "prices")
    assert load_offers(prices, tmp_path / "offers/openai-2024") == load_offers(prices, tmp_path / "offers")


# ------------------------------------------------------------------------------------------------------- offers

ZHIPU_OFFERS = "offers/openai-2024/zhipu.yaml"
GRANT = """\
      - kind: token_grant
        tokens: 50_000_000
        models: [glm-4]
        valid_days: unknown
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("provider: zhipu", "provider: zhipo",
         ":1:1: unknown provider `zhipo` (did you mean `zhipu`?); known: openai, zhipu"),
        ("models: [glm-4]", "models: [glm-4, glm4]",
         ":9:25: unknown model `glm4` (did you mean `glm-4`?); known: glm-4"),
        ("models: [glm-4]", "models: [gpt-4o]", ":9:18: unknown model `gpt-4o`; known: glm-4"),
        ("models: [glm-4]", "models: glm-4",
         ":9:9: models must be a list of the provider's model ids, all or unknown (got 'glm-4')"),
        ("models: [glm-4]", "models: []",
         ":9:9: models must be a list of the provider's model ids, all or unknown (got a list)"),
        ("models: [glm-4]", "modles: [glm-4]", ":9:9: unknown key `modles` (did you mean `models`?); allowed: "),
        ("tokens: 50_000_000", "tokens: -1", ":8:9: tokens must be > 0 (got -1)"),
        ("tokens: 50_000_000", "tokens: 0", ":8:9: tokens must be > 0 (got 0)"),
        ("tokens: 50_000_000", "tokens: 50M", ":8:9: tokens must be a number (got '50M')"),
        ("tokens: 50_000_000", "tokens: 2e18", ":8:9: tokens must be <= 1e+18 (got 2e+18)"),
        ("        tokens: 50_000_000\n", "", ":7:9: `tokens` is missing"),
        ("valid_days: unknown", "valid_days: 0",
         ":10:9: valid_days must be a whole number of days above 0, null (no end) or unknown (got 0)"),
        ("valid_days: unknown", "valid_days: 30.5",
         ":10:9: valid_days must be a whole number of days above 0, null (no end) or unknown (got 30.5)"),
        ("valid_days: unknown", "valid_until: some day",
         ":10:9: valid_until must be a date like 2024-07-09, or null (got 'some day')"),
        ("        valid_days: unknown\n", "",
         ":7:9: say how long it lives: `valid_days` (days, null for no end, or unknown) or `valid_until`"),
        ("kind: token_grant", "kind: token_gift",
         ":7:9: kind must be one of token_grant, matched_grant, discount, voucher, service (got 'token_gift')"
         " (did you mean `token_grant`?)"),
        ("kind: token_grant", "pool: shared", ":7:9: `kind` is missing"),
        ("valid_days: unknown", "valid_days: unknown\n        pool: perModel",
         ":11:9: pool must be one of shared, per_model (got 'perModel') (did you mean `per_model`?)"),
        ("closes: unknown", "closes: 2024-06-24",
         ":4:5: claim closes on 2024-06-24, before it opens on 2024-06-25"),
        ("closes: unknown", "closes: soon",
         ":4:32: closes must be a date like 2024-07-09, null (no end) or unknown (got 'soon')"),
        ("opens: 2024-06-25", "opens: null",
         ":4:13: opens must be a date like 2024-07-09, or unknown (got None)"),
        ("opens: 2024-06-25, ", "", ":4:5: `opens` is missing"),
        ("    claim: {opens: 2024-06-25, closes: unknown}\n", "", ":3:5: `claim` is missing"),
        ("claim: {opens", "clam: {opens", ":4:5: unknown key `clam` (did you mean `claim`?); allowed: "),
        ("    sources: [{cite: page}]\n", "    conditions: {new_customer: yes}\n",
         ":5:18: new_customer must be true, false or unknown (got 'yes')"),
        ("    sources: [{cite: page}]\n", "    conditions: {acount: any}\n",
         ":5:18: unknown key `acount` (did you mean `account`?); allowed: account, min_monthly_tokens, new_customer"),
        ("    sources: [{cite: page}]\n", "    conditions: {account: firm}\n",
         ":5:18: account must be one of any, enterprise, individual, unknown (got 'firm')"),
        ("    sources: [{cite: page}]\n", "    conditions: {min_monthly_tokens: -1}\n",
         ":5:18: min_monthly_tokens must be >= 0 (got -1)"),
        ("    sources: [{cite: page}]\n", "",
         ":6:9: no source: add `sources:` here, or once on the file or the record above"),
        ("    sources: [{cite: page}]\n", "    sources: [{cite: page}]\n    id: again\n",
         ":6:5: the key `id` stands here twice"),
        (GRANT, "      - {kind: voucher, amount: -14, valid_days: null}\n",
         ":7:25: amount must be > 0 (got -14)"),
        (GRANT, "      - {kind: discount, share: 80, until: null}\n", ":7:26: share must be <= 1 (got 80)"),
        (GRANT, "      - {kind: discount, share: 0.8}\n", ":7:9: `until` is missing"),
        (GRANT, "      - {kind: discount, share: 0.8, until: never}\n",
         ":7:38: until must be a date like 2024-07-09, null (no end) or unknown (got 'never')"),
        (GRANT, "      - {kind: service, service: tuning}\n",
         ":7:25: service must be one of migration, fine_tuning, training, consulting (got 'tuning')"
         " (did you mean `training`?)"),
        (GRANT, "      - {kind: matched_grant, months: 0, valid_days: null}\n", ":7:31: months must be > 0 (got 0)"),
        (GRANT, "      - {kind: matched_grant, months: 1, cap: -5, valid_days: null}\n",
         ":7:42: cap must be a number of at least 0, null or unknown (got -5)"),
        (GRANT, "      - {kind: matched_grant, months: 1, cup: 5, valid_days: null}\n",
         ":7:42: unknown key `cup` (did you mean `cap`?); allowed: "),
    ],
)  # fmt: skip
def test_a_mistake_in_an_offer_is_told_by_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    problems = told_of_offers(tmp_path, replaced(OFFER, old, new))
    assert any(problem.startswith(ZHIPU_OFFERS + told) for problem in problems), problems


def test_the_keys_of_a_benefit_are_those_of_its_kind(tmp_path: Path) -> None:
    wrong = "      - {kind: voucher, amount: 14, models: all, valid_days: null}\n"
    (problem,) = told_of_offers(tmp_path, replaced(OFFER, GRANT, wrong))
    allowed = problem.partition("allowed: ")[2].split(", ")
    assert allowed == ["amount", "confidence", "kind", "note", "sources", "valid_days", "valid_until"]


def test_a_claim_may_close_on_the_day_on_which_it_opens(tmp_path: Path) -> None:
    assert told_of_offers(tmp_path, replaced(OFFER, "closes: unknown", "closes: 2024-06-25")) == []


@pytest.mark.parametrize("life", ["valid_days: null", "valid_until: 2024-12-31", "valid_until: null"])
def test_a_life_is_said_by_either_key(tmp_path: Path, life: str) -> None:
    assert told_of_offers(tmp_path, replaced(OFFER, "valid_days: unknown", life)) == []


def test_a_second_offer_with_the_same_id_is_told_in_any_file_of_the_event(tmp_path: Path) -> None:
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER, "offers/openai-2024/zz.yaml": OFFER})
    prices, _ = load_prices(tmp_path / "prices")
    events, problems = load_offers(prices, tmp_path / "offers")
    assert list(map(str, problems)) == ["offers/openai-2024/zz.yaml:3:5: a second offer with the id zhipu-plan"]
    assert len(events["openai-2024"].offers["zhipu"]) == 2


def test_benefits_inherit_sources_and_confidence_from_the_offer_and_from_the_file(tmp_path: Path) -> None:
    text = """\
        provider: zhipu
        sources: [{cite: file}]
        confidence: low
        offers:
          - id: bare
            claim: {opens: 2024-06-25}
            benefits:
              - {kind: token_grant, tokens: 1, valid_days: null}
          - id: dressed
            claim: {opens: 2024-06-25}
            sources: [{cite: offer}]
            confidence: medium
            benefits:
              - {kind: matched_grant, months: 1, valid_days: null}
              - {kind: service, service: migration, sources: [{cite: benefit}], confidence: high}
        """
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER, ZHIPU_OFFERS: text})
    prices, _ = load_prices(tmp_path / "prices")
    events, problems = load_offers(prices, tmp_path / "offers")
    assert problems == []
    found = [
        (benefit.kind, [source.cite for source in benefit.sources], benefit.confidence)
        for offer in events["openai-2024"].offers["zhipu"]
        for benefit in offer.benefits
    ]
    assert found == [
        ("token_grant", ["file"], "low"),
        ("matched_grant", ["offer"], "medium"),
        ("service", ["benefit"], "high"),
    ]


def test_keys_left_out_have_their_defaults(tmp_path: Path) -> None:
    text = "provider: zhipu\nsources: [{cite: page}]\noffers: [{id: a, claim: {opens: 2024-06-25}, benefits: [%s]}]\n"
    benefits = "{kind: token_grant, tokens: 1, valid_days: 1}, {kind: matched_grant, months: 1, valid_days: 1}"
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER, ZHIPU_OFFERS: text % benefits})
    prices, _ = load_prices(tmp_path / "prices")
    events, problems = load_offers(prices, tmp_path / "offers")
    assert problems == []
    (offer,) = events["openai-2024"].offers["zhipu"]
    assert offer.claim.closes is None
    assert (offer.conditions.new_customer, offer.conditions.account, offer.conditions.min_monthly_tokens) == (
        False, "any", 0,
    )  # fmt: skip
    grant, matched = offer.benefits
    assert isinstance(grant, TokenGrant)
    assert (grant.models, grant.pool) == ("all", "shared")
    assert isinstance(matched, MatchedGrant)
    assert (matched.models, matched.pool, matched.cap) == ("all", "shared", None)


def test_an_event_with_mistakes_does_not_hide_those_of_its_offers(tmp_path: Path) -> None:
    event = replaced(EVENT, "announced:", "anounced:")
    problems = told_of_offers(tmp_path, replaced(OFFER, "tokens: 50_000_000", "tokens: 0"), event)
    assert {problem.split(":")[0] for problem in problems} == {EVENT_FILE, ZHIPU_OFFERS}


# ------------------------------------------------------------------------------------------------------- effort


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("evaluation:\n  low: 2\n  mode: 4", "evaluation:\n  low: 2\n  mode: 1", "low, mode and high must rise"),
        ("evaluation:\n  low: 2", "evaluation:\n  low: -2", "low must be >= 0 (got -2)"),
        ("evaluation:\n  low: 2", "evaluation:\n  lwo: 2", "unknown key `lwo` (did you mean `low`?); allowed: "),
        ("reindex:\n", "reindx:\n", "unknown key `reindx` (did you mean `reindex`?); allowed: "),
        ("  fine_tuning:\n    retrain: 0.5", "  fine_tuning:\n    retrain: 1.5", "retrain must be <= 1 (got 1.5)"),
        ("  fine_tuning:\n    retrain", "  tuning:\n    retrain",
         "tuning must be one of migration, fine_tuning, training, consulting (got 'tuning')"),
        ("reindex:\n  low: 1\n", "reindex:\n  low: 1\n  low: 1\n", "the key `low` stands here twice"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_effort_data_is_told_by_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    shipped = EFFORT.read_text("utf-8")
    text = replaced(shipped, old, new)
    pairs = zip(shipped.splitlines(), text.splitlines(), strict=False)
    line = next(number for number, (before, after) in enumerate(pairs, 1) if before != after)
    write_files(tmp_path, {"effort.yaml": text})
    with pytest.raises(InputError) as error:
        load_effort(tmp_path / "effort.yaml")
    near = [problem for problem in error.value.problems if told in str(problem)]
    assert [problem for problem in near if abs(problem.line - line) <= 2], error.value


def test_a_figure_of_the_effort_data_says_where_it_is_from(tmp_path: Path) -> None:
    write_files(tmp_path, {"effort.yaml": "evaluation: {low: 1, mode: 2, high: 3}\n"})
    with pytest.raises(InputError, match=r"effort\.yaml:1:1: say where the figure is from: `sources:` or `judgement:`"):
        load_effort(tmp_path / "effort.yaml")


# ---------------------------------------------------------------------------------------------- all at once


def test_mistakes_in_several_files_are_told_together_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            **PRICES_FOLDER,
            **OFFERS_FOLDER,
            "prices/providers/openai.yaml": replaced(SOURCE, "currency: USD", "currency: dollar"),
            ZHIPU: replaced(replaced(PROVIDER, "output: 100", "output: -1"), "tier: flagship", "tier: big"),
            "prices/exchange-rates.yaml": replaced(RATES, "rate: 7.1", "rate: 0"),
            ZHIPU_OFFERS: replaced(OFFER, "tokens: 50_000_000", "tokens: 0"),
        },
    )
    with pytest.raises(InputError) as error:
        load_catalogue(tmp_path / "offers", tmp_path / "prices")
    places = [(problem.file, problem.line) for problem in error.value.problems]
    assert places == sorted(places)
    assert {
        (ZHIPU_OFFERS, 8),
        ("prices/exchange-rates.yaml", 4),
        ("prices/providers/openai.yaml", 2),
        (ZHIPU, 6),
        (ZHIPU, 11),
    } <= set(places)
    assert str(error.value) == "\n".join(map(str, error.value.problems))


def test_what_could_be_read_is_given_beside_the_problems(tmp_path: Path) -> None:
    broken = replaced(OFFER, "tokens: 50_000_000", "tokens: 0")
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER, ZHIPU_OFFERS: broken})
    catalogue, problems = read_catalogue(tmp_path / "offers", tmp_path / "prices")
    assert catalogue is not None
    assert sorted(catalogue.prices.providers) == ["openai", "zhipu"]
    assert len(problems) == 1


def test_effort_data_with_mistakes_leave_no_catalogue_but_all_problems(tmp_path: Path) -> None:
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER, "prices/providers/zhipu.yaml": PROVIDER + "oops: 1\n"})
    broken = write_files(tmp_path, {"effort.yaml": "day_rate: 1\n"}) / "effort.yaml"
    with pytest.raises(InputError) as told:
        load_effort(broken)
    assert "day_rate" in str(told.value)
    with patch("calculator.catalogue.load_effort", side_effect=told.value):
        catalogue, problems = read_catalogue(tmp_path / "offers", tmp_path / "prices")
    assert catalogue is None
    assert {Path(problem.file).name for problem in problems} == {"zhipu.yaml", "effort.yaml"}


def test_text_is_written_back_in_the_languages_in_which_it_was_given(tmp_path: Path) -> None:
    titled = replaced(OFFER, "id: zhipu-plan", "id: zhipu-plan\n    title: {en: Plan, zh: 计划}")
    write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER, "offers/openai-2024/zhipu.yaml": titled})
    catalogue = load_catalogue(tmp_path / "offers", tmp_path / "prices")
    (offer,) = catalogue.events["openai-2024"].offers["zhipu"]
    assert (offer.label("en"), offer.label("zh")) == ("Plan", "计划")
    assert offer.model_dump()["title"] == {"en": "Plan", "zh": "计划"}
    (source,) = offer.benefits[0].sources
    assert source.model_dump()["cite"] == "page"


def test_a_sentence_shows_itself_and_can_be_compared() -> None:
    one, same, other = Text("{n} days", n=1), Text("{n} days", n=1), Text("{n} days", n=2)
    assert (repr(one), str(other)) == ("Text('1 days')", "2 days")
    assert {one, same, other} == {one, other}
