"""Small charts in the page's language: labels are ready-made texts, the order follows the reading.

A chart's specification is built once for what it shows: building one costs more than the rest of a page.
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

# Light and dark, as in ui/styles/base.css.
SAFFRON, PETROL, GREY = ("#E39A12", "#F0AE3A"), ("#0B5A63", "#5CC3CC"), ("#C9D6D8", "#3A5359")
INK, LINE = ("#10272B", "#E8F1F1"), ("#D3DDDE", "#2A4045")
FONT = "Vazirmatn, Tahoma, sans-serif"
MILLION = 10**6
TICKS = 4
HEADROOM = 1.08

Spec = dict[str, Any]


@dataclass(frozen=True)
class ChartStyle:
    """What changes a chart besides its data."""

    language: Language
    rtl: bool
    dark: bool

    def tone(self, pair: tuple[str, str]) -> str:
        """The light or the dark one."""
        return pair[self.dark]


def _chart_style(page: Page) -> ChartStyle:
    return ChartStyle(page.t.language, page.t.direction == "rtl", st.context.theme.type == "dark")


def _render(page: Page, spec: Spec, title: str, alternative: str) -> None:
    """The chart under its title; what it shows is said in words to those who do not see it."""
    show_html(h.h3(".kh-h3")[title])
    st.vega_lite_chart(spec, theme=None, width="stretch", key=page.key("chart"))
    show_html(h.p(".kh-visually-hidden")[alternative])


def _styled(chart: alt.LayerChart | alt.FacetChart, look: ChartStyle, height: int) -> Spec:
    axis = {"labelColor": look.tone(INK), "titleColor": look.tone(INK), "domainColor": look.tone(LINE),
            "gridColor": look.tone(LINE), "tickColor": look.tone(LINE), "labelFontSize": 13,
            "titleFontSize": 13, "titleFontWeight": 500}  # fmt: skip
    dressed = (
        chart.properties(height=height)
        .configure(background="transparent", font=FONT, aria=False)  # said below, in words
        .configure_view(stroke=None)
        .configure_axis(**axis)
    )
    spec: Spec = dressed.to_dict(validate=False)
    spec["datasets"] = {name: _arrow(rows) for name, rows in spec["datasets"].items()}
    return spec


def _arrow(rows: list[dict[str, Any]]) -> bytes:
    """Rows as Streamlit sends them; else it would convert them anew at every answer."""
    table = pa.Table.from_pylist(rows)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    made: bytes = sink.getvalue().to_pybytes()
    return made


def share_growth(page: Page, growth: Sequence[tuple[int, int | None]], chosen: int) -> None:
    """A bar per number of earlier events, the customer's own in saffron."""
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
    said = t("share.chart_alt", rows=t("word.and").join(rows))
    _render(page, _share_spec(known, chosen, _chart_style(page)), t("share.chart"), said)


@lru_cache(maxsize=512)
def _share_spec(growth: tuple[tuple[int, int], ...], chosen: int, look: ChartStyle) -> Spec:
    counts = [format_number(count, look.language) for count, _ in growth]
    frame = pd.DataFrame(
        {
            "count": counts,
            "share": [share for _, share in growth],
            "label": [format_percent(share, look.language) for _, share in growth],
            "own": [count == chosen for count, _ in growth],
        }
    )
    with debug_mode(False):  # noqa: FBT003 - Altair's own signature; checks of a chart that tests have seen
        base = alt.Chart(frame).encode(
            x=alt.X("count:O", sort=counts[::-1] if look.rtl else counts).axis(
                title=None, labelAngle=0, grid=False
            ),
            y=alt.Y("share:Q", axis=None).scale(domain=[0, 112]),
        )
        colour = alt.condition("datum.own", alt.value(look.tone(SAFFRON)), alt.value(look.tone(GREY)))
        bars = base.mark_bar(cornerRadiusTopLeft=4, cornerRadiusTopRight=4, size=22).encode(color=colour)
        labels = base.mark_text(dy=-9, fontSize=13, fontWeight=600, color=look.tone(INK))
        return _styled(alt.layer(bars, labels.encode(text="label:N")), look, 190)


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
    points = tuple((point.remaining_depth_mm, point.customer_pays_rial, point.band) for point in curve)
    words = (t("tyre.chart_x"), t("tyre.chart_y"), t("tyre.refused"), t("tyre.point"))
    _render(page, _tyre_spec(points, own, price, words, _chart_style(page)), t("tyre.chart"), alternative)


