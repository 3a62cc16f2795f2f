"""The additional questions of the warranty page, each with its own answer."""

from collections.abc import Callable, Mapping

import htpy as h
import streamlit as st

from logic.consumer_law.replacement_right import ReplacementRightRequest, replacement_right
from logic.core.answer import Answer
from logic.core.elapsed import Elapsed
from logic.warranty.consumable_due import ConsumableDueRequest, consumable_due, consumable_items
from logic.warranty.part_warranty import PartWarrantyRequest, PartWarrantyResult, part_warranty, parts
from logic.warranty.repair_guarantee import RepairGuaranteeRequest, repair_guarantee, repair_kinds
from logic.warranty.stop_extension import StopExtensionRequest, stop_extension
from logic.warranty.tables import Maker, maker_tables
from logic.warranty.warranty_status import WarrantyStatusRequest
from ui.answer import answer_card, rule_answer
from ui.answer.answer_card import clause_badge
from ui.frame.page import Page, show_html
from ui.inputs import fields
from ui.inputs.fields import InputState
from ui.l10n.dates import today
from ui.l10n.numbers import format_number

REPAIRS = ("0", "1", "2", "3")
"""Numbers of repairs; the last one means "or more", because no rule counts further."""

WarrantyRequest = WarrantyStatusRequest | InputState


def render(page: Page, maker: Maker, warranty_request: WarrantyRequest) -> None:
    """Render the choice of a question, its inputs and its answer."""
    t = page.t
    answer_card.heading(t("warranty.more"), t("warranty.more_lede"))
    names = t.names_of("warranty_tab", QUESTIONS)
    QUESTIONS[fields.choice(page, "tab", [*QUESTIONS], names, style="pills", default="parts")](
        page, maker, warranty_request
    )


def _parts(page: Page, maker: Maker, warranty_request: WarrantyRequest) -> None:
    """Render the cover of one part, and the list of all parts."""
    t = page.t

    def ask() -> Callable[[], None] | InputState:
        names = t.names_of("part", parts())
        part = fields.choice(page, "part", [*parts()], names, style="list", default="battery")
        if isinstance(warranty_request, InputState):
            return warranty_request

        def render_answer() -> None:
            answer, label = _part(warranty_request, part), t("warranty.part_covered", part=names[part])
            line = t.name_of("part_cover", answer.result.kind)
            rule_answer.render(page, answer, maker, label=label, name="covered", line=line, secondary=True)

        return render_answer

    _question_and_answer(page, ask, "warranty.needs_the_car")
    with page.report_errors_in(st.container(key="answer-parts")):
        _list_parts(page, maker, warranty_request)


def _part(warranty_request: WarrantyStatusRequest, part: str) -> Answer[PartWarrantyResult]:
    return part_warranty(
        PartWarrantyRequest(
            maker=warranty_request.maker,
            part=part,
            km=warranty_request.odometer_km,
            started_on=warranty_request.started_on,
            on=warranty_request.on,
        )
    )


def _list_parts(page: Page, maker: Maker, warranty_request: WarrantyRequest) -> None:
    """Render every part that has a cover of its own: its limits and whether it is still covered."""
    t = page.t

    def limits(part: str) -> str:
        row = maker_tables(maker).parts[part]
        texts = [
            t(f"unit.{unit}", value=format_number(value, t.language))
            for unit, value in (("month", row.months), ("km", row.km))
            if value is not None
        ]
        return t("word.or").join(texts) or t.name_of("part_cover", row.kind)

    def status(part: str) -> h.Node:
        if isinstance(warranty_request, InputState):
            return None
        answer = _part(warranty_request, part)
        covered = answer.result.covered
        covered_by_law = any(other.result.get("covered") for other in answer.alternatives)
        css_class, text_key = ("free", "warranty.covered") if covered else ("tariff", "warranty.gone")
        law_note = h.small[" ", t("warranty.another_reading")] if covered_by_law and not covered else None
        return h.fragment[h.span(class_=["kh-cell", css_class])[t(text_key)], law_note]

    rows = (
        h.tr[
            h.th(scope="row")[t.name_of("part", part)],
            h.td[status(part)],
            h.td(".item-note")[limits(part), " ", clause_badge(t, row.clause)],
        ]
        for part, row in maker_tables(maker).parts.items()
    )
    show_html(h.h2(".kh-h2")[t("warranty.part_list")], h.div(".kh-items")[h.table[h.tbody[rows]]])


def _events(page: Page, maker: Maker, warranty_request: WarrantyRequest) -> None:  # noqa: ARG001 - every question takes the same arguments
    """Render the events that void the warranty, the widest scope first."""
    t = page.t
    rows = (
        h.tr[
            h.th(scope="row")[t.name_of("warranty_event", event)],
            h.td[
                h.span(class_=["kh-cell", "tariff" if row.scope == "whole" else "no"])[
                    t.name_of("warranty_word", row.scope)
                ]
            ],
            h.td(".item-note")[
                t("warranty.consequence") if row.only_the_consequence else "",
                " ",
                clause_badge(t, row.clause),
            ],
        ]
        for event, row in maker_tables(maker).events.items()
    )
    show_html(h.div(".kh-items")[h.table[h.tbody[rows]]])


