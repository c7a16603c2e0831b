"""The cost model, slow and exact: written from the text of the model alone, to check the engine against.

Nothing of the project is imported. Every number is a `Fraction` (0.1 is exactly 1/10), every segment of
every assignment of every provider is priced one after the other, as the text says it. Section numbers (§1
... §9) are those of the model. `READING` marks a place where the text allows more than one reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product
from math import ceil, floor
from typing import Any

UNKNOWN = "unknown"
MILLION = Fraction(1_000_000)
DAY = timedelta(days=1)
TIERS = {"flagship": 3, "standard": 2, "light": 1}
LINES = ("integration", "evaluation", "per_prompt", "rework", "reindex", "retrain")
GRANTS = ("token_grant", "matched_grant")


class InputError(ValueError):
    """The profile or the event asks for something the model does not define."""


def reference_compare(
    profile: dict,
    event: dict,
    offers: list[tuple[str, dict]],
    providers: list[dict],
    rates: dict,
    tokenizers: dict,
    effort: dict,
) -> dict:
    """The JSON answer of `banjia compare` as a dict: Fractions for numbers, dates for dates, no texts."""
    case = Case(profile, event, offers, providers, rates, tokenizers, merged_effort(effort, profile.get("effort")))
    options, unavailable = [], []
    for provider in providers:
        if provider["provider"] == event["source"]:
            continue
        option = best_option(case, provider)
        if option is None:
            unavailable.append({"provider": provider["provider"]})
        else:
            options.append(option)
    options.sort(key=lambda o: (o["total"], o["one_off_cost"], o["provider"]))  # §8
    for rank, option in enumerate(options, start=1):
        option["rank"] = rank
    return {
        "event": event["event"],
        "as_of": case.as_of,
        "starts": case.starts,
        "months": len(case.months),
        "currency": case.currency,
        "stance": case.stance,
        "baseline": baseline(case),
        "options": options,
        "unavailable": sorted(unavailable, key=lambda u: u["provider"]),
    }


# ------------------------------------------------------------------------------------------------- the input


@dataclass
class Case:
    """One question, with the defaults of the formats filled in."""

    profile: dict
    event: dict
    offers: list[tuple[str, dict]]
    providers: list[dict]
    rates: dict
    tokenizers: dict
    effort: dict
    workloads: list["Workload"] = field(init=False)

    def __post_init__(self) -> None:
        profile, event = self.profile, self.event
        self.stance = profile.get("stance", "expected")
        self.currency = profile.get("currency", "CNY")
        self.timeline()
        source = next((p for p in self.providers if p["provider"] == event["source"]), None)
        if source is None:
            raise InputError(f"no prices for the source provider {event['source']}")
        self.source = source
        self.workloads = [Workload(w, self) for w in profile["workloads"]]

    def timeline(self) -> None:
        """§1: as_of, starts, first_use, and the months as half-open periods."""
        profile, event = self.profile, self.event
        self.announced: date = event["announced"]
        self.cutoff: date | None = event.get("cutoff")
        self.as_of: date = profile.get("as_of") or event.get("as_of") or self.announced
        self.starts: date = profile.get("starts") or self.cutoff
        if self.starts is None:
            raise InputError("`starts` is needed: the event has no cut-off")
        if self.starts < self.as_of:
            raise InputError(f"starts {self.starts} is before as_of {self.as_of}")
        overlap = profile.get("overlap") or {}
        self.overlap_share = number(overlap.get("share", 0))
        self.first_use: date = self.starts - timedelta(days=overlap.get("days", 0))
        if self.first_use < self.as_of:
            raise InputError(f"first use {self.first_use} is before as_of {self.as_of}")
        count = profile.get("months", 12)
        self.months = [(add_months(self.starts, k), add_months(self.starts, k + 1)) for k in range(count)]
        self.end: date = self.months[-1][1]

    def day_rate(self) -> Fraction:
        """§6: the team's own, or else that of the effort data, from its currency."""
        own = (self.profile.get("team") or {}).get("day_rate")
        if own is not None:
            return number(own)
        usual = self.effort["day_rate"]
        return number(usual["mode"]) * (to_profile_currency(self, usual["currency"]) or 0)

    def base_tokens(self) -> Fraction:
        """The source tokens of one base month: input + output of all workloads, before growth."""
        return sum((w.input + w.output for w in self.workloads), Fraction(0))


