"""The checklist of the move."""

from __future__ import annotations

from datetime import date, timedelta

from calculator import Comparison, Option
from calculator.answer import OfferUse
from report.document import Checklist, Section, Step
from report.language import Language
from report.words import account, assumed_term


def checklist(comparison: Comparison, best: Option, lang: Language) -> Section:
    """The steps of the move by date."""
    horizon, cutoff = comparison.horizon, comparison.event.cutoff
    provider, source = lang.name(best.provider), lang.name(comparison.baseline.provider)
    steps: list[tuple[date | None, str]] = [
        (
            horizon.as_of,
            lang.say(
                "Open an account with {provider} ({account}).",
                provider=provider, account=account(comparison.profile.account, lang),
            ),
        )
    ]  # fmt: skip
    for use in best.offers:
        if use.status == "claimed":
            steps.append((horizon.as_of, _confirm(use, best, lang)))
            steps.append((use.claimed_on, lang.say("Claim “{offer}”.", offer=lang.name(use.offer))))
    work = {item.item: item for item in best.one_off}
    todo = horizon.as_of + timedelta(days=1)
    if "integration" in work:
        steps.append((todo, _integration(best, horizon.as_of, lang)))
    prompts = sum(workload.prompts for workload in comparison.profile.workloads)
    tasks = {
        "evaluation": lang.say("Build an evaluation set from real traffic and run it on the new models."),
        "per_prompt": lang.say("Tune {count} prompts again.", count=prompts),
        "rework": lang.say("Rework what the new models lack (tools, JSON mode, vision)."),
        "reindex": lang.say("Plan the new index of the vector store."),
        "re_embedding": lang.say("Embed the vector store again; old and new vectors do not mix."),
        "retrain": lang.say("Train the fine-tuned models again and test them."),
    }
    steps += [(todo, task) for item, task in tasks.items() if item in work]
    if horizon.overlap_days:
        share = lang.percent(comparison.profile.overlap.share)
        steps.append((horizon.first_use, lang.say("Send {share} of the traffic to both providers.", share=share)))
    steps.append((best.ready_on, lang.say("Be ready: everything above is done.")))
    switch = max(horizon.starts, best.ready_on)
    steps.append(
        (switch, lang.say("Switch all traffic over; keep the old prompts and settings until it has proved itself."))
    )
    if best.free_until and best.free_until > horizon.starts:
        steps.append((best.free_until, lang.say("From here on tokens are paid for: set a budget alert before.")))
    lines = [(day, Step(lang.say("{day}: {task}", day=day, task=task) if day else task)) for day, task in steps]
    if cutoff:
        closes = lang.say("{source} closes.", source=source)
        lines.append((cutoff, Step(lang.say("{day}: {task}", day=cutoff, task=closes), to_do=False)))
    ordered = [step for _, step in sorted(lines, key=lambda line: line[0] or date.max)]
    return Section(lang.say("Checklist of the move"), (Checklist(tuple(ordered)),))


def _integration(best: Option, as_of: date, lang: Language) -> str:
    url = best.provider.api.base_url
    if best.provider.api.kind_on(as_of) == "native":
        return lang.say("Write the adapter: the interface was not OpenAI-compatible on the day of the decision.")
    if url is None:
        return lang.say("Change key, address and model names: the interface is OpenAI-compatible.")
    return lang.say("Change key, address and model names: the interface is OpenAI-compatible ({url}).", url=url)


def _confirm(use: OfferUse, best: Option, lang: Language) -> str:
    open_terms = [
        assumed_term(one.term, lang)
        for one in best.assumptions
        if one.offer == use.offer.id and not one.term.startswith("service")
    ]
    if not open_terms:
        return lang.say("Read the terms of “{offer}”.", offer=lang.name(use.offer))
    return lang.say(
        "Get the terms of “{offer}” in writing; not published: {terms}.",
        offer=lang.name(use.offer), terms=lang.list(list(dict.fromkeys(open_terms))),
    )  # fmt: skip
