"""Hypothesis strategies for whole worlds: plain dicts as parsed from YAML, always valid by the formats.

`worlds()` draws a dict with the keys `profile`, `event`, `offers`, `providers`, `rates`, `tokenizers`,
`effort`, the arguments of `reference_compare`; `oracle_world.write_world` writes it as data folders.
Numbers come from short lists of short decimals, dates from the calendar of the case (its boundaries and the
days beside them), so that grants run out within the horizon, windows close on the day that matters, and a
failing world shrinks to something readable.

The profile's `effort` names every figure, so the shipped effort data have no say;
`worlds(partial_effort=True)` leaves some to `world["effort"]`.

Every key of `docs/formats.md` that the calculation reads is drawn, each also left out where it has a default:
months from the 29th to the 31st and through a leap day, with and without a cut-off and an overlap; price histories
with changes on the days about `as_of`, free and unknown prices, tiers and quiet hours; models not released yet,
withdrawn, long unseen; currencies without a rate; every benefit with every life, set of models and pool, windows and
conditions open and unknown, offers in several files; every option of a profile.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

DAY = timedelta(days=1)
LONG_AGO = date(2023, 1, 1)
EVENT, SOURCE, TARGETS = "test-event", "old", ("north", "south", "west")
FEATURES = ("tools", "json", "vision")
TIERS = ("flagship", "standard", "light")
CURRENCIES = ("CNY", "USD", "EUR")
UNRATED = "JPY"
"""A currency whose first rate comes too late."""
LINES = ("integration", "evaluation", "per_prompt", "rework", "reindex", "retrain")
SERVICES = ("migration", "consulting", "training", "fine_tuning")

Draw = st.DrawFn


def some(*values: Any) -> st.SearchStrategy:
    """One of the values; a failing example shrinks towards the first."""
    return st.sampled_from(values)


def subset(values: Any, at_least: int = 0) -> st.SearchStrategy[list]:
    return st.lists(st.sampled_from(list(values)), unique=True, min_size=at_least, max_size=len(values)).map(sorted)


def optional(draw: Draw, entry: dict, key: str, values: st.SearchStrategy, one_in: int = 2) -> None:
    """Sometimes a key with a value, sometimes left to its default."""
    if draw(seldom(one_in)):
        entry[key] = draw(values)


def seldom(one_in: int) -> st.SearchStrategy[bool]:
    return some(*[False] * (one_in - 1), True)


def sourced(entry: dict, published: date | None = LONG_AGO) -> dict:
    source = {"cite": "generated", "publisher": "test", "published": published, "says": "made up for a test"}
    return {**entry, "sources": [source], "confidence": "medium"}


PRICES = some(1, 10, 0, 0.05, 0.5, 2, 4, 12.5, 100)
HALF = {0: 0, 0.05: 0.025, 0.5: 0.25, 1: 0.5, 2: 1, 4: 2, 10: 5, 12.5: 6.25, 100: 50}
TOKENS = some(31_000_000, 0, 1_000_000, 3_000_000, 10_000_000, 29_000_000, 40_000_000, 1_234_567)
SHARES = some(0, 1, 0.5, 0.4, 0.25)
GROWTH = some(0, 0.1, -0.1, 0.5, -0.25, 1, -1)
PERSON_DAYS = some(0, 1, 0.5, 3, 12.5)
STANCES = some("expected", "cautious", "generous")


# ---------------------------------------------------------------------------------------------- the calendar


@dataclass(frozen=True)
class Calendar:
    """The days of a case, and the days on which something interesting may begin or end."""

    announced: date
    cutoff: date | None
    as_of: date
    starts: date
    overlap_days: int
    months: int

    @property
    def first_use(self) -> date:
        return self.starts - self.overlap_days * DAY

    def days(self, not_before: date = LONG_AGO) -> st.SearchStrategy[date]:
        """A boundary of the case, or a day near one."""
        anchors = [
            self.starts,
            self.first_use,
            self.as_of,
            self.announced,
            self.starts + 31 * DAY,
            month_end(self.starts),
            month_end(self.starts + 31 * DAY),
            date(2024, 2, 29),
        ]
        if self.cutoff:
            anchors.append(self.cutoff)
        near = st.builds(lambda day, by: day + by * DAY, st.sampled_from(anchors), some(0, -1, 1, 9, 15, 45))
        return near.map(lambda day: max(day, not_before))


def month_end(day: date) -> date:
    following = (day.replace(day=1) + 31 * DAY).replace(day=1)
    return following - DAY


@st.composite
def calendars(draw: Draw) -> Calendar:
    announced = draw(
        some(date(2024, 6, 20), date(2024, 1, 15), date(2024, 1, 31), date(2023, 12, 20), date(2024, 2, 29))
    )
    as_of = announced + draw(some(0, 3, -3, 14)) * DAY
    cutoff = draw(st.none() | some(announced + 11 * DAY, announced, announced + 30 * DAY, month_end(announced)))
    starts = draw(some(as_of + 11 * DAY, as_of, as_of + 45 * DAY, month_end(as_of)))
    if cutoff is not None and cutoff >= as_of and draw(st.booleans()):
        starts = cutoff
    overlap = min((starts - as_of).days, draw(some(0, 1, 7, 40)))
    return Calendar(announced, cutoff, as_of, starts, overlap, draw(st.integers(1, 6)))


# ------------------------------------------------------------------------------ providers, models and prices


@st.composite
def prices(draw: Draw, calendar: Calendar, kind: str, released: date) -> list[dict]:
    """A history: from the release or later, then perhaps a change on or about as_of, to a price not always known."""
    starts = [released + draw(some(0, 0, 0, 60)) * DAY]
    later = draw(st.none() | some(calendar.as_of, calendar.as_of + DAY, calendar.as_of - DAY, calendar.starts))
    if later is not None and later > starts[0]:
        starts.append(later)
    history = [draw(price_entries(day, kind)) for day in starts]
    if draw(seldom(8)):
        history[-1][draw(some("input", "output"))] = "unknown"
    return history


@st.composite
def price_entries(draw: Draw, start: date, kind: str) -> dict:
    level = draw(PRICES)
    price: dict[str, Any] = {"from": start, "input": level}
    if kind == "chat" or draw(st.booleans()):
        price["output"] = draw(st.just(level) | PRICES)
    optional(draw, price, "cached_input", some(HALF[level], None, "unknown"))
    optional(draw, price, "batch_discount", some(0.5, None, 0.25))
    optional(draw, price, "training", some(8, None, 0, "unknown"))
    if draw(seldom(4)):
        bounds = draw(some([4_000], [8_000], [4_000, 8_000]))
        price["tiers"] = [{"above": bound, "input": draw(PRICES), "output": draw(PRICES)} for bound in bounds]
        optional(draw, price["tiers"][-1], "cached_input", some(0.05))
    if draw(seldom(4)):
        price["off_peak"] = {"input": HALF[level], "output": HALF[level], "hours": "at night"}
        optional(draw, price["off_peak"], "cached_input", some(0.025))
    return sourced(price)


@st.composite
def sound_models(draw: Draw, name: str, kind: str) -> dict:
    """A model that can take any workload of its kind."""
    model: dict[str, Any] = {
        "id": name,
        "name": name.upper(),
        "kind": kind,
        "context": 32_000,
        "released": LONG_AGO,
        "features": list(FEATURES),
        "tokenizer": draw(some(*TOKENIZERS)),
        "prices": [draw(price_entries(LONG_AGO, kind))],
    }
    return {**model, "tier": "flagship"} if kind == "chat" else model


@st.composite
def models(draw: Draw, calendar: Calendar, name: str, kinds: list[str]) -> dict:
    kind = draw(some(*kinds))
    as_of = calendar.as_of
    released = draw(some(LONG_AGO, LONG_AGO, LONG_AGO, as_of, as_of + DAY, as_of - DAY))
    model: dict[str, Any] = {"id": name, "name": name.upper(), "kind": kind}
    if kind == "chat":
        model["tier"] = draw(some(*TIERS))
    optional(draw, model, "context", some(32_000, 8_000, 4_000, None))
    if not draw(seldom(6)):
        model["released"] = released
    withdrawn = draw(st.none() | st.none() | some(as_of, as_of + DAY, calendar.starts + 20 * DAY))
    if withdrawn is not None and withdrawn > released:
        model["withdrawn"] = withdrawn
    optional(draw, model, "last_seen", some(as_of - 365 * DAY, as_of - 366 * DAY, as_of), one_in=6)
    model["features"] = draw(st.just(list(FEATURES)) | subset(FEATURES))
    optional(draw, model, "tokenizer", some(*TOKENIZERS, None))
    model["prices"] = draw(prices(calendar, kind, released))
    return model


@st.composite
def target_providers(draw: Draw, calendar: Calendar, name: str, kinds: list[str]) -> dict:
    """Most providers have a model for every kind of workload, so that most are options."""
    found = []
    if not draw(seldom(5)):
        found = [draw(sound_models(f"{name[0]}-{kind}", kind)) for kind in kinds]
        if "chat" in kinds and draw(st.booleans()):
            found.append(draw(sound_models(f"{name[0]}-other", "chat")))
    count = draw(st.integers(0 if found else 1, 4 - len(found)))
    found += [draw(models(calendar, f"{name[0]}{i}", kinds)) for i in range(count)]
    return {
        "provider": name,
        "name": {"en": name.title(), "zh": name},
        "platform": name.title(),
        "currency": draw(some(*CURRENCIES * 4, UNRATED)),
        "api": {
            "compatible_since": draw(some(LONG_AGO, None, calendar.as_of, calendar.as_of + DAY)),
            "base_url": f"https://{name}.test/v1",
        },
        "models": found,
    }


@st.composite
def source_provider(draw: Draw, calendar: Calendar) -> dict:
    described = [
        ("s-flagship", "chat", "flagship"),
        ("s-standard", "chat", "standard"),
        ("s-light", "chat", "light"),
        ("s-embed", "embedding", None),
    ]
    found = []
    priced = draw(some(*[LONG_AGO] * 8, calendar.as_of, calendar.as_of + DAY))
    for name, kind, tier in described:
        model: dict[str, Any] = {"id": name, "name": name, "kind": kind}
        if tier:
            model["tier"] = tier
        model |= {
            "released": LONG_AGO,
            "features": list(FEATURES),
            "tokenizer": draw(some(*TOKENIZERS)),
            "prices": [draw(price_entries(priced, kind))],
        }
        found.append(model)
    return {
        "provider": SOURCE,
        "name": "Old",
        "platform": "Old",
        "currency": draw(some(*CURRENCIES * 4, UNRATED)),
        "api": {"compatible_since": LONG_AGO, "base_url": "https://old.test/v1"},
        "models": found,
    }


TOKENIZERS = {
    "tok-a": {"zh": 1154.2, "en": 198.9, "code": 408, "json": 332},
    "tok-b": {"zh": 641.5, "en": 198.9, "code": 410.5, "json": 301.5},
    "tok-zh": {"zh": 600},
    "no-data": {},
}


def tokenizer_data() -> dict:
    return {
        "tokenizers": {
            name: sourced({"tokens_per_1000_chars": data, "basis": "measured"}) for name, data in TOKENIZERS.items()
        }
    }


def exchange_rates(calendar: Calendar) -> dict:
    """A change on as_of counts, one on the day after does not."""
    days = (LONG_AGO, calendar.as_of, calendar.as_of + DAY)
    return {
        "base": "CNY",
        "rates": {
            currency: [sourced({"from": day, "rate": rate}) for day, rate in zip(days, history, strict=True)]
            for currency, history in {"USD": (7.1, 7.25, 9.9), "EUR": (7.5, 7.8, 3)}.items()
        }
        | {UNRATED: [sourced({"from": calendar.as_of + DAY, "rate": 0.05})]},
    }


# ---------------------------------------------------------------------------------------------------- offers


@st.composite
def lives(draw: Draw, calendar: Calendar, not_before: date) -> dict:
    days = some(30, 1, 10, 28, 31, 90)
    until = calendar.days(not_before)
    return draw(
        st.one_of(
            st.just({"valid_days": None}),
            st.builds(lambda n: {"valid_days": n}, days),
            st.builds(lambda day: {"valid_until": day}, until),
            st.just({"valid_days": "unknown"}),
            st.builds(lambda n, day: {"valid_days": n, "valid_until": day}, days, until),
        )
    )


@st.composite
def benefits(draw: Draw, calendar: Calendar, ids: list[str], tokens: int, not_before: date) -> dict:
    """`tokens`: the profile's tokens of a month, so that grants are of its size."""
    kind = draw(some("token_grant", "token_grant", "token_grant", "discount", "voucher", "matched_grant", "service"))
    benefit: dict[str, Any] = {"kind": kind}
    if kind == "token_grant":
        benefit["tokens"] = draw(some(tokens, tokens // 2, tokens // 3, tokens * 2, 5_000_000, 1_000_000_000)) or 1
    if kind == "matched_grant":
        benefit["months"] = draw(some(1, 2, 0.5))
        optional(draw, benefit, "cap", some(None, "unknown", 15_000_000))
    if kind == "voucher":
        benefit["amount"] = draw(some(100, 14, 0.5, 12.5, 1000))
    if kind == "service":
        benefit["service"] = draw(some(*SERVICES))
    if kind in ("token_grant", "matched_grant"):
        optional(draw, benefit, "pool", some("shared", "per_model"))
    if kind in ("token_grant", "matched_grant", "discount"):
        optional(draw, benefit, "models", subset(ids, 1) | some("all", "unknown"))
    if kind in ("token_grant", "matched_grant", "voucher"):
        benefit |= draw(lives(calendar, not_before))
    if kind == "discount":
        benefit["share"] = draw(some(0.5, 0.2, 0.8, 1))
        optional(draw, benefit, "from", calendar.days(not_before))
        benefit["until"] = draw(some(None, "unknown") | calendar.days(benefit.get("from", not_before)))
    return sourced(benefit, draw(some(calendar.announced, calendar.announced - 5 * DAY, calendar.as_of + DAY, None)))


@st.composite
def offers(draw: Draw, calendar: Calendar, name: str, ids: list[str], tokens: int) -> dict:
    as_of = calendar.as_of
    count = draw(st.integers(0, 4))
    usual = min(calendar.announced, as_of)
    opens = draw(some(usual, usual, usual, "unknown", "unknown", as_of, as_of - 20 * DAY, as_of + DAY))
    if count == 0 and opens == "unknown":  # no benefit, no source to date the window by
        opens = as_of
    known = usual if opens == "unknown" else opens
    closes = draw(some(None, "unknown") | some(None, "unknown") | calendar.days(known))
    claim = {"opens": opens, "closes": closes}
    if closes is None and draw(st.booleans()):
        del claim["closes"]
    conditions: dict[str, Any] = {}
    optional(draw, conditions, "new_customer", some(False, "unknown", True), one_in=3)
    optional(draw, conditions, "account", some("any", "unknown", "enterprise", "individual"), one_in=3)
    optional(draw, conditions, "min_monthly_tokens", some(0, tokens, tokens + 1), one_in=4)
    offer = {
        "id": name,
        "title": name,
        "claim": claim,
        "conditions": conditions,
        "benefits": [draw(benefits(calendar, ids, tokens, known)) for _ in range(count)],
    }
    if not conditions and draw(st.booleans()):
        del offer["conditions"]
    return sourced(offer, calendar.announced - 9 * DAY) if draw(seldom(4)) else offer


@st.composite
def crossing_grants(draw: Draw, name: str, models: list[dict], tokens: int) -> dict:
    """Two grants that run out, one for some models and one for more of them: what the order of drawing is
    about."""
    ids = [m["id"] for m in models]
    few = draw(subset(ids[:3], 1))
    sizes = some(tokens // 3 or 1, tokens // 2 or 1, tokens // 4 or 1, tokens or 1)
    lives_of = some({"valid_days": None}, {"valid_days": 180}, {"valid_days": 45})
    pair = [
        {"kind": "token_grant", "tokens": draw(sizes), "models": few, **draw(lives_of)},
        {"kind": "token_grant", "tokens": draw(sizes), "models": draw(some(ids, "all")), **draw(lives_of)},
    ]
    return {
        "id": name,
        "title": name,
        "claim": {"opens": LONG_AGO, "closes": None},
        "conditions": {},
        "benefits": [sourced(grant) for grant in draw(st.permutations(pair))],
    }


# ----------------------------------------------------------------------------------------------- the profile


SOURCE_MODELS = some("s-light", "s-standard", "s-flagship", "s-embed")


def kind_of(source_model: str) -> str:
    return "embedding" if source_model == "s-embed" else "chat"


@st.composite
def workloads(draw: Draw, name: str, model: str, providers: list[dict]) -> dict:
    workload: dict[str, Any] = {"name": name, "model": model, "input_tokens": draw(TOKENS)}
    if model == "s-embed":
        optional(draw, workload, "stored_tokens", some(50_000_000, 0, 1_500_000))
    else:
        workload["output_tokens"] = draw(some(0, 10_000_000, 1_000_000))
        optional(draw, workload, "tier", some("light", "standard", "flagship"))
        optional(draw, workload, "prompts", some(0, 4, 1))
        workload["features"] = draw(subset((*FEATURES, "streaming")))
        if workload["features"]:
            optional(draw, workload, "must_have", subset(workload["features"]), one_in=3)
    optional(draw, workload, "training_tokens", some(0, 2_000_000))
    optional(draw, workload, "cached_share", SHARES)
    optional(draw, workload, "off_peak_share", SHARES, one_in=3)
    optional(draw, workload, "batch_share", SHARES)
    texts = some({"zh": 0.8, "en": 0.2}, {"zh": 1}, {"en": 0.5, "code": 0.5}, {"json": 1}, {"zh": 1, "json": 0})
    optional(draw, workload, "text", texts)
    optional(draw, workload, "growth", GROWTH)
    optional(draw, workload, "context", some(4_000, 8_000, 8_001), one_in=4)
    for provider in providers:
        if draw(seldom(4)):
            workload.setdefault("ratio", {})[provider["provider"]] = draw(some(0.56, 1, 1.25))
    return workload


@st.composite
def pins(draw: Draw, loads: list[dict], provider: dict) -> None:
    """Pins of a provider: none, on one workload, or every workload on a model of its own if there are
    enough."""
    pinned = draw(some([], [], loads[:1], loads))
    for i, workload in enumerate(pinned):
        same_kind = [m["id"] for m in provider["models"] if m["kind"] == kind_of(workload["model"])]
        if same_kind:
            choice = same_kind[i % len(same_kind)] if len(pinned) > 1 else draw(st.sampled_from(same_kind))
            workload.setdefault("pin", {})[provider["provider"]] = choice


def monthly_tokens(loads: list[dict]) -> int:
    return sum(w["input_tokens"] + w.get("output_tokens", 0) for w in loads)


@st.composite
def profiles(draw: Draw, calendar: Calendar, loads: list[dict], names: list[str], partial_effort: bool) -> dict:
    profile: dict[str, Any] = {
        "name": "Generated",
        "event": EVENT,
        "as_of": calendar.as_of,
        "starts": calendar.starts,
        "months": calendar.months,
    }
    if draw(seldom(12)):
        del profile["months"]
    if calendar.starts == calendar.cutoff and draw(st.booleans()):
        del profile["starts"]
    optional(draw, profile, "currency", some(*CURRENCIES))
    optional(draw, profile, "growth", GROWTH)
    optional(draw, profile, "stance", STANCES)
    optional(draw, profile, "account", some("enterprise", "individual"), one_in=3)
    optional(draw, profile, "customer_of", subset(names), one_in=3)
    profile["workloads"] = loads
    team: dict[str, Any] = {}
    optional(draw, team, "engineers", some(1, 2, 3, 0.5, 2.5))
    if not partial_effort or draw(st.booleans()):
        team["day_rate"] = draw(some(0, 1500, 99.5))
    if team:
        profile["team"] = team
    optional(draw, profile, "loss_per_day", some(0, 2000, 0.5))
    if calendar.overlap_days or draw(st.booleans()):
        profile["overlap"] = {"days": calendar.overlap_days, "share": draw(some(1, 0.1, 0.5, 0))}
    profile["effort"] = draw(efforts())
    if partial_effort:
        profile["effort"] = draw(parts_of(profile["effort"]))
    return profile


@st.composite
def efforts(draw: Draw) -> dict:
    """Every figure of the effort data as a plain number, often none but zeros."""
    figure = draw(some(st.just(0), PERSON_DAYS))
    cuts = draw(some(st.just({}), st.dictionaries(st.sampled_from(LINES), some(0.5, 0.2, 1), max_size=3)))
    return {
        "integration": {"compatible": draw(figure), "native": draw(figure)},
        "evaluation": draw(figure),
        "per_prompt": draw(figure),
        "rework": {feature: draw(figure) for feature in FEATURES},
        "reindex": draw(figure),
        "retrain": draw(figure),
        "services": {service: draw(cuts) for service in SERVICES},
    }


@st.composite
def parts_of(draw: Draw, effort: dict) -> dict:
    """Some keys of an effort override, inside as well."""
    kept = {}
    for key, value in effort.items():
        if draw(st.booleans()):
            kept[key] = {k: v for k, v in value.items() if draw(st.booleans())} if isinstance(value, dict) else value
    return kept


def effort_data(effort: dict) -> dict:
    """The same figures in the form of the effort data file."""

    def figure(value: float) -> dict:
        return {"low": value / 2, "mode": value, "high": value * 2, "judgement": "made up for a test"}

    return {"day_rate": {**figure(700), "currency": "USD"}} | {
        key: value
        if key == "services"
        else {k: figure(v) for k, v in value.items()}
        if isinstance(value, dict)
        else figure(value)
        for key, value in effort.items()
    }


# ------------------------------------------------------------------------------------------------- the world


@st.composite
def events(draw: Draw, calendar: Calendar) -> dict:
    event = {
        "event": EVENT,
        "title": {"en": "A generated event", "zh": "测试"},
        "source": SOURCE,
        "announced": calendar.announced,
    }
    optional(draw, event, "as_of", some(calendar.as_of))
    event["cutoff"] = calendar.cutoff
    event["sources"] = sourced({})["sources"]
    return event


@st.composite
def worlds(draw: Draw, partial_effort: bool = False) -> dict:
    """A whole world: the arguments of `reference_compare` by name."""
    calendar = draw(calendars())
    left = draw(st.lists(SOURCE_MODELS, min_size=1, max_size=3))
    kinds = sorted({kind_of(model) for model in left})
    targets = [draw(target_providers(calendar, name, kinds)) for name in TARGETS[: draw(st.integers(1, 3))]]
    loads = [draw(workloads(f"w{i}", model, targets)) for i, model in enumerate(left)]
    if len({*left}) == len(left) and draw(seldom(4)):
        for workload in loads:
            del workload["name"]
    for target in targets:
        draw(pins(loads, target))
    tokens = monthly_tokens(loads)
    offer_files = []
    for target in targets:
        ids = [m["id"] for m in target["models"]]
        name = target["provider"]
        of_target = [draw(offers(calendar, f"{name}-{i}", ids, tokens)) for i in range(draw(st.integers(0, 2)))]
        if draw(seldom(4)):
            of_target.append(draw(crossing_grants(f"{name}-pair", target["models"], tokens)))
        in_first = draw(st.integers(0, len(of_target))) if draw(seldom(3)) else len(of_target)
        for file, some_of_them in ((name, of_target[:in_first]), (f"{name}-b", of_target[in_first:])):
            if some_of_them:
                offer_files.append((f"{file}.yaml", {"provider": name, "offers": some_of_them}))
    event = draw(events(calendar))
    profile = draw(profiles(calendar, loads, [t["provider"] for t in targets], partial_effort))
    if event.get("as_of", calendar.announced) == calendar.as_of and draw(st.booleans()):
        del profile["as_of"]
    return {
        "profile": profile,
        "event": event,
        "offers": offer_files,
        "providers": [draw(source_provider(calendar)), *targets],
        "rates": exchange_rates(calendar),
        "tokenizers": tokenizer_data(),
        "effort": effort_data(draw(efforts())),
    }
