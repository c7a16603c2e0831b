"""Profiles with mistakes: what the person who wrote one is told, by line, all at once."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from engine import catalogue_of
from oracle_world import expand

from calculator import Catalogue, Comparison, InputError, compare
from calculator.comparison import compare_profile
from calculator.profile import read_profile, read_profile_file
from report.exports import FORMATS
from report.language import language
from report.tables import comparison_csv, comparison_summary

PROFILE = """\
event: test-event
as_of: 2024-06-20
starts: 2024-07-01
months: 12
workloads:
  - name: chat
    model: s
    input_tokens: 80_000_000
    output_tokens: 20_000_000
team: {engineers: 2, day_rate: 1500}
"""


def catalogue(**event: Any) -> Catalogue:
    """North in CNY with an embedding model and an offer, west in USD; the source is `old`: s, s-mini and s-embed."""
    return catalogue_of(
        expand(
            {
                "profile": {},
                "event": event,
                "rates": {"USD": 7},
                "providers": {
                    "north": {
                        "models": [
                            {"id": "n-large", "price": {"input": 10, "output": 20}},
                            {"id": "n-embed", "kind": "embedding", "price": {"input": 1}},
                        ],
                        "offers": [{"id": "gift", "benefits": []}],
                    },
                    "west": {"currency": "USD", "models": [{"id": "w-large", "price": {"input": 1, "output": 2}}]},
                },
            }
        )
    )


def answer(text: str, **event: Any) -> Comparison:
    profile, document = read_profile(dedent(text), "profile.yaml")
    return compare_profile(profile, catalogue(**event), document)


def told(text: str, **event: Any) -> list[str]:
    """What is told of a profile that cannot be used."""
    with pytest.raises(InputError) as error:
        answer(text, **event)
    return [str(problem).removeprefix("profile.yaml:") for problem in error.value.problems]


def changed(old: str, new: str) -> str:
    assert PROFILE.count(old) == 1
    return PROFILE.replace(old, new)


def with_workload(line: str) -> str:
    return changed("    model: s\n", f"    model: s\n    {line}\n")


def test_the_profile_without_mistakes_has_an_answer() -> None:
    assert [option.provider.provider for option in answer(PROFILE).options] == ["west", "north"]


@pytest.mark.parametrize(
    ("old", "new", "told_"),
    [
        ("months: 12", "mnths: 12", "4:1: unknown key `mnths` (did you mean `months`?); allowed: "),
        ("    input_tokens", "    input_token",
         "8:5: unknown key `input_token` (did you mean `input_tokens`?); allowed: "),
        ("{engineers", "{enginers", "10:8: unknown key `enginers` (did you mean `engineers`?); allowed: "),
        ("months: 12", "months: 12\nmonths: 12", "5:1: the key `months` stands here twice"),
        ("months: 12", "months: 0", "4:1: months must be >= 1 (got 0)"),
        ("months: 12", "months: 121", "4:1: months must be <= 120 (got 121)"),
        ("months: 12", "months: 12.5", "4:1: months must be a whole number (got 12.5)"),
        ("months: 12", "months: twelve", "4:1: months must be a whole number (got 'twelve')"),
        ("months: 12", "months:", "4:1: months is empty; it must be a whole number"),
        ("months: 12", "growth: -1.1", "4:1: growth must be >= -1 (got -1.1)"),
        ("months: 12", "growth: 5%", "4:1: growth must be a number (got '5%')"),
        ("months: 12", "stance: hopeful", "4:1: stance must be one of cautious, expected, generous (got 'hopeful')"),
        ("months: 12", "stance: expectd",
         "4:1: stance must be one of cautious, expected, generous (got 'expectd') (did you mean `expected`?)"),
        ("months: 12", "currency: rmb", "4:1: currency must be three capital letters such as CNY or USD (got 'rmb')"),
        ("months: 12", "account: firm", "4:1: account must be one of enterprise, individual (got 'firm')"),
        ("months: 12", "loss_per_day: -1", "4:1: loss_per_day must be >= 0 (got -1)"),
        ("months: 12", "overlap: {days: -1}", "4:11: days must be >= 0 (got -1)"),
        ("months: 12", "overlap: {days: 3, share: 1.5}", "4:20: share must be <= 1 (got 1.5)"),
        ("months: 12", "effort: {evaluation: -1}", "4:10: evaluation must be >= 0 (got -1)"),
        ("months: 12", "effort: {evaluations: 1}",
         "4:10: unknown key `evaluations` (did you mean `evaluation`?); allowed: "),
        ("months: 12", "effort: {integration: {compatble: 1}}",
         "4:24: compatble must be one of compatible, native (got 'compatble') (did you mean `compatible`?)"),
        ("months: 12", "effort: {services: {migration: {rework: 2}}}", "4:33: rework must be <= 1 (got 2)"),
        ("as_of: 2024-06-20", "as_of: 2024-06-31", "2:1: as_of must be "),
        ("as_of: 2024-06-20", "as_of: tomorrow", "2:1: as_of must be "),
        ("as_of: 2024-06-20", "as_of: '2024-06-20'", "2:1: as_of must be "),
        ("as_of: 2024-06-20", "as_of: 1999-12-31", "2:1: as_of must be "),
        ("engineers: 2", "engineers: 0", "10:8: engineers must be > 0 (got 0)"),
        ("day_rate: 1500", "day_rate: -5", "10:22: day_rate must be >= 0 (got -5)"),
        ("input_tokens: 80_000_000", "input_tokens: -1", "8:5: input_tokens must be >= 0 (got -1)"),
        ("input_tokens: 80_000_000", "input_tokens: 80M", "8:5: input_tokens must be a number (got '80M')"),
        ("input_tokens: 80_000_000", "input_tokens: 1e19", "8:5: input_tokens must be <= 1e+18 (got 1e+19)"),
        ("input_tokens: 80_000_000", "input_tokens: .nan", "8:5: input_tokens must be a number (got '.nan')"),
        ("input_tokens: 80_000_000", "input_tokens: .inf", "8:5: input_tokens must be a number (got '.inf')"),
        ("input_tokens: 80_000_000", "input_tokens: 1e999", "8:5: input_tokens must be a number (got inf)"),
        ("input_tokens: 80_000_000", "input_tokens: -1e999", "8:5: input_tokens must be a number (got -inf)"),
        ("input_tokens: 80_000_000", f"input_tokens: {'9' * 400}", "8:5: input_tokens must be a number (got inf)"),
        ("    model: s\n", "", "6:5: `model` is missing"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_its_line(old: str, new: str, told_: str) -> None:
    problems = told(changed(old, new))
    assert any(problem.startswith(told_) for problem in problems), problems


@pytest.mark.parametrize(
    ("line", "told_"),
    [
        ("cached_share: 50", "8:5: cached_share must be <= 1 (got 50); 50 % is written 0.5"),
        ("batch_share: -0.5", "8:5: batch_share must be >= 0 (got -0.5)"),
        ("tier: flag", "8:5: tier must be one of flagship, standard, light (got 'flag') (did you mean `flagship`?)"),
        ("context: 8k", "8:5: context must be a whole number (got '8k'); write 8_000, without quotes, commas or units"),
        ("context: -1", "8:5: context must be >= 0 (got -1)"),
        ("prompts: 2.5", "8:5: prompts must be a whole number (got 2.5)"),
        ("prompts: 100_001", "8:5: prompts must be <= 100000 (got 100001)"),
        ("features: tools", "8:5: features must be a list (got 'tools')"),
        ("must_have: [tools, 1]", "8:24: must_have must be a text (got 1)"),
        ("text: {zh: 0.5, en: 0.4}", "8:5: the shares of `text` must sum to 1 (they sum to 0.9)"),
        ("text: {zh: 0.8, en: 0.3}", "8:5: the shares of `text` must sum to 1 (they sum to 1.1)"),
        ("text: {zh: 1.5, en: -0.5}", "8:12: zh must be <= 1 (got 1.5)"),
        ("text: {fr: 1}", "8:12: fr must be one of zh, en, code, json (got 'fr')"),
        ("ratio: {north: 0}", "8:13: north must be > 0 (got 0)"),
        ("ratio: {north: 1001}", "8:13: north must be <= 1000 (got 1001)"),
        ("ratio: {nort: 1}", "8:13: unknown provider `nort` (did you mean `north`?); known: north, old, west"),
        ("pin: {wets: w-large}", "8:11: unknown provider `wets` (did you mean `west`?); known: north, old, west"),
        ("pin: {west: w-lage}", "8:11: unknown model `w-lage` (did you mean `w-large`?); known: w-large"),
        ("pin: {west: n-large}", "8:11: unknown model `n-large` (did you mean `w-large`?); known: w-large"),
        ("name: chat", "8:5: the key `name` stands here twice"),
        ("growth: fast", "8:5: growth must be a number (got 'fast')"),
        ("stored_tokens: -1", "8:5: stored_tokens must be >= 0 (got -1)"),
        ("training_tokens: -1", "8:5: training_tokens must be >= 0 (got -1)"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_workload_is_told_by_its_line(line: str, told_: str) -> None:
    problems = told(with_workload(line))
    assert told_ in problems, problems


@pytest.mark.parametrize("shares", ["{zh: 1}", "{zh: 0.33, en: 0.33, code: 0.33}", "{zh: 0.34, en: 0.335, json: 0.33}"])
def test_shares_of_text_may_be_rounded(shares: str) -> None:
    assert answer(with_workload(f"text: {shares}")).options


def test_an_unknown_source_model_is_told_with_the_nearest() -> None:
    assert told(changed("model: s\n", "model: s-min\n")) == [
        "7:5: unknown model `s-min` (did you mean `s-mini`?); known: s, s-embed, s-mini"
    ]


def test_an_unknown_event_is_told_with_the_nearest() -> None:
    assert told(changed("event: test-event\n", "") + "event: tst-event\n") == [
        "10:1: unknown event `tst-event` (did you mean `test-event`?); known: test-event"
    ]


def test_the_event_may_be_left_out_where_there_is_only_one() -> None:
    assert answer(changed("event: test-event\n", "")).event.event == "test-event"


def test_an_unknown_provider_in_customer_of_is_told_by_its_place() -> None:
    assert told(PROFILE + "customer_of:\n  - west\n  - weast\n") == [
        "13:5: unknown provider `weast` (did you mean `west`?); known: north, old, west"
    ]


def test_an_unknown_offer_that_is_declined_is_told_by_its_place() -> None:
    assert told(PROFILE + "declined:\n  - gift\n  - gft\n") == [
        "13:5: unknown offer `gft` (did you mean `gift`?); known: gift"
    ]


def test_two_workloads_of_one_name_are_told() -> None:
    assert told(PROFILE.replace("team:", "  - {name: chat, model: s-mini}\nteam:")) == [
        "10:6: a second workload is called `chat`: give each a `name` of its own"
    ]


def test_a_workload_without_a_name_is_called_as_its_model() -> None:
    assert told("workloads: [{model: s}, {model: s}]") == [
        "1:25: a second workload is called `s`: give each a `name` of its own"
    ]
    assert told("workloads: [{model: s}, {name: s, model: s-mini}]") == [
        "1:26: a second workload is called `s`: give each a `name` of its own"
    ]
    assert answer("workloads: [{model: s}, {model: s-mini}]").profile.workloads[1].label == "s-mini"


@pytest.mark.parametrize(
    ("text", "told_"),
    [
        ("", "1:1: a profile is a mapping of keys to values, beginning with `workloads:`"),
        ("# nothing\n", "1:1: a profile is a mapping of keys to values, beginning with `workloads:`"),
        ("- model: s\n", "1:1: a profile is a mapping of keys to values, beginning with `workloads:`"),
        ("chat\n", "1:1: a profile is a mapping of keys to values, beginning with `workloads:`"),
        ("months: 3\n", "1:1: `workloads` is missing"),
        ("workloads: []\n", "1:1: workloads must not be empty"),
        (f"workloads: [{'s,' * 101}]\n", "1:1: workloads must be a list of at most 100 entries (got a list)"),
        ("workloads:\n", "1:1: workloads is empty; it must be a list"),
        ("workloads: {model: s}\n", "1:1: workloads must be a list (got a mapping)"),
        ("workloads: [s]\n", "1:13: workloads must be a mapping of keys to values (got 's')"),
    ],
)
def test_what_is_no_profile_is_told_in_one_line(text: str, told_: str) -> None:
    assert told(text) == [told_]


def test_what_is_not_yaml_is_told_by_its_line() -> None:
    (problem,) = told("months: 12\nworkloads: [{model: s\nteam: {}\n")
    assert problem.startswith("3:")
    assert "this is not valid YAML" in problem


def test_a_profile_has_a_limit_of_workloads() -> None:
    assert answer(f"workloads: [{', '.join(f'{{name: w{i}, model: s}}' for i in range(100))}]").options
    (problem,) = told(f"workloads: [{', '.join(f'{{name: w{i}, model: s}}' for i in range(101))}]")
    assert problem.startswith("1:1: workloads ")


def test_a_profile_has_a_limit_of_length() -> None:
    assert told(PROFILE + "# " + "x" * 64_000) == ["1:1: the file is too long: at most 64,000 bytes are read"]


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    text = """\
        mnths: 12
        growth: -2
        workloads:
          - {model: s, input_tokens: -1}
          - {modle: s}
        team: {engineers: 0}
        """
    problems = told(text)
    assert [problem.split(":")[0] for problem in problems] == ["1", "2", "4", "5", "5", "6"]


def test_all_names_that_are_unknown_are_told_at_once() -> None:
    text = """\
        workloads:
          - {name: a, model: x1, pin: {nrth: n-large, west: w1}, ratio: {wst: 1}}
          - {name: b, model: x2}
        customer_of: [noth]
        """
    assert [problem.split(" (")[0].split(";")[0] for problem in told(text)] == [
        "2:15: unknown model `x1`",
        "2:32: unknown provider `nrth`",
        "2:47: unknown model `w1`",
        "2:66: unknown provider `wst`",
        "3:15: unknown model `x2`",
        "4:15: unknown provider `noth`",
    ]


# ------------------------------------------------------------------------------------------------------- days


def test_traffic_starts_on_or_after_the_decision() -> None:
    assert told(changed("starts: 2024-07-01", "starts: 2024-06-19")) == [
        "3:1: starts (2024-06-19) is before as_of (2024-06-20)"
    ]
    assert answer(changed("starts: 2024-07-01", "starts: 2024-06-20")).horizon.first_use.isoformat() == "2024-06-20"


def test_a_decision_after_the_cut_off_needs_a_first_day() -> None:
    text = changed("starts: 2024-07-01\n", "")
    (problem,) = told(text.replace("as_of: 2024-06-20", "as_of: 2024-07-02"))
    assert problem.startswith("2:1: as_of (2024-07-02) is after the cut-off (2024-07-01): give `starts`")
    assert answer(text.replace("as_of: 2024-06-20", "as_of: 2024-07-01")).horizon.starts.isoformat() == "2024-07-01"


def test_overlap_does_not_begin_before_the_decision() -> None:
    assert answer(PROFILE + "overlap: {days: 11, share: 0.1}\n").horizon.first_use.isoformat() == "2024-06-20"
    assert told(PROFILE + "overlap: {days: 12, share: 0.1}\n") == [
        "11:11: 12 days of overlap begin before as_of (2024-06-20): there are 11 days before starts (2024-07-01)"
    ]


def test_a_first_day_is_needed_where_nobody_is_cut_off() -> None:
    text = changed("starts: 2024-07-01\n", "")
    assert answer(text).horizon.starts.isoformat() == "2024-07-01"
    (problem,) = told(text, cutoff=None)
    assert problem == "1:1: `starts` is needed: this event has no cut-off day to start from"
    assert answer(PROFILE, cutoff=None).options[0].readiness_cost == 0


# ------------------------------------------------------------------------------------------------------ money


def test_a_provider_without_an_exchange_rate_is_unavailable() -> None:
    found = answer(PROFILE + "currency: EUR\n")
    assert [str(one.reason) for one in found.unavailable] == [
        "no exchange rate from CNY to EUR on 2024-06-20", "no exchange rate from USD to EUR on 2024-06-20",
    ]  # fmt: skip
    assert (found.options, found.baseline.total) == ((), None)


def test_a_day_rate_is_needed_where_that_of_the_data_cannot_be_exchanged() -> None:
    data = catalogue()
    day_rate = data.effort.day_rate.model_copy(update={"currency": "CNY"})
    data = replace(data, effort=data.effort.model_copy(update={"day_rate": day_rate}))
    profile, document = read_profile("workloads: [{model: s}]\ncurrency: EUR\nteam: {engineers: 1}\n", "profile.yaml")
    with pytest.raises(InputError) as error:
        compare_profile(profile, data, document)
    assert [str(problem) for problem in error.value.problems] == [
        "profile.yaml:3:1: give `team: {day_rate: …}`: there is no exchange rate on 2024-06-20 from CNY to EUR"
    ]


SLOW = "loss_per_day: 1\nworkloads: [{model: s, prompts: 1}]\neffort: {per_prompt: 1}\nteam: {engineers: %s}"
EDGES = {
    "tokens": "workloads: [{model: s, input_tokens: 1e18, output_tokens: 1e18, ratio: {north: 1000, west: 1000}}]",
    "growth": "growth: 10\nmonths: 120\nworkloads: [{model: s, input_tokens: 1e18}]",
    "doubling": "growth: 1\nmonths: 120\nworkloads: [{model: s, input_tokens: 80_000_000}]",
    "shrinking": "growth: -1\nmonths: 120\nworkloads: [{model: s, input_tokens: 80_000_000}]",
    "loss": "loss_per_day: 1e18\nworkloads: [{model: s, prompts: 100_000}]\neffort: {per_prompt: 1}",
    "late": "loss_per_day: 1\nworkloads: [{model: s, prompts: 100_000}]\neffort: {per_prompt: 100}",
    "slow": SLOW % "1e-15",
    "slower": SLOW % "1e-300",
    "day rate": "workloads: [{model: s, prompts: 100_000}]\nteam: {day_rate: 1e18}\neffort: {per_prompt: 10_000}",
    "far away": "starts: 2100-12-31\nmonths: 120\nworkloads: [{model: s, input_tokens: 1}]",
    "nothing": "workloads: [{model: s}]",
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("case", EDGES)
def test_numbers_at_the_edge_give_an_answer_in_every_form_or_a_problem(case: str, lang: str) -> None:
    found = answer_or_none(EDGES[case])
    if found is not None:
        words = language(lang)
        assert comparison_summary(found, words)
        assert comparison_csv(found, words)
        assert FORMATS["markdown"].write(found, words)
        for option in found.to_json()["options"]:
            assert all(option[key] >= 0 for key in ("total", "bill", "one_off_cost", "readiness_cost", "list_cost"))


def test_work_that_takes_for_ever_is_not_ready_in_time() -> None:
    """An engineer who is hardly there: very late, or an input error, but never ready in time."""
    found = answer_or_none(EDGES["slower"])
    assert found is None or all(option.readiness_cost > 1_000_000 for option in found.options)


def answer_or_none(text: str) -> Comparison | None:
    """The answer; None where the profile is refused."""
    try:
        return answer(text)
    except InputError:
        return None


# ---------------------------------------------------------------------------------------- files and mappings


def test_a_missing_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"^nowhere\.yaml:1:1: the file cannot be read: No such file or directory$"):
        read_profile_file("nowhere.yaml")


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gb.yaml").write_bytes("name: 客服\nworkloads: [{model: s}]".encode("gb18030"))
    with pytest.raises(InputError, match=r"^gb\.yaml:1:1: the file is not UTF-8 text$"):
        read_profile_file("gb.yaml")


def test_changes_replace_fields_of_the_file_and_are_checked_too(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(PROFILE)
    assert compare(tmp_path / "p.yaml", catalogue(), months=3).horizon.months == 3
    with pytest.raises(InputError, match=r"p\.yaml:4:1: months must be <= 120 \(got 500\)"):
        compare(tmp_path / "p.yaml", catalogue(), months=500)


def test_a_mapping_is_a_profile_and_a_profile_is_a_profile() -> None:
    found = compare({"workloads": [{"model": "s", "input_tokens": 1_000_000}]}, catalogue(), months=3)
    assert compare(found.profile, catalogue()).to_json() == found.to_json()


@pytest.mark.parametrize(
    ("mapping", "name", "what"),
    [
        ({"workloads": [{"model": "s"}], "months": 0}, "months", "must be >= 1 (got 0)"),
        ({"workloads": [{"model": "s", "input_tokens": -1}]}, "input_tokens", "must be >= 0 (got -1)"),
        ({"workloads": [{"model": 5}]}, "model", "must be a text (got 5)"),
        ({"workloads": []}, "workloads", "must not be empty"),
        ({"workloads": [{"model": "s"}], "stance": "x"}, "stance", "must be one of cautious, expected, generous"),
        ({}, "workloads", "is missing"),
    ],
)
def test_a_mistake_in_a_mapping_is_told_by_the_name_of_its_field(mapping: dict[str, Any], name: str, what: str) -> None:
    """There is no line to point at: the name is all there is."""
    with pytest.raises(InputError) as error:
        compare(mapping, catalogue())
    (problem,) = map(str, error.value.problems)
    assert name in problem
    assert what in problem


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cached_share: 80", "cached_share must be <= 1 (got 80); 80 % is written 0.8"),
        ("cached_share: 1.5", "cached_share must be <= 1 (got 1.5)"),
        ("cached_share: 800", "cached_share must be <= 1 (got 800)"),
        ("input_tokens: 50M", "(got '50M'); write 50_000_000, without quotes, commas or units"),
        ("input_tokens: '1,234.5 k'", "(got '1,234.5 k'); write 1_234_500, without quotes, commas or units"),
        ('input_tokens: "80000000"', "write 80_000_000, without quotes, commas or units"),
        ("prompts: '12'", "write 12, without quotes, commas or units"),
        ("input_tokens: many", "input_tokens must be a number (got 'many')"),
    ],
)
def test_a_usual_slip_is_told_how_to_write_it(line: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read_profile(f"workloads:\n  - model: gpt-4o\n    {line}\n", "mine.yaml")
    assert str(refused.value).endswith(message)
    assert str(refused.value).startswith("mine.yaml:3:")
