"""What ``banjia import`` tells: the profile with its origin, a summary for the terminal, and everything as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from usage import CostCheck, Proposal, Skipped, Usage, Use

from .language import Language
from .profiles import profile_yaml


def imported_yaml(usage: Usage, proposal: Proposal, check: CostCheck | None, lang: Language) -> str:
    """The profile as YAML, with comments that say where it comes from and what the export cannot know."""
    told = [
        *summary_lines(usage, proposal, check, lang),
        lang.say(
            "An export does not know these; add what is true: text (languages), context, features, must_have, prompts, "
            "stored_tokens, team, loss_per_day, customer_of."
        ),
    ]  # fmt: skip
    comments = "".join(f"# {_one_line(line)}\n" for line in told)
    return comments + profile_yaml(proposal.profile)


def summary_lines(usage: Usage, proposal: Proposal, check: CostCheck | None, lang: Language) -> list[str]:
    """What was read, what was left out and why, how the profile came about."""
    return [
        *read_lines(usage, lang),
        *averaged_lines(proposal, lang),
        *left_out_lines(proposal, lang),
        *cost_lines(check, lang),
    ]


def read_lines(usage: Usage, lang: Language) -> list[str]:
    """What was read, and what of it does not count."""
    names = [*usage.files]
    formats = lang.listed(dict.fromkeys(lang.local(preset.title) for preset in usage.files.values()))
    files = names[0] if len(names) == 1 else lang.say("{count} files", count=len(names))
    return [
        lang.say(
            "Read from {files} ({formats}): rows {rows}, used {used}, left out {skipped}; days in {zone}.",
            files=files, formats=formats, rows=lang.number(usage.rows), used=lang.number(usage.used),
            skipped=lang.number(usage.rows - usage.used), zone=usage.zone,
        ),
        *(_skipped(one, lang) for one in usage.skipped),
        *(lang.render(note) for note in usage.notes),
    ]  # fmt: skip


def _skipped(one: Skipped, lang: Language) -> str:
    if one.rows == 1:
        return lang.say("Left out: 1 row: {because}", because=_because(one, lang))
    return lang.say("Left out: {rows} rows: {because}", rows=lang.number(one.rows), because=_because(one, lang))


def _because(one: Skipped, lang: Language) -> str:
    because = lang.say("{because}", because=one.because)
    return because if one.example is None else f"{because} ({one.example})"


def averaged_lines(proposal: Proposal, lang: Language) -> Iterator[str]:
    """Which months were averaged, and the growth that was fitted."""
    if proposal.months:
        yield lang.say("Monthly means of {months}.", months=lang.listed(f"{month:%Y-%m}" for month in proposal.months))
    elif proposal.first == proposal.last:
        yield lang.say("No full month: one day, {day}, is scaled to a month.", day=proposal.first)
    else:
        yield lang.say(
            "No full month: the {days} days from {first} to {last} are scaled to a month.",
            days=(proposal.last - proposal.first).days + 1, first=proposal.first, last=proposal.last,
        )  # fmt: skip
    growth = proposal.growth
    if growth is None:
        yield lang.say("Growth is not fitted: it takes three full months with usage. It is 0 here.")
        return
    fitted = {
        "rate": lang.percent(growth.rate, digits=1), "low": lang.percent(growth.low, digits=1),
        "high": lang.percent(growth.high, digits=1), "months": growth.months,
    }  # fmt: skip
    if growth.certain:
        yield lang.say("Growth a month: {rate}, fitted to {months} months (95%: {low} to {high}).", **fitted)
    else:
        yield lang.say(
            "Growth a month of {rate} ({months} months, 95%: {low} to {high}) may as well be none: it is 0 here.",
            **fitted,
        )  # fmt: skip


def left_out_lines(proposal: Proposal, lang: Language) -> Iterator[str]:
    """The usage of those months that is not in the profile."""
    for one in proposal.left_out[:20]:
        yield lang.say("Not in the profile: {model}, {tokens} tokens a month: {because}",
                       model=one.model, tokens=lang.compact(round(one.tokens)), because=one.because)  # fmt: skip
    more = len(proposal.left_out) - 20
    if more == 1:
        yield lang.say("Not in the profile: 1 more model")
    elif more > 1:
        yield lang.say("Not in the profile: {count} more models", count=more)


def cost_lines(check: CostCheck | None, lang: Language) -> Iterator[str]:
    """What the usage cost by the price history and by the export, and why they differ."""
    if check is None:
        yield lang.say("No price is known for these models on these days: the cost is not checked.")
        return
    computed = lang.money(check.computed, check.currency, digits=2)
    if check.reported is None:
        yield lang.say("By the price history this cost {computed} from {first} to {last}.",
                       computed=computed, first=check.first, last=check.last)  # fmt: skip
    else:
        reported = lang.money(check.reported, check.currency, digits=2)
        share = _signed(check.reported / check.computed - 1, lang) if check.computed else "-"
        yield lang.say(
            "By the price history this cost {computed} from {first} to {last}, by the export {reported} ({share}).",
            computed=computed, first=check.first, last=check.last, reported=reported, share=share,
        )  # fmt: skip
    for text in check.explained:
        yield lang.say("Cost: {text}", text=text)


def imported_json(usage: Usage, proposal: Proposal, check: CostCheck | None, lang: Language) -> dict[str, Any]:
    """Everything, for programs; tokens unrounded, dates ISO."""
    growth = proposal.growth
    return {
        "files": {name: preset.format for name, preset in usage.files.items()},
        "zone": usage.zone,
        "rows": {"read": usage.rows, "used": usage.used, "skipped": [
            {"rows": one.rows, "because": lang.say("{because}", because=one.because), "example": one.example}
            for one in usage.skipped
        ]},
        "notes": [lang.translate(note) for note in usage.notes],
        "months_available": [f"{month:%Y-%m}" for month in usage.months()],
        "months": [f"{month:%Y-%m}" for month in proposal.months],
        "from": proposal.first.isoformat(),
        "to": proposal.last.isoformat(),
        "growth": None if growth is None else {
            "rate": growth.rate, "low": growth.low, "high": growth.high, "months": growth.months,
            "used": growth.certain,
        },
        "left_out": [
            {"model": one.model, "tokens": one.tokens, "because": lang.translate(one.because)}
            for one in proposal.left_out
        ],
        "cost": None if check is None else {
            "currency": check.currency, "from": check.first.isoformat(), "to": check.last.isoformat(),
            "computed": check.computed, "reported": check.reported,
            "explained": [lang.say("{text}", text=text) for text in check.explained],
        },
        "requests": dict(proposal.requests),
        "profile": proposal.profile.model_dump(mode="json", exclude_defaults=True, by_alias=True),
        "usage": [_plain(use) for use in usage.uses],
    }  # fmt: skip


def _signed(share: float, lang: Language) -> str:
    return ("+" if share > 0 else "") + lang.percent(share, digits=1)


def _plain(use: Use) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in vars(use).items()}


def _one_line(text: str) -> str:
    return "".join(char for char in " ".join(text.split()) if char.isprintable())