class Workload:
    """One workload of the profile, its numbers exact."""

    def __init__(self, raw: dict, case: Case):
        self.raw = raw
        self.name = raw.get("name", raw["model"])
        source_model = next((m for m in case.source["models"] if m["id"] == raw["model"]), None)
        if source_model is None:
            raise InputError(f"{case.source['provider']} has no model {raw['model']}")
        self.source_model: dict = source_model
        self.kind: str = source_model["kind"]
        self.tier: str | None = raw.get("tier") or source_model.get("tier")
        self.input = number(raw.get("input_tokens", 0))
        self.output = number(raw.get("output_tokens", 0))
        self.cached = number(raw.get("cached_share", 0))
        self.batch = number(raw.get("batch_share", 0))
        self.growth = number(raw["growth"] if raw.get("growth") is not None else case.profile.get("growth", 0))
        self.stored = number(raw.get("stored_tokens", 0)) if self.kind == "embedding" else Fraction(0)
        self.training = number(raw.get("training_tokens", 0))


def number(value: Any) -> Fraction:
    """A YAML number as it was written: 0.1 is 1/10."""
    return value if isinstance(value, Fraction) else Fraction(str(value))


def add_months(day: date, count: int) -> date:
    """§1: `count` calendar months after `day`, the day clipped to the length of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - DAY).day
    return date(year, month + 1, min(day.day, last))


def merged_effort(effort: dict, override: dict | None) -> dict:
    """§6: the effort figures (the mode), with the profile's own in their place.

    A key given replaces that entry; integration, rework and services hold entries of their own, so a key
    inside them replaces one of those. READING: a service given in the profile replaces all that this
    service takes off.
    """
    override = override or {}
    merged: dict = {"day_rate": effort.get("day_rate", {"mode": 0, "currency": "CNY"})}
    for key in ("evaluation", "per_prompt", "reindex", "retrain"):
        merged[key] = mode(override.get(key, effort.get(key, 0)))
    for key in ("integration", "rework"):
        merged[key] = {k: mode(v) for k, v in {**(effort.get(key) or {}), **(override.get(key) or {})}.items()}
    services = {**(effort.get("services") or {}), **(override.get("services") or {})}
    merged["services"] = {
        s: {line: mode(v) for line, v in (shares or {}).items() if line in LINES} for s, shares in services.items()
    }
    return merged


def mode(figure: Any) -> Fraction:
    return number(figure["mode"] if isinstance(figure, dict) else figure)


def to_profile_currency(case: Case, currency: str) -> Fraction | None:
    """§5: what one unit of `currency` is in the profile's on as_of. None: no rate in force on that day."""
    if currency == case.currency:
        return Fraction(1)
    own, wanted = base_rate(case, currency), base_rate(case, case.currency)
    return None if own is None or wanted is None else own / wanted


def base_rate(case: Case, currency: str) -> Fraction | None:
    if currency == case.rates["base"]:
        return Fraction(1)
    entry = in_force(case.rates.get("rates", {}).get(currency, []), case.as_of)
    return None if entry is None else number(entry["rate"])


def in_force(entries: list[dict], day: date) -> dict | None:
    """§3: the entry with the latest `from` on or before `day`."""
    past = [e for e in entries if e["from"] <= day]
    return max(past, key=lambda e: e["from"]) if past else None


def price_of(case: Case, model: dict) -> dict | None:
    """§3: the price in force on as_of; None where it is unknown, which is never 0."""
    entry = in_force(model["prices"], case.as_of)
    return None if entry is None or UNKNOWN in (entry["input"], entry.get("output")) else entry


def models_in_force(case: Case, provider: dict) -> list[dict]:
    """§1, §8: the models released by and not withdrawn on as_of (a model is gone on the day of its
    withdrawal)."""
    return [
        m
        for m in provider["models"]
        if (m.get("released") is None or m["released"] <= case.as_of)
        and (m.get("withdrawn") is None or m["withdrawn"] > case.as_of)
        and (m.get("last_seen") is None or (case.as_of - m["last_seen"]).days <= 365)
    ]


# -------------------------------------------------------------------------------- §2 demand and §3 list cost


