"""The workloads: what each is, which model it uses today, and how many tokens a month."""

from __future__ import annotations

import streamlit as st

from pricing import Model, Text
from pricing.schema import TIERS
from report.language import Language

from . import answers, form
from .answers import Problems
from .draft import MAX_AMOUNT_LENGTH, MAX_WORKLOADS, TEXTS, DraftWorkload
from .example import on_sale
from .html import section, show, show_problems, tag

OPEN_AT_FIRST = 3
OWN_FIELDS = ("name", "model", "input_tokens", "output_tokens")
"""Fields that are always in sight; the others are details."""


def show_workloads(problems: Problems, lang: Language) -> None:
    """A card for each workload, and a button for one more."""
    show(tag("h3", lang.say("Your usage a month")), lang)
    show_problems([text for place, text in problems.met if place == ("workloads",)], lang)
    positions = {number: index for index, (number, _) in enumerate(form.counting())}
    for count, number in enumerate(form.numbers()):
        _Card(number, positions.get(number), problems, lang).show(is_open=count < OPEN_AT_FIRST)
    st.button(
        lang.say("Add a workload"), icon=":material/add:", key="add_workload", on_click=form.add_workload,
        disabled=len(form.numbers()) >= MAX_WORKLOADS,
    )  # fmt: skip


