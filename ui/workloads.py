"""The workloads: a table of what is used in a month, and the details of each."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pricing.schema import TIERS
from report.language import Language

from . import answers, form
from .answers import Problems
from .example import on_sale
from .fields import all_placed
from .html import label, show, show_problems, tag
from .rows import COLUMNS, Row

TABLE_FIELDS = ("name", "model", "input_tokens", "output_tokens")


def show_workloads(problems: Problems, lang: Language) -> None:
    """The table, what is wrong in it, and the details of each workload."""
    show(tag("h3", lang.say("Your usage a month")), lang)
    _restart_in_language(lang)
    st.data_editor(
        pd.DataFrame([asdict(row) for row in st.session_state.rows], columns=COLUMNS, dtype="str"),
        key=form.editor_key(), num_rows="dynamic", hide_index=True, placeholder="",
        column_config=_columns(lang), on_change=form.restart_after_deletion,
        alt=lang.say("Workloads: name, model used today, input and output tokens a month"),
    )  # fmt: skip
    rows = form.counting_rows()
    _show_table_problems(rows, problems, lang)
    _show_old_models(rows, lang)
    st.caption(lang.say("Write 80M, 1.2B, 3500万 or 80,000,000. The last line adds a workload."))
    for index, row in enumerate(rows):
        _details(index, row, problems, lang)


def _restart_in_language(lang: Language) -> None:
    """The table's labels belong to its identity: in another language it starts afresh, with what was typed."""
    shape = (lang.code, form.event().event)
    rows = form.current_rows()
    if st.session_state.setdefault("editor_shape", shape) != shape:
        st.session_state.editor_shape = shape
        form.replace_rows(rows)


def _columns(lang: Language) -> dict[str, ColumnConfig]:
    models = {one.id: one.label for one in form.models_on_sale()}
    for row in st.session_state.rows:
        if row.model:
            models.setdefault(row.model, f"⚠ {row.model}")
    config = st.column_config
    return {
        "name": config.TextColumn(lang.say("Name"), max_chars=200, width=70),
        "model": config.SelectboxColumn(
            lang.say("Model"), options=[*models], format_func=lambda one: models.get(str(one), str(one)),
            default=form.default_model().id, required=True, width=76, help=lang.say("The model you use today."),
        ),
        "input": config.TextColumn(
            lang.say("Input"), max_chars=40, width=58,
            help=lang.say("Input tokens a month, cached ones included."),
        ),
        "output": config.TextColumn(
            lang.say("Output"), max_chars=40, width=58, help=lang.say("Output tokens a month."),
        ),
    }  # fmt: skip


def _show_table_problems(rows: list[Row], problems: Problems, lang: Language) -> None:
    of_table = Problems(
        tuple(
            one
            for one in problems.met
            if one[0][:1] == ("workloads",) and (len(one[0]) < 3 or one[0][2] in TABLE_FIELDS)
        )
    )
    show_problems(all_placed(of_table, rows, lang), lang)


def _show_old_models(rows: list[Row], lang: Language) -> None:
    """Models that could not be had on the day: those that were replaced, and those that stand there still."""
    day, models = form.decision_day(), {one.id: one for one in form.source_models()}
    notes = []
    for row in rows:
        old, new = st.session_state.swapped.get(row.number, ("", ""))
        if new and row.model == new:
            notes.append(
                lang.say("{old} is not on sale on {day}: {new} stands in for it.", old=old, day=day,
                         new=models[new].label)
            )  # fmt: skip
        elif row.model in models and not on_sale(models[row.model], day):
            notes.append(
                lang.say("{old} is not on sale on {day}: choose another model.", old=models[row.model].label, day=day)
            )
    for note in dict.fromkeys(notes):
        show(tag("p", note, class_="bj-hint", role="status"), lang)


def _details(index: int, row: Row, problems: Problems, lang: Language) -> None:
    wrong = [
        place for place, _ in problems.met
        if place[:2] == ("workloads", index) and len(place) > 2 and place[2] not in TABLE_FIELDS
    ]  # fmt: skip
    name = row.name.strip() or row.model
    title = (
        lang.say("⚠ Details of {workload}", workload=name)
        if wrong
        else lang.say("Details of {workload}", workload=name)
    )
    for field, value in form.DETAILS.items():
        st.session_state.setdefault(form.key(field, row.number), value)
    section = st.expander(label(title), key=f"details:{row.number}", on_change="rerun")
    if not section.open:
        return
    with section:
        model = next((one for one in form.source_models() if one.id == row.model), None)
        if model is not None and model.kind == "embedding":
            _tokens("stored_tokens", lang.say("Tokens in the vector store"), index, row, problems, lang,
                    lang.say("A new embedding model has to embed all of it again."))  # fmt: skip
        _texts(index, row, problems, lang)
        if model is None or model.kind == "chat":
            _chat(index, row, problems, lang)
        _shares(row, lang)
        show_problems([one for place in wrong if place[2] not in _SHOWN for one in problems.at(*place)], lang)


