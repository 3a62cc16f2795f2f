"""Small charts in the page's language; labels are translated texts, axes follow the reading direction.

The specification of a chart is cached, because building one takes longer than the rest of a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import altair as alt
import htpy as h
import pandas as pd
import pyarrow as pa
import streamlit as st
from altair.utils.schemapi import debug_mode

from logic.core.messages import Language
from logic.tyre.tyre_refund import CurvePoint
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_number, format_percent

# Colours for the light and the dark theme, as in ui/styles/base.css.
SAFFRON, PETROL, GREY = ("#E39A12", "#F0AE3A"), ("#0B5A63", "#5CC3CC"), ("#C9D6D8", "#3A5359")
INK, LINE = ("#10272B", "#E8F1F1"), ("#D3DDDE", "#2A4045")
FONT = "Vazirmatn, Tahoma, sans-serif"
MILLION = 10**6
TICKS = 4
HEADROOM = 1.08
"""Height of the vertical axis, as a multiple of the largest value."""

Spec = dict[str, Any]


@dataclass(frozen=True)
class ChartStyle:
    """What the style of a chart depends on, besides its data."""

    language: Language
    rtl: bool
    dark: bool

    def tone(self, pair: tuple[str, str]) -> str:
        """Return the light or the dark one of two colours."""
        return pair[self.dark]


def _chart_style(page: Page) -> ChartStyle:
    return ChartStyle(page.t.language, page.t.direction == "rtl", st.context.theme.type == "dark")


def _render(page: Page, spec: Spec, title: str, alternative: str) -> None:
    """Show a chart under its title, and a text alternative for screen readers."""
    show_html(h.h3(".kh-h3")[title])
    st.vega_lite_chart(spec, theme=None, width="stretch", key=page.key("chart"))
    show_html(h.p(".kh-visually-hidden")[alternative])


def _styled(chart: alt.LayerChart | alt.FacetChart, style: ChartStyle, height: int) -> Spec:
    """Return the specification of a chart with its theme applied."""
    axis = {"labelColor": style.tone(INK), "titleColor": style.tone(INK), "domainColor": style.tone(LINE),
            "gridColor": style.tone(LINE), "tickColor": style.tone(LINE), "labelFontSize": 13,
            "titleFontSize": 13, "titleFontWeight": 500}  # fmt: skip
    styled_chart = (
        chart.properties(height=height)
        .configure(background="transparent", font=FONT, aria=False)  # _render adds a text alternative
        .configure_view(stroke=None)
        .configure_axis(**axis)
    )
    spec: Spec = styled_chart.to_dict(validate=False)
    spec["datasets"] = {name: _arrow(rows) for name, rows in spec["datasets"].items()}
    return spec


def _arrow(rows: list[dict[str, Any]]) -> bytes:
    """Return rows in Arrow format, in which Streamlit sends them; otherwise it converts them at every run."""
    table = pa.Table.from_pylist(rows)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def share_growth(page: Page, growth: Sequence[tuple[int, int | None]], chosen: int) -> None:
    """Show the share for each number of earlier events as bars, the customer's own in saffron."""
    t = page.t
    known = tuple((count, share) for count, share in growth if share is not None)
    rows = (
        t(
            "share.chart_row",
            count=format_number(count, t.language),
            percent=format_percent(share, t.language),
        )
        for count, share in known
    )
    alternative = t("share.chart_alt", rows=t("word.and").join(rows))
    _render(page, _share_spec(known, chosen, _chart_style(page)), t("share.chart"), alternative)


