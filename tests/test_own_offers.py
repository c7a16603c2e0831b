"""Offers that somebody brings along: they are added or replace their like; what is wrong with them is told by line."""

from pathlib import Path

import pytest
import yaml
from written import EVENT, OFFER, OFFERS_FOLDER, PRICES_FOLDER, replaced, write_files

from calculator import Catalogue, load_catalogue
from offers.catalogue import MAX_BYTES, TEMPLATES, add_offers
from pricing import InputError

OTHER = """\
provider: south
currency: CNY
sources: [{cite: price list}]
models: [{id: wind, tier: light, prices: [{from: 2024-01-16, input: 1, output: 1}]}]
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    folder = write_files(tmp_path, {**PRICES_FOLDER, **OFFERS_FOLDER, "prices/providers/south.yaml": OTHER})
    return load_catalogue(folder / "offers", folder / "prices")


def ids(catalogue: Catalogue, *texts: str) -> dict[str, list[str]]:
    events = catalogue.events
    for text in texts:
        events = add_offers(events, "openai-2024", text, "mine.yaml", catalogue.prices)
    return {provider: [offer.id for offer in offers] for provider, offers in events["openai-2024"].offers.items()}


def told(catalogue: Catalogue, text: str) -> list[str]:
    with pytest.raises(InputError) as error:
        add_offers(catalogue.events, "openai-2024", text, "mine.yaml", catalogue.prices)
    return [str(problem) for problem in error.value.problems]


def test_an_offer_is_added_to_its_provider_and_one_of_the_same_id_is_replaced(catalogue: Catalogue) -> None:
    quote = replaced(OFFER, "id: zhipu-plan", "id: quote")
    better = replaced(OFFER, "50_000_000", "70_000_000")
    southern = replaced(replaced(replaced(OFFER, "zhipu\n", "south\n"), "zhipu-plan", "south-plan"), "glm-4", "wind")
    assert ids(catalogue, quote) == {"zhipu": ["zhipu-plan", "quote"]}
    assert ids(catalogue, better) == {"zhipu": ["zhipu-plan"]}
    assert ids(catalogue, quote, southern) == {"zhipu": ["zhipu-plan", "quote"], "south": ["south-plan"]}
    (only,) = add_offers(catalogue.events, "openai-2024", better, "x", catalogue.prices)["openai-2024"].offers["zhipu"]
    assert only.benefits[0].tokens == 70_000_000
    assert ids(catalogue) == {"zhipu": ["zhipu-plan"]}  # what was loaded is as it was


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("provider: zhipu", "provider: zhipoo", "mine.yaml:1:1: unknown provider `zhipoo` (did you mean `zhipu`?)"),
        ("provider: zhipu", "provider: openai", "mine.yaml:1:1: openai is the provider that is left"),
        ("[glm-4]", "[glm-5]", "mine.yaml:9:18: unknown model `glm-5` (did you mean `glm-4`?)"),
        ("tokens: 50", "token: 50", "unknown key `token` (did you mean `tokens`?)"),
        ("closes: unknown", "closes: 2024-06-01", "mine.yaml:4:"),
        ("valid_days: unknown", "valid_days: -5", "mine.yaml:10:9: valid_days must be a whole number of days above 0"),
    ],
)
def test_a_mistake_is_told_with_its_line(catalogue: Catalogue, old: str, new: str, message: str) -> None:
    assert any(message in problem for problem in told(catalogue, replaced(OFFER, old, new)))


def test_an_id_that_another_provider_has_is_told(catalogue: Catalogue) -> None:
    text = replaced(replaced(OFFER, "zhipu\n", "south\n"), "[glm-4]", "all")
    assert told(catalogue, text) == ["mine.yaml:3:5: a second offer with the id zhipu-plan"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty; it must be a mapping"),
        ("- 1", "the file must be a mapping of keys to values"),
        ("\x00", "this is not valid YAML"),
        ("a: [", "this is not valid YAML"),
        ("[" * 5_000, "nested too deeply"),
        ("x" * (MAX_BYTES + 1), "the file is too long: at most 64,000 bytes are read"),
        ("a: &a [1, 2, 3, 4, 5, 6, 7, 8]\n" + "".join(
            f"{'a' * n}b: &{'a' * (n + 1)} [{', '.join(['*' + 'a' * n] * 8)}]\n" for n in range(1, 9)
        ), "the file holds too much from here on"),
        ("provider: !!python/object/apply:os.system [id]\noffers: []", "the tag"),
    ],
)  # fmt: skip
def test_a_hostile_file_gets_a_message(catalogue: Catalogue, text: str, message: str) -> None:
    problems = told(catalogue, text)
    assert message in problems[0]
    assert len(problems[0]) < 500


def test_the_template_is_valid_as_it_stands_and_the_same_in_both_languages() -> None:
    catalogue = load_catalogue()
    texts = {lang: path.read_text("utf-8") for lang, path in TEMPLATES.items()}
    for lang, text in texts.items():
        events = add_offers(catalogue.events, "openai-2024", text, f"template.{lang}.yaml", catalogue.prices)
        known = {offer.id for offer in catalogue.events["openai-2024"].offers["zhipu"]}
        (own,) = [offer for offer in events["openai-2024"].offers["zhipu"] if offer.id not in known]
        assert {benefit.kind for benefit in own.benefits} == {
            "token_grant", "matched_grant", "discount", "voucher", "service",
        }  # fmt: skip
    plain = {lang: yaml.safe_load(text) for lang, text in texts.items()}
    for offers in plain.values():
        offers["offers"][0].pop("title")
        offers["offers"][0].pop("sources")
    assert plain["en"] == plain["zh"]
    assert EVENT  # the folders of this test hold the same event
