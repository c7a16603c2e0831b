"""What the field's terms are called on screen and on paper."""

from __future__ import annotations

from .language import Language


def stance(code: str, lang: Language) -> str:
    """A stance."""
    return {
        "cautious": lang.say("cautious"),
        "expected": lang.say("expected"),
        "generous": lang.say("generous"),
    }[code]


def status(code: str, lang: Language) -> str:
    """What became of an offer."""
    return {
        "claimed": lang.say("claimed"),
        "missed": lang.say("missed"),
        "not_yet_open": lang.say("not yet open"),
        "ineligible": lang.say("not eligible"),
        "declined": lang.say("left out"),
    }[code]


def account(code: str, lang: Language) -> str:
    """A kind of account."""
    return {
        "enterprise": lang.say("enterprise account"),
        "individual": lang.say("individual account"),
        "any": lang.say("any account"),
        "unknown": lang.say("unknown"),
    }[code]


def service(code: str, lang: Language) -> str:
    """A free service."""
    return {
        "migration": lang.say("migration service"),
        "fine_tuning": lang.say("fine-tuning service"),
        "training": lang.say("training"),
        "consulting": lang.say("consulting"),
    }[code]


def benefit_kind(code: str, lang: Language) -> str:
    """A kind of benefit."""
    return {
        "token_grant": lang.say("free tokens"),
        "matched_grant": lang.say("free tokens matching the old usage"),
        "discount": lang.say("discount"),
        "voucher": lang.say("voucher"),
        "service": lang.say("service"),
    }[code]


def effort_item(code: str, lang: Language) -> str:
    """A line of the one-off cost."""
    return {
        "integration": lang.say("integration"),
        "evaluation": lang.say("evaluation"),
        "per_prompt": lang.say("tuning prompts again"),
        "rework": lang.say("rework of missing features"),
        "reindex": lang.say("new index"),
        "retrain": lang.say("work on fine-tuned models"),
        "re_embedding": lang.say("tokens to embed the vector store again"),
        "retraining": lang.say("tokens to train again"),
    }[code]


def assumed_term(code: str, lang: Language) -> str:
    """A term for which something had to be assumed."""
    kind, _, detail = code.partition(":")
    if kind == "service":
        return service(detail, lang)
    return {
        "opens": lang.say("first day to claim"),
        "closes": lang.say("last day to claim"),
        "new_customer": lang.say("new customers only or not"),
        "account": lang.say("kind of account"),
        "models": lang.say("models covered"),
        "cap": lang.say("cap of the matched tokens"),
        "valid_days": lang.say("life of the gift"),
        "until": lang.say("last day of the discount"),
        "ratio": lang.say("new tokens for one old"),
    }[kind]


def tier(code: str, lang: Language) -> str:
    """A tier, or the kind of a model that has none."""
    return {
        "flagship": lang.say("flagship"),
        "standard": lang.say("standard"),
        "light": lang.say("light"),
        "chat": lang.say("chat"),
        "embedding": lang.say("embedding"),
    }[code]


def confidence(code: str | None, lang: Language) -> str:
    """How sure a figure is."""
    return {
        "high": lang.say("high confidence"),
        "medium": lang.say("medium confidence"),
        "low": lang.say("low confidence"),
        None: "",
    }[code]


def part_names(lang: Language) -> dict[str, str]:
    """What the parts of a month's list cost are called."""
    return {
        "bill": lang.say("paid"), "vouchers": lang.say("vouchers"), "discounts": lang.say("discounted"),
        "grants": lang.say("free tokens"),
    }  # fmt: skip