@lru_cache(maxsize=512)
def _share_spec(growth: tuple[tuple[int, int], ...], chosen: int, style: ChartStyle) -> Spec:
    counts = [format_number(count, style.language) for count, _ in growth]
    frame = pd.DataFrame(
        {
            "count": counts,
            "share": [share for _, share in growth],
            "label": [format_percent(share, style.language) for _, share in growth],
            "own": [count == chosen for count, _ in growth],
        }
    )
    with debug_mode(False):  # noqa: FBT003 - Altair's signature; validation is slow, and tests cover the chart
        base = alt.Chart(frame).encode(
            x=alt.X("count:O", sort=counts[::-1] if style.rtl else counts).axis(
                title=None, labelAngle=0, grid=False
            ),
            y=alt.Y("share:Q", axis=None).scale(domain=[0, 112]),
        )
        colour = alt.condition("datum.own", alt.value(style.tone(SAFFRON)), alt.value(style.tone(GREY)))
        bars = base.mark_bar(cornerRadiusTopLeft=4, cornerRadiusTopRight=4, size=22).encode(color=colour)
        labels = base.mark_text(dy=-9, fontSize=13, fontWeight=600, color=style.tone(INK))
        return _styled(alt.layer(bars, labels.encode(text="label:N")), style, 190)


def tyre_payment(
    page: Page,
    curve: Sequence[CurvePoint],
    own: tuple[Decimal, int] | None,
    *,
    price: int,
    alternative: str,
) -> None:
    """Show the payment by remaining depth as a line with two jumps, and the customer's tyre as a point."""
    t = page.t
    points = tuple((point.remaining_depth_mm, point.customer_pays_rial, point.band) for point in curve)
    labels = (t("tyre.chart_x"), t("tyre.chart_y"), t("tyre.refused"), t("tyre.point"))
    _render(page, _tyre_spec(points, own, price, labels, _chart_style(page)), t("tyre.chart"), alternative)


@lru_cache(maxsize=128)
def _tyre_spec(
    points: tuple[tuple[Decimal, int | None, str], ...],
    own: tuple[Decimal, int] | None,
    price: int,
    labels: tuple[str, str, str, str],
    style: ChartStyle,
) -> Spec:
    x_title, y_title, refused_label, own_label = labels
    frame = pd.DataFrame(
        {
            "depth": [float(depth) for depth, _, _ in points],
            "pays": [(pays or 0) / MILLION for _, pays, _ in points],
            "band": [band for _, _, band in points],
        }
    )
    max_depth, full_price = float(frame["depth"].max()), price / MILLION
    refused_depth = float(frame.loc[frame["band"] == "refused", "depth"].max())
    side: Literal["right", "left"] = "right" if style.rtl else "left"
    with debug_mode(False):  # noqa: FBT003 - see above
        x = alt.X("depth:Q").scale(reverse=style.rtl, nice=False, domain=[0, max_depth])
        x = x.axis(title=x_title, grid=False, **_ticks(max_depth, style.language))
        y = alt.Y("pays:Q").scale(nice=False, domain=[0, full_price * HEADROOM])
        y = y.axis(title=y_title, orient=side, **_ticks(full_price, style.language))
        refused_area = pd.DataFrame(
            [
                {
                    "depth": 0.0,
                    "end": refused_depth,
                    "middle": refused_depth / 2,
                    "pays": full_price / 2,
                    "label": refused_label,
                }
            ]
        )
        layers: list[Any] = [
            alt.Chart(refused_area).mark_rect(color=style.tone(LINE), opacity=0.5).encode(x=x, x2="end:Q"),
            *(
                alt.Chart(frame[frame["band"] == band])
                .mark_line(strokeWidth=4, color=style.tone(tone))
                .encode(x=x, y=y)
                for band, tone in (("pro_rata", SAFFRON), ("free", PETROL))
            ),
            _text_layer(alt.Chart(refused_area).encode(x="middle:Q", y=y), style, angle=270),
        ]
        if own:
            tyre = pd.DataFrame([{"depth": float(own[0]), "pays": own[1] / MILLION, "label": own_label}])
            point = alt.Chart(tyre).encode(x=x, y=y)
            layers.append(point.mark_point(size=180, filled=True, color=style.tone(INK), opacity=1))
            layers.append(_text_layer(point, style, dy=-18))
        return _styled(alt.layer(*layers), style, 260)


