"""The model of `docs/model.md` once more: day by day, in fractions, written from that text alone.

`reference.py` and the engine draw grants segment by segment; here each day is a step of its own, and a date ("runs
out on", "free until") is the day on which it happens. The text names the one place where days and segments part: two
grants for different models that run out within one segment. Such a segment is *contested* and charged in one step,
since there the segment decides; a date in it is only known to lie in it. They are counted, for a test to see that they
are the exception.

That nothing else parts them: take the grants that run out within a segment, in the order of drawing. Where each one is,
of any two that share a model, for all models of the later one, what it finds left is the same share of each of its
models (a grant that does not run out leaves nothing of its models), so what it gives to each is the same by days and by
the segment.

Plain and slow on purpose; the parameters of `daily_compare` are the keys of a world (see `worlds.py`).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import ceil
from typing import Any, NamedTuple

from daily_world import DAY, EVER, NOTHING, Between, Discount, Pool, Row, World, days_between, exact, working_days_later


class Use(NamedTuple):
    """What runs through a model: target tokens, and their price by the list."""

    tokens: Fraction
    cost: Fraction

    def times(self, days: int) -> "Use":
        return Use(self.tokens * days, self.cost * days)


@dataclass
class Charge:
    """Tokens, and the money that became of their list cost."""

    tokens: Fraction = NOTHING
    granted_tokens: Fraction = NOTHING
    list_cost: Fraction = NOTHING
    grants: Fraction = NOTHING
    discounts: Fraction = NOTHING
    vouchers: Fraction = NOTHING
    bill: Fraction = NOTHING

    def add(self, other: "Charge") -> None:
        for name, value in vars(other).items():
            if value:
                setattr(self, name, getattr(self, name) + value)


# -------------------------------------------------------------------------------------- section 4: a step


class Purse:
    """What one customer has from one provider, each kind in the order in which it is used."""

    def __init__(self, grants: list[Pool], discounts: list[Discount], vouchers: list[Pool]) -> None:
        self.grants = sorted(grants, key=lambda grant: (grant.last, len(grant.models)))
        self.discounts = discounts
        self.vouchers = sorted(vouchers, key=lambda voucher: voucher.last)
        self.pools = [*self.grants, *self.vouchers]

    def pay(self, use: dict[str, Use], day: date) -> Charge:
        """Pays for the use of a day, or of several like it."""
        paid = Charge(tokens=sum((u.tokens for u in use.values()), NOTHING))
        unpaid = dict.fromkeys(use, Fraction(1))
        for grant in self.grants:
            models = [m for m in use if m in grant.models]
            wanted = sum((use[m].tokens * unpaid[m] for m in models), NOTHING)
            if grant.alive(day) and grant.left and wanted:
                drawn = grant.draw(wanted, day)
                paid.granted_tokens += drawn
                for model in models:
                    grant.saved += use[model].cost * unpaid[model] * drawn / wanted
                    unpaid[model] *= 1 - drawn / wanted
        for model, (_, cost) in use.items():
            off = max((d.share for d in self.discounts if d.alive(day) and model in d.models), default=0)
            remains = cost * unpaid[model]
            paid.list_cost += cost
            paid.grants += cost - remains
            paid.discounts += remains * off
            paid.bill += remains * (1 - off)
        for voucher in self.vouchers:
            if voucher.alive(day) and voucher.left and paid.bill:
                drawn = voucher.draw(paid.bill, day)
                voucher.saved += drawn
                paid.vouchers += drawn
                paid.bill -= drawn
        return paid

    def before(self, grant: Pool) -> list[Pool]:
        return self.grants[: self.grants.index(grant)]

    def cuts(self) -> set[date]:
        """The days on which something begins, and the days after its last."""
        lives = [*self.pools, *self.discounts]
        return {life.first for life in lives} | {life.last + DAY for life in lives if life.last < EVER}


def parted(earlier: Pool, later: Pool, use: dict[str, Use]) -> bool:
    """Whether the earlier grant covers some, but not all, of the models of the later one."""
    first, second = earlier.models & use.keys(), later.models & use.keys()
    return bool(first & second) and not second <= first


# ------------------------------------------------------------------------------------------------- an option


class Option:
    """One provider with a target model for each workload, lived through day by day."""

    def __init__(self, world: World, provider: dict, models: tuple[dict, ...]) -> None:
        self.world, self.provider, self.models = world, provider, models
        self.rate = world.exchange(provider["currency"])
        self.offers = world.claims(provider)
        self.benefits = [benefit for offer in self.offers for benefit in offer.benefits]
        self.purse = Purse(
            [pool for b in self.benefits if b.kind.endswith("grant") for pool in b.pools],
            [b.discount for b in self.benefits if b.discount],
            [pool for b in self.benefits if b.kind == "voucher" for pool in b.pools],
        )
        self.free_until: date | Between | None = None
        self.lived = Counter[str]()
        self.re_embedding = self.embed_again()
        self.charges = [self.live_through(row) for row in world.rows]
        self.days, self.costs = self.work()
        self.ready_on = working_days_later(world.as_of, ceil(sum(self.days.values()) / world.engineers))
        late = (self.ready_on - world.cutoff).days if world.cutoff else 0
        self.readiness_cost = max(late, 0) * world.loss_per_day
        self.bill = sum((charge.bill for charge in self.charges), NOTHING)
        self.one_off_cost = sum(self.costs.values(), NOTHING)
        self.total = self.bill + self.one_off_cost + self.readiness_cost

    def use(self, amounts: list[tuple[Fraction, Fraction]]) -> dict[str, Use]:
        """What runs through each model, of source tokens in and out by workload."""
        found: dict[str, Use] = {}
        for workload, model, (tokens_in, tokens_out) in zip(self.world.workloads, self.models, amounts, strict=True):
            ratio = self.world.ratio(workload, self.provider["provider"], model)
            cost = self.world.list_cost(workload, model, tokens_in * ratio, tokens_out * ratio) * self.rate
            before = found.get(model["id"], Use(NOTHING, NOTHING))
            found[model["id"]] = Use(before.tokens + (tokens_in + tokens_out) * ratio, before.cost + cost)
        return found

    def embed_again(self) -> Charge:
        """On the first day, before its ordinary use: what this empties is spent on that day."""
        stored = [(exact(w["stored_tokens"]), NOTHING) for w in self.world.workloads]
        paid = self.purse.pay(self.use(stored), self.world.first_use)
        for pool in self.purse.pools:
            pool.spent_on = pool.spent_on and self.world.first_use
        return paid

    def live_through(self, row: Row) -> Charge:
        use = self.use([self.world.usage_of_a_day(workload, row) for workload in self.world.workloads])
        cuts = sorted({row.first, *(cut for cut in self.purse.cuts() if row.first < cut < row.end), row.end})
        charge = Charge()
        for first, end in pairwise(cuts):
            charge.add(self.live_through_segment(use, first, end))
        return charge

    def live_through_segment(self, use: dict[str, Use], first: date, end: date) -> Charge:
        unspent = [pool for pool in self.purse.pools if not pool.spent_on]
        before = [(pool, pool.left, pool.saved) for pool in self.purse.pools]
        free_until = self.free_until
        paid = self.live_through_days(use, days_between(first, end))
        ran_out = [p for p in self.purse.grants if p in unspent and p.spent_on and p.spent_on < end]
        self.lived["segments"] += 1
        if not any(parted(*pair, use) for pair in combinations(ran_out, 2)):
            for grant in ran_out:
                if any(parted(other, grant, use) and other.alive(first) for other in self.purse.before(grant)):
                    grant.spent_on = Between(grant.spent_on, end)
            return paid
        self.lived["contested"] += 1
        self.free_until = free_until
        for pool, left, saved in before:
            pool.left, pool.saved, pool.spent_on = left, saved, None if pool in unspent else pool.spent_on
        return self.live_through_step(use, first, end, unspent)

    def live_through_days(self, use: dict[str, Use], days: list[date]) -> Charge:
        paid = Charge()
        for day in days:
            today = self.purse.pay(use, day)
            paid.add(today)
            if today.bill and self.free_until is None:
                self.free_until = day
        return paid

    def live_through_step(self, use: dict[str, Use], first: date, end: date, unspent: list[Pool]) -> Charge:
        paid = self.purse.pay({model: one.times((end - first).days) for model, one in use.items()}, first)
        for pool in unspent:
            pool.spent_on = pool.spent_on and Between(first, end)
        if paid.bill and self.free_until is None:
            self.free_until = Between(first, end - DAY)
        return paid

    # -- section 6: the work

    def work(self) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
        """Person-days and money by item."""
        world, effort = self.world, self.world.effort
        services = {benefit.service for benefit in self.benefits if benefit.service}
        days = dict.fromkeys(("integration", "evaluation", "per_prompt", "rework", "reindex", "retrain"), NOTHING)
        days["integration"] = effort["integration"][world.api_of(self.provider)]
        retraining = NOTHING
        for workload, model in zip(world.workloads, self.models, strict=True):
            if model["kind"] == "chat":
                days["evaluation"] += effort["evaluation"]
                days["per_prompt"] += workload["prompts"] * effort["per_prompt"]
                lacking = set(workload["features"]) - set(model.get("features", []))
                days["rework"] += sum((effort["rework"].get(feature, NOTHING) for feature in lacking), NOTHING)
            elif workload["stored_tokens"]:
                days["reindex"] += effort["reindex"]
            if workload["training_tokens"]:
                days["retrain"] += effort["retrain"]
                tokens = exact(workload["training_tokens"]) * world.ratio(workload, self.provider["provider"], model)
                retraining += tokens * world.training_price(model) * self.rate / 10**6
        for item in days:
            cuts = [exact(effort["services"].get(service, {}).get(item, 0)) for service in services]
            days[item] *= 1 - world.by_stance(0, max(cuts, default=0), max(cuts, default=0))
        costs = {item: count * world.day_rate for item, count in days.items()}
        costs["re_embedding"] = self.re_embedding.bill
        costs["retraining"] = NOTHING if "fine_tuning" in services else retraining
        return days, costs

    # -- the answer

    def answer(self, rank: int) -> dict[str, Any]:
        list_cost = sum((charge.list_cost for charge in self.charges), NOTHING)
        tokens = sum((sum(self.world.usage_of_a_day(w, row)) * row.length
                      for w in self.world.workloads for row in self.world.months), NOTHING)  # fmt: skip
        return {
            "rank": rank,
            "provider": self.provider["provider"],
            "models": {w["name"]: m["id"] for w, m in zip(self.world.workloads, self.models, strict=True)},
            "total": self.total,
            "bill": self.bill,
            "one_off_cost": self.one_off_cost,
            "readiness_cost": self.readiness_cost,
            "list_cost": list_cost,
            "saved_by_offers": list_cost - self.bill,
            "price_per_million": self.bill / tokens * 10**6 if tokens else None,
            "free_until": self.free_until,
            "ready_on": self.ready_on,
            "monthly": [
                {"month": row.month, "from": row.first, "to": row.end, **vars(charge)}
                for row, charge in zip(self.world.rows, self.charges, strict=True)
            ],
            "offers": [
                {"id": offer.id, "status": offer.status, "claimed_on": offer.claimed_on,
                 "benefits": [self.reported(benefit) for benefit in offer.benefits]}
                for offer in self.offers
            ],
            "one_off": [
                {"item": item, "days": self.days.get(item, NOTHING), "cost": cost} for item, cost in self.costs.items()
            ],
        }  # fmt: skip

    def reported(self, benefit: Any) -> dict[str, Any]:
        if not benefit.pools:
            return {"kind": benefit.kind}
        left = sum((pool.left for pool in benefit.pools), NOTHING)
        granted = sum((pool.size for pool in benefit.pools), NOTHING)
        days = [pool.spent_on for pool in benefit.pools]
        return {
            "kind": benefit.kind,
            "granted": granted,
            "used": granted - left,
            "lapsed": left if benefit.last < self.world.end else NOTHING,
            "ends_on": None if benefit.last == EVER else benefit.last,
            "runs_out_on": latest(days) if all(days) else None,
            "saved": sum((pool.saved for pool in benefit.pools), NOTHING),
        }


def latest(days: list[date | Between]) -> date | Between:
    """The last of some days, as far as they are known."""
    bounds = [day if isinstance(day, Between) else Between(day, day) for day in days]
    first, last = max(b.first for b in bounds), max(b.last for b in bounds)
    return first if first == last else Between(first, last)


def daily_compare(**case: Any) -> tuple[dict[str, Any], Counter[str]]:
    """The answer to a world, and how many segments were lived through for it, how many of them contested."""
    world = World(**case)
    options, unavailable, lived = [], [], Counter[str]()
    for provider in world.targets():
        choices = [world.candidates(provider, workload) for workload in world.workloads]
        if not all(choices) or not world.exchange(provider["currency"]):
            unavailable.append({"provider": provider["provider"]})
            continue
        tried = [Option(world, provider, models) for models in product(*choices)]
        for option in tried:
            lived.update(option.lived)
        options.append(min(tried, key=lambda o: (o.total, o.bill, [m["id"] for m in o.models])))
    options.sort(key=lambda o: (o.total, o.one_off_cost, o.provider["provider"]))
    answer = {
        "event": world.event["event"],
        "as_of": world.as_of,
        "starts": world.starts,
        "months": len(world.months),
        "currency": world.profile["currency"],
        "stance": world.stance,
        "baseline": world.baseline(),
        "options": [option.answer(rank) for rank, option in enumerate(options, 1)],
        "unavailable": unavailable,
    }
    return answer, lived
