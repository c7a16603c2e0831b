"""The address and the form say the same: a link, a reload and the back button bring back what was typed."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from . import answers, form
from .draft import Draft
from .link import LinkError, decode, encode

Address = tuple[str | None, str | None]
"""The parameters ``s``, the whole form, and ``event``, which alone means the example of that event."""


def follow() -> None:
    """Fills the form from the address, on the first visit and when the browser went back or forward.

    Else an address is no news: whoever clicks while the answer to what was just typed is on its way sends the old one.
    """
    state = st.session_state
    token, event = _present()
    state.link_refused = state.get("link_refused", False) and state.is_new  # a first visit is drawn in two runs
    if "numbers" in state and (not _through_history() or (token, event) == state.get("address")):
        return
    if token is not None:
        try:
            form.put(_known(decode(token)))
            return
        except LinkError:
            state.link_refused = True
    if token is None or "numbers" not in state:
        form.load(answers.example(event), state.lang)


def _present() -> Address:
    return st.query_params.get("s"), st.query_params.get("event")


def _through_history() -> bool:
    """Whether the page is drawn because the browser went back or forward."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def keep() -> None:
    """Writes what was typed into the address."""
    address = st.session_state.address = _address(form.answered())
    if address == _present():
        return
    for name, value in zip(("s", "event"), address, strict=True):
        if value is not None:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def _address(answered: form.Answered) -> Address:
    event = answered.draft.event
    if answered.is_example:
        return None, None if event == answers.example().event else event
    return encode(answered.draft), None


def query() -> dict[str, str]:
    """The parameters that a link to another page of the same scenario has."""
    return {name: st.query_params[name] for name in ("lang", "s", "event") if name in st.query_params}


def page(url_path: str) -> st.Page:
    """A page of the app, to link or to go to; "" is the first."""
    return next(page for page in st.session_state.pages if page.url_path == url_path)


def _known(draft: Draft) -> Draft:
    """The draft, if the data knows what the inputs can only choose from; raises ``LinkError``.

    Offers that are left out need not be known: a visitor may have brought them, and left them behind.
    """
    catalogue = answers.catalogue()
    providers, occasion = catalogue.prices.providers, catalogue.events.get(draft.event)
    if occasion is None:
        raise LinkError
    pinned = (pin for workload in draft.workloads for pin in workload.pin.items())
    if (
        not {draft.currency} <= {catalogue.prices.rates.base, *catalogue.prices.rates.rates}
        or not {*draft.customer_of} <= {*providers} - {occasion.event.source}
        or not all(provider in providers and providers[provider].model(model) for provider, model in pinned)
    ):
        raise LinkError
    known = {offer.id for several in occasion.offers.values() for offer in several}
    return draft.model_copy(update={"declined": [offer for offer in draft.declined if offer in known]})