def ratio(case: Case, provider: dict, workload: Workload, model: dict) -> tuple[Fraction, bool]:
    """§2: target tokens per source token, and whether it had to be assumed."""
    measured = (workload.raw.get("ratio") or {}).get(provider["provider"])
    if measured is not None:
        return number(measured), False
    text = {language: share for language, share in (workload.raw.get("text") or {}).items() if share}
    target = tokens_per_1000_chars(case, model)
    source = tokens_per_1000_chars(case, workload.source_model)
    # READING: a tokenizer that lacks one of the languages of the text is a tokenizer without data.
    if not text or any(language not in target or language not in source for language in text):
        return Fraction(1), True
    return (
        sum(number(share) * number(target[language]) for language, share in text.items())
        / sum(number(share) * number(source[language]) for language, share in text.items())
    ), False


def tokens_per_1000_chars(case: Case, model: dict) -> dict:
    entry = case.tokenizers.get("tokenizers", {}).get(model.get("tokenizer")) or {}
    return entry.get("tokens_per_1000_chars") or {}


def prices_of(workload: Workload, price: dict) -> tuple[Fraction, Fraction, Fraction]:
    """§3: input, output and cached price, by the size of the workload's requests and the hours of its tokens."""
    tiers = [tier for tier in price.get("tiers", []) if tier["above"] < (workload.raw.get("context") or 0)]
    share = number(workload.raw.get("off_peak_share", 0))
    if tiers:
        return three(max(tiers, key=lambda tier: tier["above"]))
    if price.get("off_peak") is None:
        return three(price)
    busy, quiet = three(price), three(price["off_peak"])
    p_in, p_out, p_cached = ((1 - share) * one + share * other for one, other in zip(busy, quiet, strict=True))
    return p_in, p_out, p_cached


def three(entry: dict) -> tuple[Fraction, Fraction, Fraction]:
    p_in = number(entry["input"])
    cached = entry.get("cached_input")
    return p_in, number(entry.get("output") or 0), p_in if cached in (None, UNKNOWN) else number(cached)


def list_cost(workload: Workload, price: dict, tokens_in: Fraction, tokens_out: Fraction) -> Fraction:
    """§3: the formula, in the currency of the price."""
    p_in, p_out, p_cached = prices_of(workload, price)
    batch_discount = number(price.get("batch_discount") or 0)
    b, c = workload.batch, workload.cached
    batches = b * (tokens_in * p_in + tokens_out * p_out) * (1 - batch_discount)
    ordinary = (1 - b) * (tokens_in * ((1 - c) * p_in + c * p_cached) + tokens_out * p_out)
    return (batches + ordinary) / MILLION


def baseline(case: Case) -> dict:
    """§8: the source's own list cost, month by month; unknown (None) where a price or rate is."""
    rate = to_profile_currency(case, case.source["currency"])
    monthly: list[Fraction] | None = []
    for k in range(len(case.months)):
        cost = Fraction(0)
        for w in case.workloads:
            price = price_of(case, w.source_model)
            if price is None or rate is None:
                return {"provider": case.source["provider"], "total": None, "monthly": None}
            growth = (1 + w.growth) ** k
            cost += list_cost(w, price, w.input * growth, w.output * growth) * rate
        monthly.append(cost)
    return {"provider": case.source["provider"], "total": sum(monthly), "monthly": monthly}


# --------------------------------------------------------------------------------- §8 candidates and ranking


def best_option(case: Case, provider: dict) -> dict | None:
    """§8: the provider's cheapest assignment of a model to each workload. None: unavailable."""
    if to_profile_currency(case, provider["currency"]) is None:
        return None  # READING: no rate, no price, no candidate
    choices = [candidates(case, provider, w) for w in case.workloads]
    claims = offer_claims(case, provider)
    best, best_key = None, None
    for models in product(*choices):
        option = price_assignment(case, provider, list(models), claims)
        key = (option["total"], option["bill"], [m["id"] for m in models])
        if best_key is None or key < best_key:
            best, best_key = option, key
    return best


def candidates(case: Case, provider: dict, workload: Workload) -> list[dict]:
    """§8: the provider's models that can take the workload.

    READING: a pin chooses among the candidates, it does not lift their conditions. READING: a model whose
    context is not known cannot be shown to have enough of it.
    """
    raw = workload.raw
    pinned = (raw.get("pin") or {}).get(provider["provider"])
    found = []
    for model in models_in_force(case, provider):
        if model["kind"] != workload.kind or price_of(case, model) is None:
            continue
        if workload.kind == "chat" and TIERS[model["tier"]] < TIERS[workload.tier]:
            continue
        if raw.get("context") is not None and (model.get("context") or 0) < raw["context"]:
            continue
        if not set(raw.get("must_have") or []) <= set(model.get("features") or []):
            continue
        if pinned is not None and model["id"] != pinned:
            continue
        found.append(model)
    return found


