"""Which models may take a workload, why none may, and how many tokens they make of it."""

from typing import Any

import pytest
from engine import engine_compare
from oracle_world import expand


def answer(workload: dict[str, Any], *models: dict[str, Any], **case: Any) -> dict[str, Any]:
    """The answer for one workload where north sells these models, at 1 where they do not say."""
    north = {"models": [{"price": {"input": 1}, **model} for model in models]}
    profile = {"months": 1, "workloads": [workload]}
    return engine_compare(expand({"profile": profile, "providers": {"north": north}, **case}))


LIGHT, LARGE = {"id": "light", "tier": "light"}, {"id": "large"}
EMBEDDING = {"id": "embed", "kind": "embedding"}
NO_OUTPUT = {"input": 1, "output": None}  # as embedding models have it


@pytest.mark.parametrize(
    ("workload", "models", "reason"),
    [
        ({"model": "s-embed"}, [LARGE], "it has no embedding model"),
        (
            {}, [{**LARGE, "price": {"input": "unknown"}}],
            "none of its chat models is on sale at a published price on 2024-06-20",
        ),
        (
            {"model": "s-embed", "output_tokens": 0.5}, [LARGE, {**EMBEDDING, "price": NO_OUTPUT}],
            "none of its embedding models is on sale at a published price on 2024-06-20",
        ),
        ({}, [LIGHT], "no model of tier flagship or better is on sale on 2024-06-20"),
        ({"tier": "standard"}, [LIGHT], "no model of tier standard or better is on sale on 2024-06-20"),
        ({"context": 1}, [LARGE], "no model of that tier takes 1 tokens of context"),
        (
            {"context": 32_000}, [{**LARGE, "context": 31_999}, {**LIGHT, "context": 128_000}],
            "no model of that tier takes 32,000 tokens of context",
        ),
        (
            {"must_have": ["json", "tools"]}, [{**LARGE, "features": ["json"]}],
            "none of those models is known to have json, tools; a lower `tier` may let others in",
        ),
        (
            {"pin": {"north": "light"}}, [LARGE, LIGHT],
            "the pinned model light does not meet the workload's own needs (tier, context, must_have)",
        ),
    ],
)  # fmt: skip
def test_why_no_model_will_do(workload: dict[str, Any], models: list[dict[str, Any]], reason: str) -> None:
    assert answer(workload, *models)["unavailable"] == [{"provider": "north", "reason": f"main: {reason}"}]


@pytest.mark.parametrize(
    ("workload", "models"),
    [
        ({"model": "s-embed", "input_tokens": 1, "output_tokens": 0}, [{**EMBEDDING, "price": NO_OUTPUT}]),
        ({"model": "s-mini", "tier": "light"}, [LIGHT]),
        ({"model": "s-embed", "tier": "standard"}, [EMBEDDING]),
        ({"context": 0}, [LARGE]),
        ({"context": 32_000, "must_have": ["json"]}, [{**LARGE, "context": 32_000, "features": ["tools", "json"]}]),
        ({"pin": {"north": "large", "west": "other"}}, [{**LARGE, "id": "a"}, LARGE]),
    ],
)
def test_a_model_that_just_meets_the_needs_will_do(workload: dict[str, Any], models: list[dict[str, Any]]) -> None:
    west = {"models": [{"id": "other", "tier": "light", "price": {"input": 1}}]}
    north = {"models": [{"price": {"input": 1}, **model} for model in models]}
    found = answer(workload, providers={"north": north, "west": west})["options"]
    assert [one["models"] for one in found if one["provider"] == "north"] == [{"main": models[-1]["id"]}]


TOKENIZERS = {"old": {"zh": 600, "en": 200, "code": 300}, "new": {"zh": 900, "en": 200}, "chinese": {"zh": 1200}}


def tokens(text: dict[str, float], new: str, old: str = "old") -> tuple[float, list[str]]:
    """What 1000 tokens become with a model whose tokenizer is ``new``, and what is assumed for that."""
    workload = {"tokens": 1000, "text": text}
    found = answer(workload, {**LARGE, "tokenizer": new}, tokenizers=TOKENIZERS, source_tokenizer=old)["options"][0]
    return found["monthly"][0]["tokens"], [one["assumed"] for one in found["assumptions"]]


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ({"zh": 1}, "new", 1500),
        ({"zh": 0.5, "en": 0.5}, "new", 1375),  # 550 for 400
        ({"zh": 1, "code": 0}, "chinese", 2000),  # what does not occur need not be known
    ],
)
def test_the_text_says_how_many_tokens_it_becomes(text: dict[str, float], new: str, expected: float) -> None:
    found, assumed = tokens(text, new)
    assert found == pytest.approx(expected)
    assert assumed == []


@pytest.mark.parametrize(
    ("new", "old", "model", "texts"),
    [
        ("chinese", "old", "large", "en, code"),
        ("old", "new", "s", "code"),
        ("nobody's", "old", "large", "zh, en, code"),
    ],
)
def test_where_it_is_not_known_how_a_model_counts_tokens_stay_as_they_are(
    new: str, old: str, model: str, texts: str
) -> None:
    assumed = f"1 for main: it is not known how {model} counts {texts}"
    assert tokens({"zh": 0.5, "en": 0.3, "code": 0.2}, new, old) == (1000, [assumed])
