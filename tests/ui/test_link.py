"""The whole form in the address: it comes back as it was, and nothing harmful comes with it."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from calculator.profile import profile_from
from ui import answers
from ui.draft import Draft
from ui.link import MAX_TOKEN, LinkError, decode, encode

OpenApp = Callable[..., Any]


def token_of(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return "1" + urlsafe_b64encode(zlib.compress(raw, 9)).rstrip(b"=").decode()


def test_a_profile_comes_back_from_a_link_with_everything_in_it() -> None:
    profile, _ = profile_from({
        "name": "all of it", "event": "openai-2024", "as_of": date(2024, 7, 1), "months": 7,
        "currency": "USD", "growth": -0.031, "stance": "cautious", "customer_of": ["baidu"], "account": "individual",
        "team": {"engineers": 2.5, "day_rate": 333.33}, "loss_per_day": 12.5, "overlap": {"days": 3, "share": 0.25},
        "declined": ["zhipu-moving-plan"], "effort": {"evaluation": 2.0},
        "workloads": [
            {"name": "a", "model": "gpt-4o", "input_tokens": 1234567, "output_tokens": 1, "cached_share": 0.125,
             "batch_share": 0.5, "off_peak_share": 0.25, "text": {"zh": 0.3, "en": 0.7}, "tier": "standard",
             "context": 9000, "features": ["tools"], "must_have": ["json"], "prompts": 3, "pin": {"zhipu": "glm-4"},
             "ratio": {"baidu": 0.7}, "growth": 0.2, "training_tokens": 55},
            {"model": "text-embedding-ada-002", "input_tokens": 5, "stored_tokens": 2e9},
        ],
    })  # fmt: skip
    event = answers.catalogue().events["openai-2024"].event
    for lang in ("en", "zh"):
        token = encode(Draft.of(profile, event, lang))
        assert token is not None
        assert len(token) < 1_000
        plain, met = decode(token).plain(event)
        assert not met
        assert profile_from(plain)[0] == profile


def test_a_reload_brings_back_what_was_typed_even_what_cannot_be_used(open_app: OpenApp) -> None:
    page = open_app("en-US").open("details:1", "group_team")
    page.app.number_input(key="prompts:1").set_value(44)
    page.app.text_input(key="day_rate").set_value("3,500")
    page.enter(0, input_tokens="1,2,3").add(name="third", input_tokens="1.5亿")
    token = page.app.query_params["s"]
    again = open_app("zh-CN", s=token)
    assert again.typed("input_tokens") == ["1,2,3", "6M", "1.5亿"]
    assert again.app.session_state["prompts:1"] == 44
    assert again.app.session_state["day_rate"] == "3,500"
    again.enter(0, input_tokens="80M")
    assert not again.problems
    assert again.app.session_state["good"].profile.team.day_rate == 3500


def test_an_address_that_changes_changes_the_form_and_the_example_has_none(open_app: OpenApp) -> None:
    page = open_app("en-US")
    assert "s" not in page.app.query_params
    first = page.verdict
    page.enter(0, input_tokens="9B")
    token, verdict = page.app.query_params["s"], page.verdict
    page.enter(0, input_tokens="5M")
    assert page.go_back(s=token).verdict == verdict
    assert page.go_back().verdict == first
    page.enter(0, input_tokens="9B").click("start_example")
    assert "s" not in page.app.query_params


def test_an_address_that_comes_late_changes_nothing(open_app: OpenApp) -> None:
    page = open_app("en-US").enter(0, input_tokens="9B")
    token, verdict = page.app.query_params["s"], page.verdict
    for late in ({}, {"s": open_app("en-US").enter(0, input_tokens="5M").app.query_params["s"]}, {"event": "nothing"}):
        page.app.query_params.clear()
        page.app.query_params.update(late)
        page.run()
        assert page.verdict == verdict
        assert page.app.query_params == {"s": token}


@pytest.mark.parametrize(
    "token",
    [
        "", "1", "2abc", "1!!!", "1abc", "x" * 100_000, "1" + "A" * (MAX_TOKEN + 1),
        token_of(b"[" * 60_000), token_of(b"\x00" * 10_000_000), token_of(b'{"event":"openai-2024","months":NaN}'),
        token_of([]), token_of({}), token_of({"event": "nowhere"}), token_of({"event": "openai-2024", "months": 1e99}),
        token_of({"event": "openai-2024", "months": -1}), token_of({"event": "openai-2024", "engineers": "many"}),
        token_of({"event": "openai-2024", "growth": 1e308}), token_of({"event": "openai-2024", "currency": "XXX"}),
        token_of({"event": "openai-2024", "customer_of": ["openai"]}),
        token_of({"event": "openai-2024", "customer_of": ["<script>"]}),
        token_of({"event": "openai-2024", "evil": 1}),
        token_of({"event": "openai-2024", "as_of": "9999-01-01"}),
        token_of({"event": "openai-2024", "workloads": [{}] * 101}),
        token_of({"event": "openai-2024", "workloads": [{"model": "gpt-4o", "pin": {"zhipu": "gpt"}}]}),
        token_of({"event": "openai-2024", "workloads": [{"model": "gpt-4o", "input_tokens": "9" * 41}]}),
        encode(Draft(event="openai-2024"))[:-4],  # cut off, as by a chat program
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_read_is_told_and_the_example_is_shown(open_app: OpenApp, token: str) -> None:
    page = open_app("en-US", s=token)
    assert "The link to this page cannot be read" in page.problems
    assert page.app.session_state["good"].profile == answers.example()
    assert "s" not in page.app.query_params
    place = page.place_of_verdict
    page.enter(0, input_tokens="9M")
    assert "cannot be read" not in page.problems
    assert page.place_of_verdict == place


def test_an_offer_left_out_that_nobody_knows_is_forgotten_and_the_rest_of_the_link_is_read(open_app: OpenApp) -> None:
    workloads = [{"model": "gpt-4o", "input_tokens": "5M"}]
    token = token_of({"event": "openai-2024", "workloads": workloads, "declined": ["my-quote", "zhipu-moving-plan"]})
    page = open_app("en-US", s=token)
    assert not page.problems
    assert page.typed("input_tokens") == ["5M"]
    assert page.app.session_state["declined"] == ["zhipu-moving-plan"]


@pytest.mark.parametrize(
    "draft",
    [
        {"workloads": [{"model": "<img src=x onerror=alert(1)>", "input_tokens": "5M"}]},
        {"workloads": [{"model": "", "input_tokens": "5M"}]},
        {"workloads": [{"model": "gpt-4o", "input_tokens": "5M", "features": ["<b>"], "must_have": ["x"]}]},
        {"workloads": [{"model": "gpt-4o", "input_tokens": "5M", "kept": {"ratio": {"baidu": -1}, "evil": []}}]},
        {"workloads": [{"model": "gpt-4o", "input_tokens": "5M", "kept": {"model": "gpt-4", "growth": "NaN"}}]},
        {"workloads": [{"model": "gpt-4o", "input_tokens": "5M"}], "kept": {"workloads": 1, "effort": {"x": 2}}},
        {"workloads": [{"model": "gpt-4o", "input_tokens": "-5"}], "starts": "2001-01-01"},
    ],
)
def test_a_link_with_odd_contents_gets_a_message_or_an_answer(open_app: OpenApp, draft: dict[str, Any]) -> None:
    page = open_app("en-US", s=token_of({"event": "openai-2024", **draft}))
    assert page.problems or page.verdict
    assert "<img" not in "\n".join(one.value for one in page.app.html)
    page.click("start_example")
    assert page.app.session_state["good"].profile == answers.example()


def test_too_much_for_a_link_is_no_link(open_app: OpenApp) -> None:
    words = [Random(number).randbytes(100).hex() for number in range(100)]
    workloads = [{"name": word, "model": "gpt-4o", "input_tokens": "5M"} for word in words]
    assert encode(Draft.model_validate({"event": "openai-2024", "workloads": workloads})) is None


def test_starting_again_can_be_undone_and_done_again(open_app: OpenApp) -> None:
    page = open_app("en-US").enter(0, input_tokens="7,5")
    page.click("start_example")
    assert page.typed("input_tokens") == ["80M", "6M"]
    page.click("start_undo")
    assert page.typed("input_tokens") == ["7,5", "6M"]
    page.click("start_undo")
    assert page.typed("input_tokens") == ["80M", "6M"]
    page.upload("mine.yaml", b"workloads:\n  - {model: gpt-4o, input_tokens: 7_000_000}\n").click("start_undo")
    assert page.typed("input_tokens") == ["80M", "6M"]


def test_decode_refuses_what_encode_never_made() -> None:
    with pytest.raises(LinkError):
        decode(token_of({"event": "openai-2024"}) + "A" * 8)


def test_a_profile_beyond_what_may_be_typed_makes_no_link_that_cannot_be_read() -> None:
    event = answers.catalogue().events["openai-2024"].event
    workload = {"model": "gpt-4o", "input_tokens": 5}
    spare, _ = profile_from({"workloads": [workload], "team": {"engineers": 0.05}})
    assert decode(encode(Draft.of(spare, event, "en")) or "").engineers == 0.05
    tiny, _ = profile_from({"workloads": [workload | {"output_tokens": 5e-324}]})
    assert encode(Draft.of(tiny, event, "en")) is None
