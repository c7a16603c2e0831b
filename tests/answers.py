"""Small answers that are told: a plain one, one without an option, and one in which every name is hostile."""

from datetime import date
from typing import Any

from engine import catalogue_of
from oracle_world import expand

from calculator import Comparison, compare

NOBODY = {"providers": {"east": {"models": [{"id": "e-light", "tier": "light", "price": {"input": 1}}]}}}
HOSTILE = [
    "|*[x](javascript:alert)<b>", "~~gone~~", "- item", "1. item", "+ item", "# title", "> quote", "`code`",
    "![i](https://evil.test/i.png)", "<script>x</script>", "a | b", "**bold** __bold__", "\\", "[ ] task", "&lt;b&gt;",
    "https://evil.test/x", "=1+1", "---", "$x$", "<https://evil.test/y>", "[x]: https://evil.test/z", "two\nlines",
]  # fmt: skip


def answer(case: dict[str, Any] | None = None, **profile: Any) -> Comparison:
    """North gives tokens until 30 August and wins; west is the runner-up; the light model of east will not do."""
    help_ = {"kind": "service", "service": "migration"}
    grant = {"kind": "token_grant", "tokens": 150_000_000, "models": "unknown", "valid_days": 60}
    offers = [
        {"id": "north-gift", "closes": date(2024, 7, 5), "benefits": [grant, help_]},
        {"id": "north-late", "opens": date(2024, 8, 1), "benefits": [help_]},
    ]
    case = case or {
        "providers": {
            "north": {"models": [{"id": "n-large", "price": {"input": 40}}], "offers": offers},
            "west": {"currency": "USD", "models": [{"id": "w-large", "price": {"input": 10}}]},
            "east": {"models": [{"id": "e-light", "tier": "light", "price": {"input": 1}}]},
        }
    }
    usage = {
        "workloads": [{"name": "chat", "input_tokens": 80_000_000, "output_tokens": 20_000_000, "prompts": 4}],
        "effort": {
            "integration": {"compatible": 2},
            "per_prompt": 0.5,
            "services": {"migration": {"integration": 0.5}},
        },
        "team": {"engineers": 1, "day_rate": 1000},
        **profile,
    }
    world = expand({"rates": {"USD": 7}, **case, "profile": usage})
    cite(world, [{"url": "https://pages.test/{}", "publisher": "Pages"}])
    return compare(world["profile"], catalogue_of(world))


def cite(world: dict[str, Any], sources: list[dict[str, Any]], **more: Any) -> None:
    """Gives every price and benefit these sources, with its model's or offer's id in their addresses."""
    named = [(model["id"], price) for p in world["providers"] for model in p["models"] for price in model["prices"]]
    named += [
        (offer["id"], gift) for _, file in world["offers"] for offer in file["offers"] for gift in offer["benefits"]
    ]
    for name, figure in named:
        figure["sources"] = [{key: str(value).format(name) for key, value in one.items()} for one in sources]
        figure |= more


def hostile(text: str) -> Comparison:
    """A world in which everything that a person or a data file can name is called ``text``."""
    gift = {"kind": "token_grant", "tokens": 5, "models": "unknown", "valid_days": "unknown"}
    offers = [
        {"id": text, "closes": "unknown", "benefits": [gift, {"kind": "discount", "share": 0.1, "until": None}]},
        {"id": text + "2", "opens": date(2030, 1, 1), "benefits": [gift]},
    ]
    world = expand(
        {
            "event": {"title": text, "note": text},
            "profile": {
                "name": text,
                "workloads": [{"name": text, "input_tokens": 90_000_000, "prompts": 1}],
                "effort": {"integration": {"compatible": 1}},
            },
            "providers": {
                "north": {"models": [{"id": text, "price": {"input": 1}}], "offers": offers},
                "west": {"models": [{"id": text, "price": {"input": 2}}]},
                "east": {"models": [{"id": text, "tier": "light", "price": {"input": 2}}]},
            },
        }
    )
    script = {"url": "javascript:alert(1)", "publisher": "X"}
    cite(world, [script, {"url": "https://a.test/<b>)\\ x", "publisher": "X"}], note=text, confidence="low")
    for _, file in world["offers"]:
        for offer in file["offers"]:
            offer["benefits"][0]["sources"] = [{"cite": text, "publisher": text, "published": date(2024, 6, 1)}]
    for provider in world["providers"]:
        provider |= {"name": text, "platform": text}
        provider["api"]["base_url"] = text
    return compare(world["profile"], catalogue_of(world))
