"""A customer's situation by `docs/model.md`: sections 1 to 3 (time, demand, list cost), 4 (what may be claimed, for
how long), 5 (money), the data of 6 and 7, and 8 (candidates), in fractions, written from that text alone. `daily.py`
lives through its days.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

DAY = timedelta(days=1)
EVER = date.max
NOTHING = Fraction(0)
TIERS = ("light", "standard", "flagship")
PROFILE = {
    "months": 12, "currency": "CNY", "growth": 0, "stance": "expected", "customer_of": [], "account": "enterprise",
    "team": {}, "loss_per_day": 0, "overlap": {}, "effort": {},
}  # fmt: skip
WORKLOAD = {
    "input_tokens": 0, "output_tokens": 0, "cached_share": 0, "batch_share": 0, "off_peak_share": 0, "text": {},
    "context": 0, "features": [], "must_have": [], "prompts": 0, "pin": {}, "ratio": {}, "stored_tokens": 0,
    "training_tokens": 0,
}  # fmt: skip


def exact(number: Any) -> Fraction:
    """The number as it is written: 0.1 is a tenth."""
    return Fraction(str(number))


# --------------------------------------------------------------------------------------------- the calendar


class Between(NamedTuple):
    """A day that the text leaves open but for its bounds, both inclusive."""

    first: date
    last: date


class Row(NamedTuple):
    """A month, or the overlap before the first one (month -1)."""

    month: int
    first: date
    end: date

    @property
    def length(self) -> int:
        return (self.end - self.first).days


def months_later(day: date, months: int) -> date:
    """Calendar months counted from the day itself, clipped to the month's length."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_between(first: date, end: date) -> list[date]:
    return [first + n * DAY for n in range((end - first).days)]


def working_days_later(day: date, count: int) -> date:
    while count:
        day += DAY
        count -= day.weekday() < 5
    return day


# --------------------------------------------------------------------------------------- what a customer gets


