"""What the fields of the form are called, for messages about them."""

from __future__ import annotations

from pricing import Text
from report.language import Language

from .answers import Problems
from .draft import DraftWorkload


def field_name(field: str, lang: Language) -> str:
    """The name of a field of the profile; of one that the form does not have, the name in the file."""
    names = {
        "name": lang.say("name"), "model": lang.say("model"), "input_tokens": lang.say("input"),
        "output_tokens": lang.say("output"), "text": lang.say("what the text consists of"),
        "context": lang.say("longest request"), "prompts": lang.say("prompts"), "features": lang.say("features"),
        "must_have": lang.say("features it cannot do without"), "cached_share": lang.say("cached input"),
        "batch_share": lang.say("in batches"), "stored_tokens": lang.say("tokens in the vector store"),
        "training_tokens": lang.say("training tokens"), "tier": lang.say("class of model"),
        "months": lang.say("months"), "growth": lang.say("growth"), "as_of": lang.say("day of the decision"),
        "starts": lang.say("first day of real use"), "currency": lang.say("currency"), "stance": lang.say("terms"),
        "team": lang.say("team"), "engineers": lang.say("engineers"), "day_rate": lang.say("day rate"),
        "loss_per_day": lang.say("cost of a day without service"), "overlap": lang.say("parallel running"),
        "days": lang.say("days in parallel"), "share": lang.say("share of the traffic"),
        "customer_of": lang.say("already a customer of"), "account": lang.say("kind of account"),
        "event": lang.say("what happened"), "pin": lang.say("chosen model"),
        "declined": lang.say("offers left out"),
    }  # fmt: skip
    return names.get(field, field)


def placed(place: tuple[str | int, ...], problem: Text, workloads: list[DraftWorkload], lang: Language) -> str:
    """A problem with the field that it is about, and the workload if it is one's. ``workloads``: those that count."""
    message = lang.render(problem).strip()
    words = [str(step) for step in place if isinstance(step, str)]
    if place[:1] == ("workloads",) and len(place) > 2 and isinstance(place[1], int) and place[1] < len(workloads):
        workload = workloads[place[1]].name.strip() or lang.say("workload {number}", number=place[1] + 1)
        return lang.say(
            "{workload}, {field}: {problem}", workload=workload, field=field_name(words[1], lang), problem=message
        )
    if not words or place == ("workloads",):
        return message
    return lang.say("{field}: {problem}", field=field_name(words[-1], lang), problem=message)


def all_placed(problems: Problems, workloads: list[DraftWorkload], lang: Language) -> list[str]:
    """All problems, each once."""
    return list(dict.fromkeys(placed(place, problem, workloads, lang) for place, problem in problems.met))
