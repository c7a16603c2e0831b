"""The page Method: the rules in words, one calculation worked through, what is left out, and how to check it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import streamlit as st

from calculator import Comparison
from report.language import Language
from report.profiles import profile_yaml
from report.verdict import verdict

from . import form
from .calculation import calculation
from .holdings import holdings
from .html import Markup, section, show, tag
from .rules import rules

MODEL = Path(__file__).parent.parent / "docs" / "model.md"


def page(today: date, lang: Language) -> None:
    """Draws the page about the answer to what stands in the form; ``today`` tells how old the prices are."""
    answered = form.answered()
    good = answered.good
    if answered.problems:
        wrong = lang.say("Some inputs cannot be used: correct them on the page Compare.")
        show(tag("p", wrong, class_="bj-problem", role="alert"), lang)
    if good is None:
        return
    titles = [
        lang.say("The rules"), lang.say("One calculation, step by step"), lang.say("What is not counted"),
        lang.say("The data"), lang.say("Check it yourself"),
    ]  # fmt: skip
    bodies = [rules(good, lang), _calculation(good, lang), _limits(lang), holdings(today, lang), _checks(lang)]
    show(_lead(good, titles, lang), lang)
    for number, (title, body) in enumerate(zip(titles, bodies, strict=True), 1):
        show(tag("section", tag("h2", title, id=f"part-{number}"), body, class_="bj-article"), lang)
    with st.container(width=1024, key="method_checks"):
        _show_how_to_check(good, lang)


def _lead(comparison: Comparison, titles: list[str], lang: Language) -> Markup:
    """What is asked, the sum that answers it, and where to read on."""
    question = lang.say(
        "Every provider gets the same question: what would your own usage cost there, from the first day to the last, "
        "after every offer that you can really claim, with the work of moving? The answer is money; nothing is "
        "weighted or scored."
    )
    links = (tag("a", title, href=f"#part-{number}") for number, title in enumerate(titles, 1))
    return tag(
        "section",
        tag("h2", lang.say("How the cost of a move is calculated")),
        tag("p", question, class_="bj-lead"),
        _equation(comparison, lang),
        tag("nav", *links, class_="bj-contents", aria_label=lang.say("On this page")),
        class_="bj-article",
    )


def _equation(comparison: Comparison, lang: Language) -> Markup:
    """The total and its three parts, with the figures of the cheapest option."""
    if not comparison.options:
        return Markup()
    best = comparison.options[0]
    terms = [
        ("", lang.say("total, {provider}", provider=lang.name(best.provider)), best.total),
        ("=", lang.say("bills for tokens, {months} months", months=comparison.horizon.months), best.bill),
        ("+", lang.say("the work of moving"), best.one_off_cost),
        ("+", lang.say("days without service"), best.readiness_cost),
    ]
    return tag("div", *(
        tag("div", tag("span", sign, class_="bj-sign"),
            tag("div", tag("b", lang.money(amount, comparison.profile.currency, digits=2)), tag("small", name)))
        for sign, name, amount in terms
    ), class_="bj-card bj-equation")  # fmt: skip


def _calculation(comparison: Comparison, lang: Language) -> Markup:
    return calculation(comparison, lang) if comparison.options else tag("p", verdict(comparison, lang))


def _limits(lang: Language) -> Markup:
    """What a decision needs besides the cost."""
    limits = {
        lang.say("Quality"): lang.say(
            "Tiers of models are our judgement. Test on your own traffic: that work is counted, its result is not."
        ),
        lang.say("Speed, limits, support"): lang.say(
            "Latency, rate limits, outages and service contracts are not compared."
        ),
        lang.say("Tax and contracts of your own"): lang.say(
            "Prices stand as published, whether with VAT or without; no negotiated discounts, no prepaid packages."
        ),
        lang.say("Prices to come"): lang.say("Nobody knows them; those of the decision day are held."),
        lang.say("Other than tokens"): lang.say(
            "Chat and embeddings only: no images, speech or storage, no writing to caches, no hosting of tuned models."
        ),
        lang.say("The provider you leave"): lang.say(
            "Its bill while both run, credit that you lose, commitments that you still owe."
        ),
        lang.say("Law"): lang.say("Filing duties, export rules and where data may be kept."),
        lang.say("Interest"): lang.say("Money of next year counts like money of today."),
    }
    entries = (tag("div", tag("dt", name), tag("dd", text)) for name, text in limits.items())
    return tag("dl", *entries, class_="bj-limits")


def _checks(lang: Language) -> Markup:
    checks = [
        lang.say("Every figure can be followed to its sources: page Compare, “Why it costs that”."),
        lang.say(
            "A second implementation, in exact fractions and written from the rules alone, agrees with this one in all "
            "tests; other tests are cases worked out by hand."
        ),
        lang.say(
            "The command line gives the same answer to your profile; as JSON it holds every month and every source."
        ),
    ]
    return tag("ul", *(tag("li", check) for check in checks))


def _show_how_to_check(comparison: Comparison, lang: Language) -> None:
    """The profile and the commands that give the same answer, and the exact rules."""
    st.download_button(
        lang.say("Profile (YAML)"), lambda: profile_yaml(comparison.profile).encode(), "banjia-profile.yaml",
        "application/yaml", key="download_profile", on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    st.code(
        "banjia compare banjia-profile.yaml\nbanjia compare banjia-profile.yaml --format json --evidence",
        language="bash", wrap_lines=True,
    )  # fmt: skip
    exact = section(lang.say("The exact rules (docs/model.md)"), "exact_rules")
    if exact.open:
        exact.markdown(MODEL.read_text("utf-8"))