def refund_by_day(page: Page, days: Sequence[tuple[int, int]], own: int) -> None:
    """Show the refund by day as a line, and name the best day, the last day with a refund and the own day.

    ``days`` are pairs of a day and its refund in rials; ``own`` is the customer's day.
    """
    t, lang = page.t, page.t.language
    best = max(days, key=lambda point: point[1])
    last = max((point for point in days if point[1]), default=best)
    own_point = next((point for point in days if point[0] == own), None)

    def point_text(kind: str, point: tuple[int, int]) -> str:
        return t(
            f"subscription.chart_{kind}",
            day=format_number(point[0], lang),
            rial=format_number(point[1], lang),
        )

    point_texts = [point_text("best", best), point_text("last", last)]
    if own_point:
        point_texts.append(point_text("own", own_point))
    axis_titles = (t("subscription.chart_x"), t("subscription.chart_y"))
    marks = tuple(
        (t(f"subscription.mark_{kind}"), point)
        for kind, point in (("best", best), ("own", own_point))
        if point
    )
    spec = _refund_spec(tuple(days), marks, axis_titles, _chart_style(page))
    _render(page, spec, t("subscription.chart"), t("word.and").join(point_texts))
    show_html(h.ul(".kh-bullets")[(h.li[text] for text in point_texts)])


@lru_cache(maxsize=128)
def _refund_spec(
    days: tuple[tuple[int, int], ...],
    marks: tuple[tuple[str, tuple[int, int]], ...],
    axis_titles: tuple[str, str],
    style: ChartStyle,
) -> Spec:
    x_title, y_title = axis_titles
    frame = pd.DataFrame({"day": [day for day, _ in days], "rial": [rial / MILLION for _, rial in days]})
    last_day, largest = float(frame["day"].max()), max(float(frame["rial"].max()), 1 / MILLION)
    side: Literal["right", "left"] = "right" if style.rtl else "left"
    with debug_mode(False):  # noqa: FBT003 - see above
        x = alt.X("day:Q").scale(reverse=style.rtl, nice=False, domain=[0, last_day])
        x = x.axis(title=x_title, grid=False, **_ticks(last_day, style.language, 0))
        y = alt.Y("rial:Q").scale(nice=False, domain=[0, largest * HEADROOM])
        y = y.axis(title=y_title, orient=side, **_ticks(largest, style.language))
        line = alt.Chart(frame).mark_line(strokeWidth=4, color=style.tone(PETROL)).encode(x=x, y=y)
        layers: list[Any] = [line]
        for label, (day, rial) in marks:
            mark = pd.DataFrame([{"day": float(day), "rial": rial / MILLION, "label": label}])
            point = alt.Chart(mark).encode(x=x, y=y)
            layers.append(point.mark_point(size=180, filled=True, color=style.tone(SAFFRON), opacity=1))
            layers.append(_text_layer(point, style, dy=-18))
        return _styled(alt.layer(*layers), style, 240)


def _text_layer(chart: alt.Chart, style: ChartStyle, *, dy: int = 0, angle: int = 0) -> alt.Chart:
    mark = chart.mark_text(dy=dy, angle=angle, fontSize=13, fontWeight=700, color=style.tone(INK))
    layer: alt.Chart = mark.encode(text="label:N")
    return layer


def _ticks(maximum: float, language: Language, decimals: int = 6) -> Mapping[str, Any]:
    """Return even ticks from zero to a maximum, with labels that do not depend on the browser's locale."""
    values = [round(maximum * step / TICKS, decimals) for step in range(TICKS + 1)]
    labels = {f"{value:g}": format_number(_two_decimals(value), language) for value in values}
    pairs = ",".join(f"'{value}':'{label}'" for value, label in labels.items())
    return {"values": values, "labelExpr": f"({{{pairs}}})[format(datum.value, '~g')] || ''"}


def _two_decimals(value: float) -> Decimal:
    """Round to two decimals, without trailing zeros."""
    rounded = Decimal(str(round(value, 2)))
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()
