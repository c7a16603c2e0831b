"""The offers to claim, and by when."""

from __future__ import annotations

from collections.abc import Sequence

from calculator import Option
from calculator.answer import BenefitUse
from offers.schema import Discount, Service, Voucher
from report.document import Block, Bullets, Paragraph, Section, Table
from report.language import Language
from report.words import service, status


def claims(best: Option, lang: Language) -> Section:
    """The offers of an option: what to claim, and what cannot be had."""
    claimed = [use for use in best.offers if use.status == "claimed"]
    other = [use for use in best.offers if use.status != "claimed"]
    rows = [
        [
            lang.name(use.offer),
            lang.render(use.reason),
            lang.day(use.claimed_on) if use.claimed_on else "",
            lang.joined(benefit_line(one, best.provider.currency, lang) for one in use.benefits),
        ]
        for use in claimed
    ]
    header = [lang.say("offer"), lang.say("claim"), lang.say("planned for"), lang.say("what it brings")]
    blocks: list[Block] = [Table(header, rows)]
    if not rows:
        blocks = [Paragraph(lang.say("No offer of this provider can be claimed."))]
    missed = [
        lang.say("{offer}: {status}, {reason}", offer=lang.name(use.offer), status=status(use.status, lang),
                 reason=lang.render(use.reason))
        for use in other
    ]  # fmt: skip
    if missed:
        blocks += [Paragraph(lang.say("Not to be had:")), Bullets.of(missed)]
    return Section(lang.say("Offers to claim, and by when"), tuple(blocks))


def benefit_line(use: BenefitUse, currency: str, lang: Language) -> str:
    """What a benefit gives, and what becomes of it."""
    benefit = use.benefit
    if isinstance(benefit, Service):
        return lang.say("free {service}", service=service(benefit.service, lang))
    if isinstance(benefit, Discount):
        line = lang.say("{share} off", share=lang.percent(benefit.share))
    elif isinstance(benefit, Voucher):
        line = lang.say("voucher of {amount}", amount=lang.money(benefit.amount, currency))
    else:
        line = lang.say(
            "{granted} free tokens on {models} ({used} of them used in the period)",
            granted=lang.compact(use.granted or 0), used=lang.compact(use.used or 0),
            models=_named(use.models, lang),
        )  # fmt: skip
    if use.runs_out_on:
        return lang.say("{benefit}, spent on {day}", benefit=line, day=use.runs_out_on)
    return lang.say("{benefit}, until {day}", benefit=line, day=use.ends_on) if use.ends_on else line


def _named(models: Sequence[str], lang: Language) -> str:
    return lang.list(list(models)) if len(models) <= 3 else lang.say("{count} models", count=len(models))
