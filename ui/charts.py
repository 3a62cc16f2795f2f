"""Small charts in the page's language: labels are ready-made texts, the order follows the reading."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

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


def _show(page: Page, chart: alt.LayerChart | alt.FacetChart, title: str, alternative: str) -> None:
    """The chart under its title; what it shows is said in words to those who do not see it."""
    axis = {"labelColor": _tone(INK), "titleColor": _tone(INK), "domainColor": _tone(LINE),
            "gridColor": _tone(LINE), "tickColor": _tone(LINE), "labelFontSize": 13, "titleFontSize": 13,
            "titleFontWeight": 500}  # fmt: skip
    dressed = (
        chart.properties(description=alternative)
        .configure(background="transparent", font=FONT, aria=False)  # said below, in words
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
    page: Page,
    curve: Sequence[CurvePoint],
    own: tuple[Decimal, int] | None,
    *,
    price: int,
    alternative: str,
) -> None:
    """The payment over the remaining depth, with both jumps; the customer's tyre as a point."""
    t = page.t
    frame = pd.DataFrame(
        {
            "depth": [float(point.remaining_depth_mm) for point in curve],
            "pays": [(point.customer_pays_rial or 0) / MILLION for point in curve],
            "band": [point.band for point in curve],
        }
    )
    deepest, top = float(frame["depth"].max()), price / MILLION
    x = alt.X("depth:Q").scale(reverse=t.direction == "rtl", nice=False, domain=[0, deepest])
    x = x.axis(title=t("tyre.chart_x"), grid=False, **_ticks(deepest, t.language))
    y = alt.Y("pays:Q").scale(nice=False, domain=[0, top * 1.08])
    side: Literal["right", "left"] = "right" if t.direction == "rtl" else "left"
    y = y.axis(title=t("tyre.chart_y"), orient=side, **_ticks(top, t.language))
    refused = frame.loc[frame["band"] == "refused", "depth"]
    edge = float(refused.max()) if len(refused) else 0.0
    out = pd.DataFrame([{"depth": 0.0, "end": edge, "pays": top / 2, "label": t("tyre.refused")}])
    layers: list[Any] = [
        alt.Chart(out).mark_rect(color=_tone(LINE), opacity=0.5).encode(x=x, x2="end:Q"),
        *(
            alt.Chart(frame[frame["band"] == band])
            .mark_line(strokeWidth=4, color=_tone(tone))
            .encode(x=x, y=y)
            for band, tone in (("pro_rata", SAFFRON), ("free", PETROL))
        ),
    ]
    if own:
        mine = pd.DataFrame([{"depth": float(own[0]), "pays": own[1] / MILLION, "label": t("tyre.point")}])
        point = alt.Chart(mine).encode(x=x, y=y)
        layers.append(point.mark_point(size=180, filled=True, color=_tone(INK), opacity=1))
        layers.append(_words(point, dy=-18))
    middle = pd.DataFrame([{"depth": edge / 2, "pays": top / 2, "label": t("tyre.refused")}])
    layers.append(_words(alt.Chart(middle).encode(x=x, y=y), angle=270))
    _show(page, alt.layer(*layers).properties(height=260), t("tyre.chart"), alternative)


def _words(chart: alt.Chart, *, dy: int = 0, angle: int = 0) -> alt.Chart:
    mark = chart.mark_text(dy=dy, angle=angle, fontSize=13, fontWeight=700, color=_tone(INK))
    words: alt.Chart = mark.encode(text="label:N")
    return words


def _ticks(top: float, language: Language) -> Mapping[str, Any]:
    """Even ticks up to the top with ready-made labels: the browser's locale has no say."""
    values = [round(top * step / TICKS, 6) for step in range(TICKS + 1)]
    names = {f"{value:g}": number(_two_places(value), language) for value in values}
    pairs = ",".join(f"'{value}':'{name}'" for value, name in names.items())
    return {"values": values, "labelExpr": f"({{{pairs}}})[format(datum.value, '~g')] || ''"}


def _two_places(value: float) -> Decimal:
    shown = Decimal(str(round(value, 2)))
    return shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown.normalize()