@dataclass(eq=False)
class Life:
    """The days of something, both inclusive."""

    first: date
    last: date

    def alive(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(eq=False)
class Discount(Life):
    share: Fraction
    models: frozenset[str]


@dataclass(eq=False)
class Pool(Life):
    """Free tokens for some models, or a voucher's money for any."""

    size: Fraction
    models: frozenset[str] = frozenset()
    left: Fraction = field(init=False)
    saved: Fraction = NOTHING
    spent_on: date | Between | None = None

    def __post_init__(self) -> None:
        self.left = self.size

    def draw(self, wanted: Fraction, day: date) -> Fraction:
        """What it gives of what is wanted on a day; it is spent on that day, or on the next if it just lasts."""
        drawn = min(self.left, wanted)
        self.left -= drawn
        if not self.left:
            self.spent_on = day if drawn < wanted else day + DAY
        return drawn


@dataclass
class Benefit:
    kind: str
    last: date = EVER
    pools: list[Pool] = field(default_factory=list)
    discount: Discount | None = None
    service: str | None = None


@dataclass
class Claim:
    """What becomes of an offer."""

    id: str
    status: str
    claimed_on: date | None = None
    benefits: list[Benefit] = field(default_factory=list)


# --------------------------------------------------------------------------------------------------- a world


class World:
    """A customer's situation with every default filled in; the parameters are the keys of a world."""

    def __init__(
        self, profile: dict, event: dict, offers: list, providers: list, rates: dict, tokenizers: dict, effort: dict
    ) -> None:
        self.profile = {**PROFILE, **profile}
        self.workloads = [{**WORKLOAD, "name": w["model"], **w} for w in profile["workloads"]]
        self.event, self.rates, self.providers = event, rates, providers
        self.offers = [(file["provider"], offer) for _, file in sorted(offers, key=lambda named: named[0])
                       for offer in file["offers"]]  # fmt: skip
        self.source = next(one for one in providers if one["provider"] == event["source"])
        self.source_models = {model["id"]: model for model in self.source["models"]}
        self.tokenizers = {name: t["tokens_per_1000_chars"] for name, t in tokenizers["tokenizers"].items()}
        self.stance = self.profile["stance"]
        self.as_of = self.profile.get("as_of") or event.get("as_of") or event["announced"]
        self.cutoff = event.get("cutoff")
        self.starts = self.profile.get("starts") or self.cutoff
        self.first_use = self.starts - self.profile["overlap"].get("days", 0) * DAY
        starts = [months_later(self.starts, k) for k in range(self.profile["months"] + 1)]
        self.months = [Row(k, *bounds) for k, bounds in enumerate(pairwise(starts))]
        overlap = [Row(-1, self.first_use, self.starts)] if self.first_use < self.starts else []
        self.rows = [*overlap, *self.months]
        self.end = starts[-1]
        self.effort = merged_effort(effort, self.profile["effort"])
        self.engineers = exact(self.profile["team"].get("engineers", 1))
        self.day_rate = self.cost_of_a_day(effort.get("day_rate", 0))
        self.loss_per_day = exact(self.profile["loss_per_day"])

    def by_stance(self, cautious: Any, expected: Any, generous: Any) -> Any:
        """The column of section 9."""
        return {"cautious": cautious, "expected": expected, "generous": generous}[self.stance]

    # -- sections 1 to 3: time, demand and list cost

    def usage_of_a_day(self, workload: dict, row: Row) -> tuple[Fraction, Fraction]:
        """Source tokens in and out on each day of the row."""
        if row.month < 0:
            times = exact(self.profile["overlap"].get("share", 0)) / self.months[0].length
        else:
            growth = exact(workload.get("growth", self.profile["growth"]))
            times = (1 + growth) ** row.month / row.length
        return exact(workload["input_tokens"]) * times, exact(workload["output_tokens"]) * times

    def base_month(self) -> Fraction:
        """Source tokens of all workloads."""
        return sum((exact(w["input_tokens"]) + exact(w["output_tokens"]) for w in self.workloads), NOTHING)

    def in_force(self, model: dict) -> bool:
        released, withdrawn, last_seen = (model.get(key) for key in ("released", "withdrawn", "last_seen"))
        return (
            (not released or released <= self.as_of)
            and (not withdrawn or self.as_of < withdrawn)
            and (not last_seen or self.as_of <= last_seen + 365 * DAY)
        )

    def price(self, model: dict) -> dict | None:
        """The entry in force on the day of the decision; None where there is none or it is not known."""
        past = [price for price in model["prices"] if price["from"] <= self.as_of]
        latest = max(past, key=lambda price: price["from"], default=None)
        return None if latest is None or "unknown" in (latest["input"], latest.get("output")) else latest

    def training_price(self, model: dict) -> Fraction:
        price = (self.price(model) or {}).get("training")
        return NOTHING if price in (None, "unknown") else exact(price)

    def list_cost(self, workload: dict, model: dict, tokens_in: Fraction, tokens_out: Fraction) -> Fraction:
        """The formula of section 3, for target tokens."""
        price = self.price(model)
        assert price is not None
        b, c = exact(workload["batch_share"]), exact(workload["cached_share"])
        batch_discount = exact(price.get("batch_discount") or 0)

        def at(step: dict) -> Fraction:
            p_in, p_out = exact(step["input"]), exact(step.get("output") or 0)
            p_cached = step.get("cached_input")
            p_cached = p_in if p_cached in (None, "unknown") else exact(p_cached)
            in_batches = (tokens_in * p_in + tokens_out * p_out) * (1 - batch_discount)
            at_once = tokens_in * ((1 - c) * p_in + c * p_cached) + tokens_out * p_out
            return (b * in_batches + (1 - b) * at_once) / 10**6

        tiers = [tier for tier in price.get("tiers", []) if tier["above"] < (workload["context"] or 0)]
        if tiers:
            return at(max(tiers, key=lambda tier: tier["above"]))
        if not price.get("off_peak"):
            return at(price)
        quiet = exact(workload["off_peak_share"])
        return quiet * at(price["off_peak"]) + (1 - quiet) * at(price)

    def ratio(self, workload: dict, provider: str, model: dict) -> Fraction:
        """Target tokens for one source token."""
        if provider in workload["ratio"]:
            return exact(workload["ratio"][provider])
        source = self.tokenizers.get(self.source_models[workload["model"]].get("tokenizer"), {})
        target = self.tokenizers.get(model.get("tokenizer"), {})
        text = {kind: exact(share) for kind, share in workload["text"].items() if share}
        if not text or any(kind not in source or kind not in target for kind in text):
            return Fraction(1)
        at_target = sum(share * exact(target[kind]) for kind, share in text.items())
        return at_target / sum(share * exact(source[kind]) for kind, share in text.items())

    def list_cost_of_a_day(self, models: list[dict], row: Row) -> Fraction:
        """What the source's models ask for it, in the source's currency."""
        pairs = zip(self.workloads, models, strict=True)
        return sum((self.list_cost(w, m, *self.usage_of_a_day(w, row)) for w, m in pairs), NOTHING)

    def baseline(self) -> dict[str, Any]:
        """What the source asks for the same usage."""
        models = [self.source_models[workload["model"]] for workload in self.workloads]
        rate = self.exchange(self.source["currency"])
        if not rate or any(self.price(model) is None for model in models):
            return {"provider": self.source["provider"], "total": None, "monthly": None}
        monthly = [self.list_cost_of_a_day(models, row) * row.length * rate for row in self.months]
        return {"provider": self.source["provider"], "total": sum(monthly, NOTHING), "monthly": monthly}

    # -- section 4: offers

    def claims(self, provider: dict) -> list[Claim]:
        found = []
        for offer in (offer for name, offer in self.offers if name == provider["provider"]):
            claim = Claim(offer["id"], self.status(provider["provider"], offer))
            if claim.status == "claimed":
                claim.claimed_on = min(self.first_use, self.window(offer)[1])
                claim.benefits = [self.benefit(provider, one, claim.claimed_on) for one in offer["benefits"]]
            found.append(claim)
        return found

    def window(self, offer: dict) -> tuple[date, date]:
        """The first and the last day on which it may be claimed."""
        opens, closes = offer["claim"]["opens"], offer["claim"].get("closes")
        if opens == "unknown":
            sources = [source for one in [offer, *offer["benefits"]] for source in one.get("sources", [])]
            announced = self.event["announced"]
            dated = [source["published"] for source in sources if source.get("published")]
            opens = self.by_stance(min(dated, default=announced), announced, announced)
        if closes == "unknown":
            cutoff = self.cutoff or self.first_use
            closes = self.by_stance(cutoff, cutoff + 30 * DAY, EVER)
        return opens, closes or EVER

    def status(self, provider: str, offer: dict) -> str:
        opens, closes = self.window(offer)
        if opens > self.as_of:
            return "not_yet_open"
        if closes < self.as_of:
            return "missed"
        asked = {"new_customer": False, "account": "any", "min_monthly_tokens": 0, **offer.get("conditions", {})}
        if asked["new_customer"] == "unknown":
            asked["new_customer"] = self.by_stance(True, False, False)
        if asked["account"] == "unknown":
            asked["account"] = self.by_stance("enterprise", "any", "any")
        met = (
            not (asked["new_customer"] and provider in self.profile["customer_of"])
            and asked["account"] in ("any", self.profile["account"])
            and self.base_month() >= exact(asked["min_monthly_tokens"])
        )
        return "claimed" if met else "ineligible"

    def benefit(self, provider: dict, benefit: dict, claimed_on: date) -> Benefit:
        kind = benefit["kind"]
        if kind == "service":
            return Benefit(kind, service=benefit["service"])
        if kind == "discount":
            return Benefit(kind, discount=self.discount(provider, benefit, claimed_on))
        last = self.last_day(benefit, claimed_on)
        if kind == "voucher":
            amount = exact(benefit["amount"]) * self.exchange(provider["currency"])
            return Benefit(kind, last, [Pool(claimed_on, last, amount)])
        models = self.models_of(provider, benefit)
        size = exact(benefit["tokens"]) if kind == "token_grant" else self.matched(benefit)
        sets = [frozenset([m]) for m in models] if benefit.get("pool") == "per_model" else [models]
        return Benefit(kind, last, [Pool(claimed_on, last, size, one) for one in sets])

    def last_day(self, benefit: dict, claimed_on: date) -> date:
        """Of the life of a grant or voucher."""
        days, until = benefit.get("valid_days"), benefit.get("valid_until") or EVER
        if days == "unknown":
            days = self.by_stance(30, 180, None)
        return until if days is None else min(until, claimed_on + (days - 1) * DAY)

    def discount(self, provider: dict, benefit: dict, claimed_on: date) -> Discount:
        first = max(benefit.get("from") or claimed_on, claimed_on)
        until = benefit["until"]
        if until == "unknown":
            until = self.by_stance(first + 29 * DAY, first + 179 * DAY, EVER)
        return Discount(first, until or EVER, exact(benefit["share"]), self.models_of(provider, benefit))

    def matched(self, benefit: dict) -> Fraction:
        """The size of a matched grant."""
        size, cap = exact(benefit["months"]) * self.base_month(), benefit.get("cap")
        if cap == "unknown":
            cap = self.by_stance(0, None, None)
        return size if cap is None else min(size, exact(cap))

    def models_of(self, provider: dict, benefit: dict) -> frozenset[str]:
        """The models that a grant or discount is for."""
        models, sold = benefit.get("models", "all"), [m for m in provider["models"] if self.in_force(m)]
        if models != "unknown":
            return frozenset(m["id"] for m in sold if models == "all" or m["id"] in models)
        chat = [m for m in sold if m["kind"] == "chat"]
        sums = [(exact(p["input"]) + exact(p["output"]), m["id"]) for m in chat if (p := self.price(m))]
        cheapest = sorted((total, name) for total, name in sums if total)[:1]
        return frozenset(
            self.by_stance([name for _, name in cheapest], [m["id"] for m in chat], [m["id"] for m in sold])
        )

    # -- section 5: money

    def exchange(self, currency: str) -> Fraction | None:
        """What one unit of the currency is in the profile's; None without a rate."""
        if currency == self.profile["currency"]:
            return Fraction(1)
        here, there = self.in_base(currency), self.in_base(self.profile["currency"])
        return here / there if here and there else None

    def in_base(self, currency: str) -> Fraction | None:
        if currency == self.rates["base"]:
            return Fraction(1)
        past = [rate for rate in self.rates["rates"].get(currency, []) if rate["from"] <= self.as_of]
        return exact(max(past, key=lambda rate: rate["from"])["rate"]) if past else None

    # -- sections 6 and 8: a day's work, the way to call a provider, its candidates

    def cost_of_a_day(self, usual: Any) -> Fraction:
        """The team's own rate, or the usual one of the effort data."""
        if self.profile["team"].get("day_rate") is not None:
            return exact(self.profile["team"]["day_rate"])
        return mode(usual) * (self.exchange(usual["currency"]) if isinstance(usual, dict) else 1)

    def api_of(self, provider: dict) -> str:
        since = provider.get("api", {}).get("compatible_since")
        return "compatible" if since and since <= self.as_of else "native"

    def targets(self) -> list[dict]:
        return sorted((one for one in self.providers if one is not self.source), key=lambda one: one["provider"])

    def candidates(self, provider: dict, workload: dict) -> list[dict]:
        source = self.source_models[workload["model"]]
        needed = workload.get("tier") or source.get("tier")

        def fits(model: dict) -> bool:
            return (
                model["kind"] == source["kind"]
                and (source["kind"] == "embedding" or TIERS.index(model["tier"]) >= TIERS.index(needed))
                and self.in_force(model)
                and self.price(model) is not None
                and (not workload["context"] or (model.get("context") or 0) >= workload["context"])
                and set(workload["must_have"]) <= set(model.get("features", []))
                and workload["pin"].get(provider["provider"], model["id"]) == model["id"]
            )

        return [model for model in provider["models"] if fits(model)]


def mode(figure: Any) -> Fraction:
    """Of a range; a plain figure is its own."""
    return exact(figure["mode"] if isinstance(figure, dict) else figure)


def merged_effort(data: dict, own: dict) -> dict[str, Any]:
    """The figures of the effort data (the mode of a range), with the profile's in their place."""

    found: dict[str, Any] = {}
    for key in ("evaluation", "per_prompt", "reindex", "retrain"):
        found[key] = mode(own.get(key, data[key]))
    for key in ("integration", "rework"):
        found[key] = {name: mode(value) for name, value in {**data[key], **own.get(key, {})}.items()}
    found["services"] = {**data["services"], **own.get("services", {})}
    return found
