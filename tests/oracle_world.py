"""Worlds for tests: a worked case's shorthand expanded into the full formats, written as data folders, and
checked.

A world is a dict of plain dicts exactly as parsed from YAML: `profile`, `event`, `offers` (pairs of file
name and content), `providers`, `rates`, `tokenizers`, `effort`. The shorthand is described in the README of
the oracles.
"""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BEGINNING = date(2024, 1, 1)
ANNOUNCED = date(2024, 6, 20)
CUTOFF = date(2024, 7, 1)
NO_TOKENIZER = "no-data"  # listed, with no figures: ratio 1
OLD_MODELS = [{"id": "s"}, {"id": "s-mini", "tier": "standard"}, {"id": "s-embed", "kind": "embedding"}]
ZERO_EFFORT = {
    "integration": {"compatible": 0, "native": 0},
    "evaluation": 0,
    "per_prompt": 0,
    "rework": {"tools": 0, "json": 0, "vision": 0},
    "reindex": 0,
    "retrain": 0,
    "services": {"migration": {}, "consulting": {}, "training": {}, "fine_tuning": {}},
}


def sourced(entry: dict, published: date = ANNOUNCED) -> dict:
    """The entry with what every figure carries."""
    says = [{"cite": "worked case", "publisher": "test", "published": published, "says": "made up for a test"}]
    return {**entry, "sources": says, "confidence": "high"}


# ------------------------------------------------------------------------------------------ the worked cases


def oracle_files() -> list[Path]:
    """The worked cases."""
    return sorted((HERE / "oracles").glob("*.yaml"))


def readings() -> list[dict]:
    """The cases of `readings.yaml`, for `expand`: what the oracles leave untouched."""
    return list(yaml.load_all((HERE / "readings.yaml").read_text(encoding="utf-8"), LOADER))


def load_oracle(path: Path) -> tuple[dict, dict]:
    """The world of a worked case and what it expects."""
    case = yaml.load(path.read_text(encoding="utf-8"), LOADER)
    return expand(case), case["expect"]


def expand(case: dict) -> dict:
    """A worked case as a world."""
    providers = [full_provider("old", {"models": OLD_MODELS}, {"input": 100}, case.get("source_tokenizer"))]
    providers += [full_provider(name, short) for name, short in case["providers"].items()]
    offers = [
        (f"{name}.yaml", {"provider": name, "offers": [full_offer(o) for o in short["offers"]]})
        for name, short in case["providers"].items()
        if short.get("offers")
    ]
    return {
        "profile": full_profile(case["profile"]),
        "event": full_event(case.get("event", {})),
        "offers": offers,
        "providers": providers,
        "rates": {
            "base": "CNY",
            "rates": {
                currency: [sourced({"from": BEGINNING, "rate": rate})]
                for currency, rate in case.get("rates", {}).items()
            },
        },
        "tokenizers": full_tokenizers(case.get("tokenizers", {})),
        "effort": ZERO_EFFORT,
    }


def full_event(short: dict) -> dict:
    return {
        "event": "test-event",
        "title": "A worked case",
        "source": "old",
        "announced": ANNOUNCED,
        "cutoff": CUTOFF,
        "sources": sourced({})["sources"],
        **short,
    }


def full_provider(name: str, short: dict, price: dict | None = None, tokenizer: str | None = None) -> dict:
    return {
        "provider": name,
        "name": name.title(),
        "platform": name.title(),
        "currency": short.get("currency", "CNY"),
        "api": {
            "compatible_since": short.get("compatible_since", BEGINNING),
            "base_url": f"https://{name}.test/v1",
        },
        "models": [full_model({"price": price, "tokenizer": tokenizer, **model}) for model in short["models"]],
    }


def full_model(short: dict) -> dict:
    kind = short.get("kind", "chat")
    model: dict[str, Any] = {"id": short["id"], "name": short["id"], "kind": kind}
    if kind == "chat":
        model["tier"] = short.get("tier", "flagship")
    model["released"] = short.get("released", BEGINNING)
    for key in ("context", "withdrawn", "features"):
        if key in short:
            model[key] = short[key]
    model["tokenizer"] = short.get("tokenizer") or NO_TOKENIZER
    model["prices"] = [full_price(p) for p in short.get("prices") or [short["price"]]]
    return model


def full_price(short: dict) -> dict:
    return sourced({"from": BEGINNING, "output": short["input"], **short})


def full_offer(short: dict) -> dict:
    return {
        "id": short["id"],
        "title": short["id"],
        "claim": {"opens": short.get("opens", ANNOUNCED), "closes": short.get("closes")},
        "conditions": short.get("conditions", {}),
        "benefits": [sourced(benefit) for benefit in short["benefits"]],
    }