@lru_cache(maxsize=128)
def _tyre_spec(
    points: tuple[tuple[Decimal, int | None, str], ...],
    own: tuple[Decimal, int] | None,
    price: int,
    words: tuple[str, str, str, str],
    look: ChartStyle,
) -> Spec:
    x_title, y_title, refused, mine = words
    frame = pd.DataFrame(
        {
            "depth": [float(depth) for depth, _, _ in points],
            "pays": [(pays or 0) / MILLION for _, pays, _ in points],
            "band": [band for _, _, band in points],
        }
    )
    deepest, top = float(frame["depth"].max()), price / MILLION
    edge = float(frame.loc[frame["band"] == "refused", "depth"].max())
    side: Literal["right", "left"] = "right" if look.rtl else "left"
    with debug_mode(False):  # noqa: FBT003 - see above
        x = alt.X("depth:Q").scale(reverse=look.rtl, nice=False, domain=[0, deepest])
        x = x.axis(title=x_title, grid=False, **_ticks(deepest, look.language))
        y = alt.Y("pays:Q").scale(nice=False, domain=[0, top * HEADROOM])
        y = y.axis(title=y_title, orient=side, **_ticks(top, look.language))
        out = pd.DataFrame(
            [{"depth": 0.0, "end": edge, "middle": edge / 2, "pays": top / 2, "label": refused}]
        )
        layers: list[Any] = [
            alt.Chart(out).mark_rect(color=look.tone(LINE), opacity=0.5).encode(x=x, x2="end:Q"),
            *(
                alt.Chart(frame[frame["band"] == band])
                .mark_line(strokeWidth=4, color=look.tone(tone))
                .encode(x=x, y=y)
                for band, tone in (("pro_rata", SAFFRON), ("free", PETROL))
            ),
            _text_layer(alt.Chart(out).encode(x="middle:Q", y=y), look, angle=270),
        ]
        if own:
            tyre = pd.DataFrame([{"depth": float(own[0]), "pays": own[1] / MILLION, "label": mine}])
            point = alt.Chart(tyre).encode(x=x, y=y)
            layers.append(point.mark_point(size=180, filled=True, color=look.tone(INK), opacity=1))
            layers.append(_text_layer(point, look, dy=-18))
        return _styled(alt.layer(*layers), look, 260)


def refund(page: Page, days: Sequence[tuple[int, int]], own: int) -> None:
    """What comes back on each day: the best day, the last that brings anything, and one's own."""
    t, lang = page.t, page.t.language
    best = max(days, key=lambda each: each[1])
    last = max((each for each in days if each[1]), default=best)
    mine = next((each for each in days if each[0] == own), None)

    def said(kind: str, point: tuple[int, int]) -> str:
        return t(
            f"subscription.chart_{kind}",
            day=format_number(point[0], lang),
            rial=format_number(point[1], lang),
        )

    marked = [(said("best", best), *best), (said("last", last), *last)]
    if mine:
        marked.append((said("own", mine), *mine))
    words = (t("subscription.chart_x"), t("subscription.chart_y"))
    names = tuple(
        (t(f"subscription.mark_{kind}"), point) for kind, point in (("best", best), ("own", mine)) if point
    )
    spec = _refund_spec(tuple(days), names, words, _chart_style(page))
    _render(page, spec, t("subscription.chart"), t("word.and").join(name for name, _, _ in marked))
    show_html(h.ul(".kh-plain")[(h.li[name] for name, _, _ in marked)])


@lru_cache(maxsize=128)
def _refund_spec(
    days: tuple[tuple[int, int], ...],
    marks: tuple[tuple[str, tuple[int, int]], ...],
    words: tuple[str, str],
    look: ChartStyle,
) -> Spec:
    x_title, y_title = words
    frame = pd.DataFrame({"day": [day for day, _ in days], "rial": [rial / MILLION for _, rial in days]})
    longest, top = float(frame["day"].max()), max(float(frame["rial"].max()), 1 / MILLION)
    side: Literal["right", "left"] = "right" if look.rtl else "left"
    with debug_mode(False):  # noqa: FBT003 - see above
        x = alt.X("day:Q").scale(reverse=look.rtl, nice=False, domain=[0, longest])
        x = x.axis(title=x_title, grid=False, **_ticks(longest, look.language, 0))
        y = alt.Y("rial:Q").scale(nice=False, domain=[0, top * HEADROOM])
        y = y.axis(title=y_title, orient=side, **_ticks(top, look.language))
        line = alt.Chart(frame).mark_line(strokeWidth=4, color=look.tone(PETROL)).encode(x=x, y=y)
        layers: list[Any] = [line]
        for label, (day, rial) in marks:
            one = pd.DataFrame([{"day": float(day), "rial": rial / MILLION, "label": label}])
            point = alt.Chart(one).encode(x=x, y=y)
            layers.append(point.mark_point(size=180, filled=True, color=look.tone(SAFFRON), opacity=1))
            layers.append(_text_layer(point, look, dy=-18))
        return _styled(alt.layer(*layers), look, 240)


def _text_layer(chart: alt.Chart, look: ChartStyle, *, dy: int = 0, angle: int = 0) -> alt.Chart:
    mark = chart.mark_text(dy=dy, angle=angle, fontSize=13, fontWeight=700, color=look.tone(INK))
    words: alt.Chart = mark.encode(text="label:N")
    return words


def _ticks(top: float, language: Language, places: int = 6) -> Mapping[str, Any]:
    """Even ticks up to the top with ready-made labels: the browser's locale has no say."""
    values = [round(top * step / TICKS, places) for step in range(TICKS + 1)]
    names = {f"{value:g}": format_number(_two_places(value), language) for value in values}
    pairs = ",".join(f"'{value}':'{name}'" for value, name in names.items())
    return {"values": values, "labelExpr": f"({{{pairs}}})[format(datum.value, '~g')] || ''"}


def _two_places(value: float) -> Decimal:
    shown = Decimal(str(round(value, 2)))
    return shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown.normalize()
