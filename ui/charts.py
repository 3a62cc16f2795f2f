"""Small charts in the page's language: labels are ready-made texts, the order follows the reading."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import altair as alt
import htpy as h
import pandas as pd
import streamlit as st

from logic.messages import Language
from logic.tyre_refund import CurvePoint
from ui.numbers import number, percent
from ui.page import Page, show_html

# Light and dark, as in app.css.
SAFFRON, PETROL, GREY = ("#E39A12", "#F0AE3A"), ("#0B5A63", "#5CC3CC"), ("#C9D6D8", "#3A5359")
INK, LINE = ("#10272B", "#E8F1F1"), ("#D3DDDE", "#2A4045")
FONT = "Vazirmatn"
MILLION = 10**6
TICKS = 4


def _tone(pair: tuple[str, str]) -> str:
    return pair[st.context.theme.type == "dark"]


def _show(page: Page, chart: alt.LayerChart, title: str, alternative: str) -> None:
    """The chart under its title; what it shows is said in words to those who do not see it."""
    axis = {"labelColor": _tone(INK), "titleColor": _tone(INK), "domainColor": _tone(LINE),
            "gridColor": _tone(LINE), "tickColor": _tone(LINE), "labelFontSize": 13, "titleFontSize": 13,
            "titleFontWeight": 500}  # fmt: skip
    dressed = (
        chart.properties(description=alternative)
        .configure(background="transparent", font=FONT)
        .configure_view(stroke=None)
        .configure_axis(**axis)
    )
    show_html(h.h3(".kh-h3")[title])
    st.altair_chart(dressed, theme=None, key=page.key("chart"))
    show_html(h.p(".kh-only-read")[alternative])


def share_growth(page: Page, growth: Sequence[tuple[int, int | None]], chosen: int) -> None:
    """A bar per number of earlier events, the customer's own in saffron."""
    t = page.t
    frame = pd.DataFrame(
        [
            {
                "count": number(count, t.language),
                "share": share,
                "label": percent(share, t.language),
                "own": count == chosen,
            }
            for count, share in growth
            if share is not None
        ]
    )
    order = [str(count) for count in frame["count"]]
    base = alt.Chart(frame).encode(
        x=alt.X("count:O", sort=order[::-1] if t.direction == "rtl" else order).axis(
            title=None, labelAngle=0, grid=False
        ),
        y=alt.Y("share:Q", axis=None).scale(domain=[0, 112]),
    )
    colour = alt.condition("datum.own", alt.value(_tone(SAFFRON)), alt.value(_tone(GREY)))
    bars = base.mark_bar(cornerRadiusTopLeft=4, cornerRadiusTopRight=4, size=22).encode(color=colour)
    labels = base.mark_text(dy=-9, fontSize=13, fontWeight=600, color=_tone(INK)).encode(text="label:N")
    rows = (
        t("share.chart_row", count=count, percent=label)
        for count, label in zip(order, frame["label"], strict=True)
    )
    said = t("share.chart_alt", rows=t("word.and").join(rows))
    _show(page, (bars + labels).properties(height=190), t("share.chart"), said)


def tyre_payment(
    page: Page, curve: Sequence[CurvePoint], own: tuple[Decimal, int] | None, alternative: str
) -> None:
    """The payment over the remaining depth, with its jumps; the customer's tyre as a point."""
    t = page.t
    frame = pd.DataFrame(
        [
            {
                "depth": float(point.remaining_depth_mm),
                "pays": (point.customer_pays_rial or 0) / MILLION,
                "band": point.band,
            }
            for point in curve
        ]
    )
    x = alt.X("depth:Q").scale(reverse=t.direction == "rtl", nice=False)
    x = x.axis(title=t("tyre.chart_x"), grid=False, **_ticks(frame["depth"].max(), t.language))
    y = alt.Y("pays:Q").scale(nice=False)
    y = y.axis(
        title=t("tyre.chart_y"),
        orient="right" if t.direction == "rtl" else "left",
        **_ticks(frame["pays"].max(), t.language),
    )
    layers: list[Any] = [
        alt.Chart(frame[frame["band"] == band]).mark_line(strokeWidth=4, color=_tone(tone)).encode(x=x, y=y)
        for band, tone in (("pro_rata", SAFFRON), ("free", PETROL))
    ]
    if own:
        mine = pd.DataFrame([{"depth": float(own[0]), "pays": own[1] / MILLION, "label": t("tyre.point")}])
        point = alt.Chart(mine).encode(x=x, y=y)
        layers.append(point.mark_point(size=180, filled=True, color=_tone(INK), opacity=1))
        layers.append(
            point.mark_text(dy=-16, fontSize=13, fontWeight=700, color=_tone(INK)).encode(text="label:N")
        )
    _show(page, alt.layer(*layers).properties(height=240), t("tyre.chart"), alternative)


def _ticks(top: float, language: Language) -> Mapping[str, Any]:
    """Even ticks up to the top with ready-made labels: the browser's locale has no say."""
    values = [round(top * step / TICKS, 6) for step in range(TICKS + 1)]
    names = {f"{value:g}": number(_two_places(value), language) for value in values}
    pairs = ",".join(f"'{value}':'{name}'" for value, name in names.items())
    return {"values": values, "labelExpr": f"({{{pairs}}})[format(datum.value, '~g')] || ''"}


def _two_places(value: float) -> Decimal:
    shown = Decimal(str(round(value, 2)))
    return shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown.normalize()