# ------------------------------------------------------------------------------- §4 offers, §9 unknown terms


@dataclass
class Claim:
    """What becomes of one offer: does not depend on the assignment."""

    offer: dict
    status: str
    claimed_on: date | None
    benefits: list["Benefit"]
    assumptions: list[tuple[str, str]]


@dataclass
class Benefit:
    """One benefit of a claimed offer, its terms settled. `last` is the last day of its life, None: no end."""

    kind: str
    place: tuple
    raw: dict
    first: date
    last: date | None = None
    models: frozenset[str] = frozenset()
    size: Fraction = Fraction(0)  # tokens of each pool, or money of a voucher
    pools: list[frozenset[str]] = field(default_factory=list)  # one, or one for each model

    def alive(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def offer_claims(case: Case, provider: dict) -> list[Claim]:
    """§4: every offer of the provider, in file order."""
    claims = []
    for file_name, content in sorted(case.offers, key=lambda pair: pair[0]):
        if content["provider"] == provider["provider"]:
            for position, offer in enumerate(content["offers"]):
                claims.append(claim(case, provider, content, offer, (file_name, position)))
    return claims


def claim(case: Case, provider: dict, content: dict, offer: dict, place: tuple) -> Claim:
    """§4: claiming (the window first), then the conditions, then the benefits."""
    assumptions: list[tuple[str, str]] = []

    def assume(term: str, cautious: Any, expected: Any, generous: Any) -> Any:
        """§9: the value for a term that nobody published."""
        assumptions.append((term, offer["id"]))
        return {"cautious": cautious, "expected": expected, "generous": generous}[case.stance]

    window = offer.get("claim") or {}
    cutoff = case.cutoff or case.first_use  # §1: without a cut-off, first_use takes its place in §9
    opens, closes = window.get("opens"), window.get("closes")
    if opens == UNKNOWN:
        opens = assume("opens", earliest_source(content, offer) or case.announced, case.announced, case.announced)
    if closes == UNKNOWN:
        closes = assume("closes", cutoff, cutoff + 30 * DAY, None)
    if opens is not None and opens > case.as_of:
        return Claim(offer, "not_yet_open", None, [], assumptions)
    if closes is not None and closes < case.as_of:
        return Claim(offer, "missed", None, [], assumptions)

    conditions = offer.get("conditions") or {}
    only_new = conditions.get("new_customer", False)
    if only_new == UNKNOWN:
        only_new = assume("new_customer", True, False, False)
    account = conditions.get("account", "any")
    if account == UNKNOWN:
        account = assume("account", "enterprise", "any", "any")
    if (
        (only_new and provider["provider"] in (case.profile.get("customer_of") or []))
        or account not in ("any", case.profile.get("account", "enterprise"))
        or case.base_tokens() < number(conditions.get("min_monthly_tokens", 0))
    ):
        return Claim(offer, "ineligible", None, [], assumptions)

    claimed_on = case.first_use if closes is None else min(case.first_use, closes)
    benefits = [
        benefit_terms(case, provider, raw, claimed_on, (*place, position), assume)
        for position, raw in enumerate(offer.get("benefits") or [])
    ]
    return Claim(offer, "claimed", claimed_on, benefits, assumptions)


def earliest_source(content: dict, offer: dict) -> date | None:
    """§9: the day of the offer's earliest dated source: its own, its benefits' or, with none, the file's."""
    own = list(offer.get("sources") or [])
    for benefit in offer.get("benefits") or []:
        own += benefit.get("sources") or []
    days = [s["published"] for s in own or content.get("sources") or [] if s.get("published")]
    return min(days, default=None)


def benefit_terms(case: Case, provider: dict, raw: dict, claimed_on: date, place: tuple, assume: Any) -> Benefit:
    """§4 lives, matched grants and pools; §9 for what is unknown."""
    benefit = Benefit(raw["kind"], place, raw, first=claimed_on)
    if benefit.kind == "service":
        benefit.raw = {**raw, "counts": assume("service", False, True, True)}
        return benefit

    if benefit.kind == "discount":
        if raw.get("from") is not None:
            benefit.first = max(claimed_on, raw["from"])
        ends = [raw.get("until")]
    else:
        days = raw.get("valid_days")
        ends = [days if days in (None, UNKNOWN) else claimed_on + (days - 1) * DAY, raw.get("valid_until")]
    if UNKNOWN in ends:
        days = assume("life", 30, 180, None)  # READING: of a discount, from its own first day
        ends = [e for e in ends if e != UNKNOWN] + ([] if days is None else [benefit.first + (days - 1) * DAY])
    benefit.last = min((e for e in ends if e is not None), default=None)

    if benefit.kind != "voucher":
        benefit.models = covered_models(case, provider, raw.get("models", "all"), assume)
        benefit.pools = [benefit.models]
    if benefit.kind == "token_grant":
        benefit.size = number(raw["tokens"])
    if benefit.kind in GRANTS and raw.get("pool", "shared") == "per_model":
        benefit.pools = [frozenset({m}) for m in sorted(benefit.models)]
    if benefit.kind == "matched_grant":
        cap = raw.get("cap")
        if cap == UNKNOWN:
            cap = assume("cap", 0, None, None)
        matched = number(raw["months"]) * case.base_tokens()
        benefit.size = matched if cap is None else min(matched, number(cap))
    if benefit.kind == "voucher":
        benefit.size = number(raw["amount"])
    return benefit


def covered_models(case: Case, provider: dict, models: Any, assume: Any) -> frozenset[str]:
    """§4, §9: the provider's models a grant or discount is for. §1: only models in force on as_of count."""
    there = models_in_force(case, provider)
    everyone = frozenset(m["id"] for m in there)
    if models == "all":
        return everyone
    if models == UNKNOWN:
        chat = frozenset(m["id"] for m in there if m["kind"] == "chat")
        return assume("models", cheapest_paid_chat_model(case, there), chat, everyone)
    return everyone & frozenset(models)


def cheapest_paid_chat_model(case: Case, models: list[dict]) -> frozenset[str]:
    """§9: lowest input + output list price above 0 on as_of, then id."""
    paid = []
    for model in models:
        price = price_of(case, model)
        if model["kind"] == "chat" and price is not None:
            level = number(price["input"]) + number(price["output"])
            if level > 0:
                paid.append((level, model["id"]))
    return frozenset({min(paid)[1]} if paid else ())


# ------------------------------------------------------------------------ one assignment, segment by segment


@dataclass
class Pool:
    """Tokens or money of a benefit, and what is left of them."""

    benefit: Benefit
    models: frozenset[str]
    left: Fraction
    used: Fraction = Fraction(0)
    runs_out_on: date | None = None

    def draw(self, amount: Fraction) -> None:
        self.left -= amount
        self.used += amount


@dataclass
class Use:
    """What one model is used for in one segment: target tokens and their list cost in the provider's
    currency."""

    tokens: Fraction = Fraction(0)
    list_cost: Fraction = Fraction(0)


@dataclass
class Settled:
    """One segment after the offers: list_cost = grants + discounts + vouchers + bill."""

    tokens: Fraction
    granted_tokens: Fraction
    list_cost: Fraction
    grants: Fraction
    discounts: Fraction
    vouchers: Fraction
    bill: Fraction
    paid_from: date | None  # the first day on which something is paid


PARTS = ("tokens", "granted_tokens", "list_cost", "grants", "discounts", "vouchers", "bill")
MONEY = PARTS[2:]


def price_assignment(case: Case, provider: dict, models: list[dict], claims: list[Claim]) -> dict:
    """One option: the bill by month (§1-§4), the one-off cost (§6), being ready (§7), the total (§8)."""
    rate = to_profile_currency(case, provider["currency"])
    assert rate is not None
    ratios, assumptions = [], []
    for workload, model in zip(case.workloads, models, strict=True):
        value, assumed = ratio(case, provider, workload, model)
        ratios.append(value)
        assumptions += [("ratio", None)] if assumed else []
    for a_claim in claims:
        assumptions += a_claim.assumptions

    benefits = [b for c in claims if c.status == "claimed" for b in c.benefits]
    pools = [Pool(b, models_of_pool, b.size) for b in benefits for models_of_pool in b.pools]
    pools += [Pool(b, frozenset(), b.size) for b in benefits if b.kind == "voucher"]

    re_embedding = settle(re_embedding_use(case, models, ratios), pools, benefits, case.first_use, case.first_use)
    rows, free_until = [], None
    for month, start, end in rows_of(case):
        row: dict = {"month": month, "from": start, "to": end, **dict.fromkeys(PARTS, Fraction(0))}
        for seg_start, seg_end in segments(start, end, benefits):
            use = segment_use(case, models, ratios, month, seg_start, seg_end)
            settled = settle(use, pools, benefits, seg_start, seg_end)
            for part in PARTS:
                row[part] += getattr(settled, part) * (rate if part in MONEY else 1)
            free_until = free_until or settled.paid_from
        rows.append(row)

    bill = sum((row["bill"] for row in rows), Fraction(0))
    listed = sum((row["list_cost"] for row in rows), Fraction(0))
    items = one_off(case, provider, models, ratios, benefits, re_embedding.bill * rate, rate)
    ready_on, readiness_cost = readiness(case, sum((i["days"] for i in items), Fraction(0)))
    one_off_cost = sum((i["cost"] for i in items), Fraction(0))
    return {
        "rank": None,
        "provider": provider["provider"],
        "models": {w.name: m["id"] for w, m in zip(case.workloads, models, strict=True)},
        "total": bill + one_off_cost + readiness_cost,
        "bill": bill,
        "one_off_cost": one_off_cost,
        "readiness_cost": readiness_cost,
        "list_cost": listed,
        "saved_by_offers": listed - bill,
        "price_per_million": price_per_million(case, bill),
        "free_until": free_until,
        "ready_on": ready_on,
        "monthly": rows,
        "offers": [offer_report(case, c, pools, rate) for c in claims],
        "one_off": [i for i in items if i["days"] or i["cost"]],
        "assumptions": assumptions,
        "warnings": [],
    }


def rows_of(case: Case) -> list[tuple[int, date, date]]:
    """§1: the months, and before them the overlap as a row of its own."""
    months = [(k, start, end) for k, (start, end) in enumerate(case.months)]
    overlap = [(-1, case.first_use, case.starts)] if case.first_use < case.starts else []
    return overlap + months


def segments(start: date, end: date, benefits: list[Benefit]) -> Iterator[tuple[date, date]]:
    """§1: a row of the answer, cut at every date on which a discount, grant or voucher begins or ends.

    READING: every such benefit of the claimed offers cuts, also one for models that are not in use.
    """
    cuts = {start, end}
    for benefit in benefits:
        if benefit.kind != "service":
            ends = [] if benefit.last is None else [benefit.last + DAY]
            cuts |= {day for day in [benefit.first, *ends] if start < day < end}
    ordered = sorted(cuts)
    yield from pairwise(ordered)


def segment_use(
    case: Case, models: list[dict], ratios: list[Fraction], month: int, start: date, end: date
) -> dict[str, Use]:
    """§1-§3: tokens and list cost of each model in use in [start, end) of the month (-1: the overlap)."""
    k = max(month, 0)
    month_start, month_end = case.months[k]
    share = Fraction((end - start).days, (month_end - month_start).days) * (case.overlap_share if month < 0 else 1)
    use: dict[str, Use] = {}
    for w, model, r in zip(case.workloads, models, ratios, strict=True):
        factor = (1 + w.growth) ** k * share * r
        add_use(use, case, w, model, w.input * factor, w.output * factor)
    return use


def re_embedding_use(case: Case, models: list[dict], ratios: list[Fraction]) -> dict[str, Use]:
    """§6: the vector stores, charged like any use.

    READING: also with the workload's batch and cached shares.
    """
    use: dict[str, Use] = {}
    for w, model, r in zip(case.workloads, models, ratios, strict=True):
        if w.stored > 0:
            add_use(use, case, w, model, w.stored * r, Fraction(0))
    return use


def add_use(
    use: dict[str, Use],
    case: Case,
    workload: Workload,
    model: dict,
    tokens_in: Fraction,
    tokens_out: Fraction,
) -> None:
    price = price_of(case, model)
    assert price is not None
    of_model = use.setdefault(model["id"], Use())
    of_model.tokens += tokens_in + tokens_out
    of_model.list_cost += list_cost(workload, price, tokens_in, tokens_out)


def settle(use: dict[str, Use], pools: list[Pool], benefits: list[Benefit], start: date, end: date) -> Settled:
    """§4 "Order, exactly": one segment: token grants, discounts, vouchers, the bill.

    The re-embedding is a segment without days, [first_use, first_use): READING: what is alive on first_use
    counts.
    """
    use = {m: u for m, u in use.items() if u.tokens > 0}
    days = (end - start).days
    left = {m: u.tokens for m, u in use.items()}

    for pool in sorted((p for p in pools if p.benefit.kind in GRANTS), key=drawing_order):  # 1
        if pool.benefit.alive(start):
            draw_tokens(pool, use, left, start, days)
    granted = {m: 1 - left[m] / u.tokens for m, u in use.items()}
    saved_by_grants = sum((u.list_cost * granted[m] for m, u in use.items()), Fraction(0))

    due, saved_by_discounts = {}, Fraction(0)  # 2
    for m, u in use.items():
        remains = u.list_cost * (1 - granted[m])
        d = max(
            (number(b.raw["share"]) for b in benefits if b.kind == "discount" and m in b.models and b.alive(start)),
            default=Fraction(0),
        )
        saved_by_discounts += remains * d
        due[m] = remains * (1 - d)

    owed = sum(due.values(), Fraction(0))  # 3
    paid = Fraction(0)
    for pool in sorted((p for p in pools if p.benefit.kind == "voucher"), key=drawing_order):
        if pool.benefit.alive(start):
            payment = min(pool.left, owed - paid)
            if payment > 0:
                pool.draw(payment)
                paid += payment
                if pool.left == 0:
                    pool.runs_out_on = start + floor(days_paid_by(paid, due, granted, days)) * DAY

    bill = owed - paid  # 4
    paid_from = start + floor(days_paid_by(paid, due, granted, days)) * DAY if bill > 0 else None
    return Settled(
        tokens=sum((u.tokens for u in use.values()), Fraction(0)),
        granted_tokens=sum((u.tokens - left[m] for m, u in use.items()), Fraction(0)),
        list_cost=sum((u.list_cost for u in use.values()), Fraction(0)),
        grants=saved_by_grants,
        discounts=saved_by_discounts,
        vouchers=paid,
        bill=bill,
        paid_from=paid_from,
    )


def drawing_order(pool: Pool) -> tuple:
    """§4: soonest-ending first, then fewer models (a voucher has none), then file order."""
    return pool.benefit.last or date.max, len(pool.models), pool.benefit.place


def draw_tokens(pool: Pool, use: dict[str, Use], left: dict[str, Fraction], start: date, days: int) -> None:
    """§4: a grant draws from its models in use in proportion to what is left of their demand."""
    mine = [m for m in use if m in pool.models]
    wanted = sum((left[m] for m in mine), Fraction(0))
    drawn = min(pool.left, wanted)
    if drawn <= 0:
        return
    pool.draw(drawn)
    for m in mine:
        left[m] -= left[m] * drawn / wanted
    if pool.left == 0:
        demand = sum((use[m].tokens for m in mine), Fraction(0))
        covered = demand - sum((left[m] for m in mine), Fraction(0))  # by it and the grants before it
        pool.runs_out_on = start + floor(days * covered / demand) * DAY


def days_paid_by(money: Fraction, due: dict[str, Fraction], granted: dict[str, Fraction], days: int) -> Fraction:
    """§4 "grants first, then vouchers": the time, in days from the segment's start, when `money` is spent.

    A model's grants cover the first part of the segment, from there on what is due for it accrues evenly to
    the end. READING: model by model; the text gives the formula only for one set of models and for grants.
    """
    starts_at = {m: days * granted[m] for m in due if due[m] > 0}
    times = sorted({*starts_at.values(), Fraction(days)})
    spent = Fraction(0)
    for now, then in pairwise(times):
        speed = sum((due[m] / (days - at) for m, at in starts_at.items() if at <= now), Fraction(0))
        if spent + speed * (then - now) > money:
            return now + (money - spent) / speed
        spent += speed * (then - now)
    return Fraction(days)


# ------------------------------------------------------------------------ §6 one-off cost and §7 being ready


def one_off(
    case: Case,
    provider: dict,
    models: list[dict],
    ratios: list[Fraction],
    benefits: list[Benefit],
    re_embedding: Fraction,
    rate: Fraction,
) -> list[dict]:
    """§6: the lines in person-days after services, then the two that are money."""
    effort = case.effort
    compatible_since = (provider.get("api") or {}).get("compatible_since")
    compatible = compatible_since is not None and compatible_since <= case.as_of
    lines = dict.fromkeys(LINES, Fraction(0))
    lines["integration"] = effort["integration"].get("compatible" if compatible else "native", Fraction(0))
    for w, model in zip(case.workloads, models, strict=True):
        if w.kind == "chat":
            lines["evaluation"] += effort["evaluation"]
            lines["per_prompt"] += w.raw.get("prompts", 0) * effort["per_prompt"]
            lacking = set(w.raw.get("features") or []) - set(model.get("features") or [])
            lines["rework"] += sum((effort["rework"].get(f, Fraction(0)) for f in lacking), Fraction(0))
        if w.kind == "embedding" and w.stored > 0:
            lines["reindex"] += effort["reindex"]
        if w.training > 0:
            lines["retrain"] += effort["retrain"]

    services = [b.raw for b in benefits if b.kind == "service"]
    day_rate = case.day_rate()
    items = []
    for line, days in lines.items():
        shares = [effort["services"].get(s["service"], {}).get(line, Fraction(0)) for s in services if s["counts"]]
        days *= 1 - max(shares, default=Fraction(0))
        items.append({"item": line, "days": days, "cost": days * day_rate})

    # READING: free with the service whatever the stance, which is about the shares it takes off.
    fine_tuning = any(s["service"] == "fine_tuning" for s in services)
    retraining = Fraction(0)
    for w, model, r in zip(case.workloads, models, ratios, strict=True):
        price = price_of(case, model)
        assert price is not None
        if not fine_tuning and price.get("training") not in (None, UNKNOWN):
            retraining += w.training * r * number(price["training"]) / MILLION * rate
    items.append({"item": "re_embedding", "days": Fraction(0), "cost": re_embedding})
    items.append({"item": "retraining", "days": Fraction(0), "cost": retraining})
    return items


def readiness(case: Case, person_days: Fraction) -> tuple[date, Fraction]:
    """§7: the day the team is ready and what being late costs."""
    working_days = ceil(person_days / number((case.profile.get("team") or {}).get("engineers", 1)))
    ready_on = case.as_of
    while working_days > 0:
        ready_on += DAY
        if ready_on.weekday() < 5:
            working_days -= 1
    late = 0 if case.cutoff is None else max((ready_on - case.cutoff).days, 0)
    return ready_on, late * number(case.profile.get("loss_per_day", 0))


# ------------------------------------------------------------------------------------------------ the report


def price_per_million(case: Case, bill: Fraction) -> Fraction | None:
    """bill ÷ source tokens × 10⁶. READING: the source tokens of the months, without the overlap's."""
    tokens = sum(
        ((w.input + w.output) * (1 + w.growth) ** k for w in case.workloads for k in range(len(case.months))),
        Fraction(0),
    )
    return bill / tokens * MILLION if tokens > 0 else None


def offer_report(case: Case, a_claim: Claim, pools: list[Pool], rate: Fraction) -> dict:
    """§4 "Reported", for one offer of the option: benefits in file order, none where it is not claimed."""
    return {
        "id": a_claim.offer["id"],
        "status": a_claim.status,
        "claimed_on": a_claim.claimed_on,
        "benefits": [benefit_report(case, b, [p for p in pools if p.benefit is b], rate) for b in a_claim.benefits],
    }


def benefit_report(case: Case, benefit: Benefit, pools: list[Pool], rate: Fraction) -> dict:
    """§4: granted, used, lapsed, the last day, and the day it is spent (of several pools: the last of these
    days).

    A voucher is money and shown in the profile's currency.
    """
    report = {
        "kind": benefit.kind,
        "granted": None,
        "used": None,
        "lapsed": None,
        "ends_on": benefit.last,
        "runs_out_on": None,
    }
    if benefit.kind in (*GRANTS, "voucher"):
        unit = rate if benefit.kind == "voucher" else 1
        used = sum((p.used for p in pools), Fraction(0)) * unit
        granted = benefit.size * len(pools) * unit
        over = benefit.last is not None and benefit.last < case.end
        report |= {"granted": granted, "used": used, "lapsed": granted - used if over else Fraction(0)}
        spent = [p.runs_out_on for p in pools]
        report["runs_out_on"] = max(spent) if spent and None not in spent else None
    return report