class _Card:
    """One workload; ``index`` is its place in the profile, None where nothing is typed in it yet."""

    def __init__(self, number: int, index: int | None, problems: Problems, lang: Language) -> None:
        self.number, self.index, self.problems, self.lang = number, index, problems, lang
        self.workload: DraftWorkload = form.workload(number)
        self.model: Model | None = next((one for one in form.source_models() if one.id == self.workload.model), None)

    def show(self, *, is_open: bool) -> None:
        """The card; what is folded is not built."""
        title = self.workload.name.strip() or (self.model.label if self.model else self.workload.model)
        if self.wrong():
            title = f"⚠ {title}"
        card = section(title, f"workload:{self.number}", is_open=is_open)
        if card.open:
            with card:
                self._own_fields()
                self._details()

    def wrong(self, *fields: str) -> list[Text]:
        """What is wrong with the workload, or with some of its fields."""
        if self.index is None:
            return []
        if not fields:
            return self.problems.at("workloads", self.index)
        return [problem for field in fields for problem in self.problems.at("workloads", self.index, field)]

    def _own_fields(self) -> None:
        lang = self.lang
        name, model = st.columns(2, gap="small", wrap=False)
        with name:
            st.text_input(
                lang.say("Name"), key=form.key("name", self.number), max_chars=200, persist_state="session",
                placeholder=lang.say("support chat"),
            )  # fmt: skip
            show_problems(self.wrong("name"), lang)
        with model:
            models = {one.id: one.label for one in form.models_on_sale()}
            models.setdefault(self.workload.model, f"⚠ {self.workload.model}")
            st.selectbox(
                lang.say("Model today"), [*models], format_func=models.__getitem__, key=form.key("model", self.number),
                persist_state="session", help=lang.say("The model you use today."),
            )  # fmt: skip
            show_problems(self.wrong("model"), lang)
            self._show_old_model()
        how = lang.say("Write 80M, 1.2B, 3500万 or 80,000,000.")
        for column, field, title, help_ in zip(
            st.columns(2, gap="small", wrap=False),
            ("input_tokens", "output_tokens"),
            (lang.say("Input tokens"), lang.say("Output tokens")),
            (lang.say("Input tokens a month, cached ones included."), lang.say("Output tokens a month.")),
            strict=True,
        ):
            with column:
                self._tokens(field, title, f"{help_} {how}")

    def _show_old_model(self) -> None:
        """Where the model could not be had on the day: that it was replaced, or that it stands there still."""
        lang, day = self.lang, form.decision_day()
        old, new = st.session_state.swapped.get(self.number, ("", ""))
        note = ""
        if new and self.workload.model == new:
            note = lang.say(
                "{old} is not on sale on {day}: {new} stands in for it.", old=old, day=day,
                new=self.model.label if self.model else new,
            )  # fmt: skip
        elif self.model and not on_sale(self.model, day):
            note = lang.say("{old} is not on sale on {day}: choose another model.", old=self.model.label, day=day)
        if note:
            show(tag("p", note, class_="bj-hint", role="status"), lang)

    def _details(self) -> None:
        lang = self.lang
        hidden = [field for field in DraftWorkload.model_fields if field not in OWN_FIELDS]
        hidden += [
            str(place[2]) for place, _ in self.problems.met
            if place[:2] == ("workloads", self.index) and len(place) > 2 and place[2] not in (*hidden, *OWN_FIELDS)
        ]  # fmt: skip
        title = lang.say("Details")
        details = section(f"⚠ {title}" if self.wrong(*hidden) else title, f"details:{self.number}", type="compact")
        if not details.open:
            return
        with details:
            is_chat = self.model is None or self.model.kind == "chat"
            if not is_chat:
                self._tokens("stored_tokens", lang.say("Tokens in the vector store"),
                             lang.say("A new embedding model has to embed all of it again."))  # fmt: skip
            self._texts()
            if is_chat:
                self._chat()
            self._shares()
            show_problems(self.wrong(*(field for field in hidden if field not in _WITH_OWN_MESSAGE)), lang)
            st.button(
                lang.say("Remove this workload"), icon=":material/delete:", key=f"remove:{self.number}",
                type="tertiary", on_click=form.remove_workload, args=(self.number,),
            )  # fmt: skip

    def _texts(self) -> None:
        lang = self.lang
        names = {
            "zh": lang.say("Chinese, %"), "en": lang.say("English, %"),
            "code": lang.say("Code, %"), "json": lang.say("JSON, %"),
        }  # fmt: skip
        why = lang.say("Decides how many tokens the new model counts for the same text. All 0: not known.")
        show(tag("p", lang.say("What the text consists of"), " ", tag("small", why), class_="bj-lead"), lang)
        for pair in (TEXTS[:2], TEXTS[2:]):
            for column, text in zip(st.columns(2, gap="small", wrap=False), pair, strict=True):
                column.number_input(names[text], 0.0, 100.0, step=5.0, format="%g", key=form.key(text, self.number),
                                    **form.PLAIN)  # fmt: skip
        show_problems(self.wrong("text"), lang)

    def _chat(self) -> None:
        lang = self.lang
        words = feature_words(lang)
        prompts, context = st.columns(2, gap="small", wrap=False)
        with prompts:
            st.number_input(
                lang.say("Prompts to tune again"), 0, 100_000, step=1, key=form.key("prompts", self.number),
                **form.PLAIN, help=lang.say("Each has to be adapted to the new model and checked."),
            )  # fmt: skip
        with context:
            self._tokens("context", lang.say("Longest request, tokens"),
                         lang.say("Only models with at least this context are candidates."))  # fmt: skip
        models = [model for one in answers.catalogue().prices.providers.values() for model in one.models]
        features = sorted({feature for model in models for feature in model.features})
        for field, title, help_ in (
            ("features", lang.say("Features it uses"), lang.say("What the new model lacks has to be reworked.")),
            ("must_have", lang.say("Features it cannot do without"),
             lang.say("Models without them are no candidates.")),
        ):  # fmt: skip
            chosen: list[str] = getattr(self.workload, field)
            st.multiselect(
                title, [*features, *(one for one in chosen if one not in features)], key=form.key(field, self.number),
                format_func=lambda one: words.get(one, one), placeholder=lang.say("none"), help=help_,
                persist_state="session",
            )  # fmt: skip
        tiers = {
            "": lang.say("that of today's model"), "flagship": lang.say("flagship"),
            "standard": lang.say("standard or better"), "light": lang.say("any"),
        }  # fmt: skip
        st.selectbox(
            lang.say("Class of model that it needs"), ["", *reversed(TIERS)], format_func=tiers.__getitem__,
            key=form.key("tier", self.number), persist_state="session",
            help=lang.say("Models below this class are no candidates."),
        )  # fmt: skip
        self._tokens("training_tokens", lang.say("Training tokens, if fine-tuned"),
                     lang.say("A fine-tuned model has to be trained again."))  # fmt: skip

    def _shares(self) -> None:
        lang = self.lang
        cached, batch = st.columns(2, gap="small", wrap=False)
        cached.number_input(
            lang.say("Cached input, %"), 0.0, 100.0, step=5.0, format="%g", key=form.key("cached_share", self.number),
            **form.PLAIN, help=lang.say("Share of the input that the provider's cache serves."),
        )  # fmt: skip
        batch.number_input(
            lang.say("In batches, %"), 0.0, 100.0, step=5.0, format="%g", key=form.key("batch_share", self.number),
            **form.PLAIN, help=lang.say("Share that can wait for a cheaper batch interface."),
        )  # fmt: skip

    def _tokens(self, field: str, title: str, help_: str) -> None:
        st.text_input(
            title, key=form.key(field, self.number), **form.PLAIN, help=help_, placeholder="0",
            max_chars=MAX_AMOUNT_LENGTH,
        )  # fmt: skip
        show_problems(self.wrong(field), self.lang)


_WITH_OWN_MESSAGE = ("text", "context", "stored_tokens", "training_tokens")


def feature_words(lang: Language) -> dict[str, str]:
    """What the features of a model are called."""
    return {
        "streaming": lang.say("streaming"), "tools": lang.say("tool calls"),
        "json": lang.say("JSON mode"), "vision": lang.say("pictures"),
    }  # fmt: skip