def _question_and_answer(
    page: Page, ask: Callable[[], Callable[[], None] | InputState], hint: str = "answer.waiting"
) -> None:
    """Render a question's inputs and, beside them, its answer.

    ``ask`` renders the inputs and returns a function that renders the answer, or the state of the inputs.
    ``hint`` is the key of the text that is shown until the inputs are complete.
    """
    with page.two_columns(secondary=True) as (inputs, answer_column):
        with inputs:
            render_answer = ask()
        with answer_column:
            answer_card.render_or_pending(page, render_answer, lambda render: render(), page.t(hint))


def _consumables(page: Page, maker: Maker, warranty_request: WarrantyRequest) -> None:  # noqa: ARG001
    """Ask when a consumable is due, by the notes of MVM's booklet."""
    t = page.t

    def ask() -> Callable[[], None] | InputState:
        names = t.names_of("consumable", consumable_items())
        item = fields.choice(page, "item", [*consumable_items()], names, style="list", default="engine_oil")
        changed, km = fields.day(page, "changed", past=True), fields.km(page, "since_km")
        if changed is None or isinstance(km, InputState):
            return fields.first_missing(changed, km) or InputState.EMPTY
        months = Elapsed.between(changed, today()).months
        request = ConsumableDueRequest(item=item, months_since=months, km_since=km)
        label = t("warranty.due", item=names[item])
        return lambda: rule_answer.render(
            page, consumable_due(request), Maker.MVM_FX, label=label, name="due", secondary=True
        )

    if maker is not Maker.MVM_FX:
        answer_card.paragraph(t("warranty.consumables_of_mvm"))
    _question_and_answer(page, ask)


def _repair(page: Page, maker: Maker, warranty_request: WarrantyRequest) -> None:  # noqa: ARG001
    """Ask whether a repair is still under guarantee."""
    t = page.t

    def ask() -> Callable[[], None] | InputState:
        names = t.names_of("repair_kind", repair_kinds())
        kind = fields.choice(page, "kind", [*repair_kinds()], names, style="pills", default="service")
        done, km = fields.day(page, "done", past=True), fields.km(page, "km_since")
        request = fields.first_missing(done, km) or fields.validated(
            page, lambda: RepairGuaranteeRequest(kind=kind, on=done, asked_on=today(), km=km)
        )
        if isinstance(request, InputState):
            return request
        document = repair_kinds()[kind].document
        label = t("warranty.still_guaranteed")
        return lambda: rule_answer.render(
            page, repair_guarantee(request), document, label=label, name="covered", secondary=True
        )

    _question_and_answer(page, ask)


def _stop(page: Page, maker: Maker, warranty_request: WarrantyRequest) -> None:  # noqa: ARG001
    """Ask how many days a workshop stay adds to the warranty."""
    t = page.t

    def ask() -> Callable[[], None] | InputState:
        hours, days = fields.hours(page, "stop_hours"), fields.days(page, "stop_days")
        request = fields.first_missing(hours, days) or fields.validated(
            page, lambda: StopExtensionRequest(maker=maker, stop_hours=hours, stop_days=days)
        )
        if isinstance(request, InputState):
            return request
        return lambda: rule_answer.render(
            page,
            stop_extension(request),
            maker,
            label=t("warranty.added"),
            name="extend_days",
            secondary=True,
        )

    _question_and_answer(page, ask)


def _new_car(page: Page, maker: Maker, warranty_request: WarrantyRequest) -> None:  # noqa: ARG001
    """Ask about the right to a new car or a refund, by article 4 of the act."""
    t = page.t

    def ask() -> Callable[[], None] | InputState:
        safety, injury = fields.switch(page, "safety"), fields.switch(page, "injury")
        counts = {
            count: t(
                "warranty.or_more" if count == REPAIRS[-1] else "unit.count",
                value=format_number(int(count), t.language),
            )
            for count in REPAIRS
        }
        repairs = fields.choice(page, "repairs", REPAIRS, counts, style="segments", default="0")
        cured = fields.switch(page, "cured")
        longest_stop, total_days = fields.days(page, "unusable"), fields.days(page, "unusable_total")
        request = fields.first_missing(optional=(longest_stop, total_days)) or fields.validated(
            page, lambda: ReplacementRightRequest(
                safety_part=safety, injury_risk=injury, still_defective=not cured,
                repairs_of_same_defect=int(repairs), unusable_days=fields.value_or_none(longest_stop) or 0,
                unusable_days_total=fields.value_or_none(total_days), on=today(),
            )
        )  # fmt: skip
        if isinstance(request, InputState):
            return request

        def render_answer() -> None:
            answer, label = replacement_right(request), t("warranty.entitled")
            line = t("word.and").join(t.name_of("ground", ground) for ground in answer.result.grounds)
            rule_answer.render(page, answer, "law", label=label, name="entitled", line=line, secondary=True)

        return render_answer

    _question_and_answer(page, ask)


QUESTIONS: Mapping[str, Callable[[Page, Maker, WarrantyRequest], None]] = {
    "parts": _parts,
    "consumables": _consumables,
    "events": _events,
    "repair": _repair,
    "stop": _stop,
    "new_car": _new_car,
}
"""The questions in display order, by their id in the URL."""
