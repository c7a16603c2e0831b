"""The web page: ``streamlit run app.py``. Set-up, language, address and navigation; the pages are in ``ui``."""

from datetime import date

import streamlit as st

from calculator import InputError
from ui import address, answers, compare, form, method, offers, prices, report, usage, what_if
from ui.header import chosen_language, show_event, show_header
from ui.html import label, show_style

st.set_page_config("Banjia 搬家", "📦", "wide", 440)
lang = chosen_language()
try:
    answers.catalogue()
    answers.warm_up()
except InputError as error:
    st.error(lang.say("The data cannot be read."))
    for problem in error.problems:
        st.caption(label(str(problem)))
    st.stop()


address.follow()


def compare_page() -> None:
    """The page Compare."""
    compare.page(lang)


def offers_page() -> None:
    """The page Offers."""
    offers.page(lang)


def prices_page() -> None:
    """The page Prices, up to today."""
    prices.page(date.today(), lang)


def what_if_page() -> None:
    """The page What if."""
    what_if.page(lang)


def report_page() -> None:
    """The page Report."""
    report.page(lang)


def method_page() -> None:
    """The page Method, seen today."""
    method.page(date.today(), lang)


def usage_page() -> None:
    """The page Your usage."""
    usage.page(lang)


pages = [
    st.Page(compare_page, title=lang.say("Compare"), url_path="compare", default=True),
    st.Page(usage_page, title=lang.say("Your usage"), url_path="usage"),
    st.Page(offers_page, title=lang.say("Offers"), url_path="offers"),
    st.Page(prices_page, title=lang.say("Prices"), url_path="prices"),
    st.Page(what_if_page, title=lang.say("What if"), url_path="what-if"),
    st.Page(report_page, title=lang.say("Report"), url_path="report"),
    st.Page(method_page, title=lang.say("Method"), url_path="method"),
]
st.session_state.is_new = "is_drawn" not in st.session_state
st.session_state.pages, st.session_state.is_drawn, st.session_state.tell = pages, False, None
here = st.navigation(pages, position="hidden")
show_style(lang, fades=here.url_path == "what-if")
form.carry(here.url_path)
form.keep_choices()
form.work_out()
address.keep()
show_header(pages, lang)
show_event(date.today(), lang)
here.run()
st.session_state.is_drawn = True
answers.settle()