def full_tokenizers(short: dict) -> dict:
    known = {NO_TOKENIZER: {}, **short}
    return {
        "tokenizers": {
            name: sourced({"tokens_per_1000_chars": data, "basis": "measured"}) for name, data in known.items()
        }
    }


def full_profile(short: dict) -> dict:
    profile = {
        "name": "Worked case",
        "event": "test-event",
        "as_of": ANNOUNCED,
        "starts": CUTOFF,
        "months": 12,
        "currency": "CNY",
        **short,
    }
    profile["workloads"] = [full_workload(w) for w in short.get("workloads", [{}])]
    profile["effort"] = {
        key: {**zero, **short.get("effort", {}).get(key, {})}
        if isinstance(zero, dict)
        else short.get("effort", {}).get(key, zero)
        for key, zero in ZERO_EFFORT.items()
    }
    return profile


def full_workload(short: dict) -> dict:
    workload = {"name": "main", "model": "s", **short}
    if "tokens" in workload:
        workload |= {"input_tokens": workload.pop("tokens"), "output_tokens": 0}
    return workload


# ------------------------------------------------------------------------------------------ a folder of data


def write_world(world: dict, folder: Path) -> Path:
    """The world as data files; the path of its profile.

    `folder/prices` serves `--prices`, `folder/offers` serves `--offers`.
    """
    for provider in world["providers"]:
        write(folder / "prices" / "providers" / f"{provider['provider']}.yaml", provider)
    write(folder / "prices" / "exchange-rates.yaml", world["rates"])
    write(folder / "prices" / "tokenizers.yaml", world["tokenizers"])
    event_folder = folder / "offers" / world["event"]["event"]
    write(event_folder / "event.yaml", world["event"])
    for file_name, content in world["offers"]:
        write(event_folder / file_name, content)
    write(folder / "profile.yaml", world["profile"])
    return folder / "profile.yaml"


class PlainDumper(yaml.SafeDumper):
    """Writes the same list twice rather than an anchor."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(content, Dumper=PlainDumper, allow_unicode=True, sort_keys=False), encoding="utf-8")


# --------------------------------------------------------------------------------------- what a case expects


def differences(expect: dict, answer: dict) -> list[str]:
    """Where an answer (the reference's, or parsed from JSON) departs from what a worked case expects."""
    options = {option["provider"]: option for option in answer["options"]}
    found = []
    for name, expected in expect.items():
        if name == "order":
            pairs = [("order", expected, [o["provider"] for o in answer["options"]])]
        elif name == "unavailable":
            pairs = [("unavailable", expected, [u["provider"] for u in answer["unavailable"]])]
        elif name not in options:
            pairs = [(name, "an option", None)]
        else:
            pairs = [(f"{name}.{key}", value, picked(options[name], key, value)) for key, value in expected.items()]
        found += [f"{what}: expected {value}, got {got}" for what, value, got in pairs if not alike(value, got)]
    return found


def picked(option: dict, key: str, expected: Any) -> Any:
    """The field of the option that a worked case means by `key`."""
    if key == "monthly_bill":
        return [row["bill"] for row in option["monthly"]]
    if key == "runs_out_on":
        return [b["runs_out_on"] for b in counted(option)]
    if key == "grants":
        return [[b["granted"], b["used"], b["lapsed"]] for b in counted(option)]
    if key == "offers":
        by_id = {offer["id"]: offer for offer in option["offers"]}
        return {
            offer: {field: by_id.get(offer, {}).get(field) for field in fields} for offer, fields in expected.items()
        }
    return option[key]


def counted(option: dict) -> list[dict]:
    """The option's benefits that have an amount, in file order."""
    kinds = ("token_grant", "matched_grant", "voucher")
    return [b for offer in option["offers"] for b in offer["benefits"] if b["kind"] in kinds]


def alike(expected: Any, got: Any) -> bool:
    """Equal: numbers to 1e-6, dates to the day (a date or its ISO text)."""
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and expected.keys() == got.keys()
            and all(alike(expected[k], got[k]) for k in expected)
        )
    if isinstance(expected, list | tuple):
        return isinstance(got, list | tuple) and len(expected) == len(got) and all(map(alike, expected, got))
    if isinstance(expected, date) or isinstance(got, date):
        return str(expected) == str(got)
    if isinstance(expected, int | float | Fraction) and isinstance(got, int | float | Fraction):
        return abs(Fraction(str(expected)) - Fraction(str(got))) <= Fraction(1, 10**6)
    return bool(expected == got)