_SHOWN = ("stored_tokens", "text", "context", "training_tokens")


def _texts(index: int, row: Row, problems: Problems, lang: Language) -> None:
    names = {
        "zh": lang.say("Chinese, %"), "en": lang.say("English, %"),
        "code": lang.say("Code, %"), "json": lang.say("JSON, %"),
    }  # fmt: skip
    show(
        tag(
            "p",
            lang.say("What the text consists of"),
            " ",
            tag("small", lang.say("Decides how many tokens the new model counts for the same text. All 0: not known.")),
            class_="bj-lead",
        ),
        lang,
    )
    for pair in (("zh", "en"), ("code", "json")):
        for column, text in zip(st.columns(2, gap="small", wrap=False), pair, strict=True):
            column.number_input(names[text], 0.0, 100.0, step=5.0, format="%g", key=form.key(text, row.number),
                                persist_state="session")  # fmt: skip
    show_problems(problems.at("workloads", index, "text"), lang)


def _chat(index: int, row: Row, problems: Problems, lang: Language) -> None:
    words = feature_words(lang)
    models = [model for one in answers.catalogue().prices.providers.values() for model in one.models]
    features = sorted({feature for model in models for feature in model.features})
    prompts, context = st.columns(2, gap="small", wrap=False)
    with prompts:
        st.number_input(
            lang.say("Prompts to tune again"), 0, 100_000, step=1, key=form.key("prompts", row.number),
            persist_state="session", help=lang.say("Each has to be adapted to the new model and checked."),
        )  # fmt: skip
    with context:
        _tokens("context", lang.say("Longest request, tokens"), index, row, problems, lang,
                lang.say("Only models with at least this context are candidates."))  # fmt: skip
    for field, title, help_ in (
        ("features", lang.say("Features it uses"), lang.say("What the new model lacks has to be reworked.")),
        ("must_have", lang.say("Features it cannot do without"), lang.say("Models without them are no candidates.")),
    ):
        chosen = form.detail(field, row.number)
        st.multiselect(
            title, [*features, *(one for one in chosen if one not in features)], key=form.key(field, row.number),
            format_func=lambda one: words.get(one, one), placeholder=lang.say("none"), help=help_,
            persist_state="session",
        )  # fmt: skip
    tiers = {
        "": lang.say("that of today's model"), "flagship": lang.say("flagship"),
        "standard": lang.say("standard or better"), "light": lang.say("any"),
    }  # fmt: skip
    st.selectbox(
        lang.say("Class of model that it needs"), ["", *reversed(TIERS)], format_func=tiers.__getitem__,
        key=form.key("tier", row.number), persist_state="session",
        help=lang.say("Models below this class are no candidates."),
    )  # fmt: skip
    _tokens("training_tokens", lang.say("Training tokens, if fine-tuned"), index, row, problems, lang,
            lang.say("A fine-tuned model has to be trained again."))  # fmt: skip


def _shares(row: Row, lang: Language) -> None:
    cached, batch = st.columns(2, gap="small", wrap=False)
    cached.number_input(
        lang.say("Cached input, %"), 0.0, 100.0, step=5.0, format="%g", key=form.key("cached_share", row.number),
        persist_state="session", help=lang.say("Share of the input that the provider's cache serves."),
    )  # fmt: skip
    batch.number_input(
        lang.say("In batches, %"), 0.0, 100.0, step=5.0, format="%g", key=form.key("batch_share", row.number),
        persist_state="session", help=lang.say("Share that can wait for a cheaper batch interface."),
    )  # fmt: skip


def _tokens(field: str, title: str, index: int, row: Row, problems: Problems, lang: Language, help_: str) -> None:
    st.text_input(title, key=form.key(field, row.number), help=help_, placeholder="0", persist_state="session")
    show_problems(problems.at("workloads", index, field), lang)


def feature_words(lang: Language) -> dict[str, str]:
    """What the features of a model are called."""
    return {
        "streaming": lang.say("streaming"), "tools": lang.say("tool calls"),
        "json": lang.say("JSON mode"), "vision": lang.say("pictures"),
    }  # fmt: skip
