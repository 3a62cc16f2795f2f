"""The list of the nearest dealers: how far, what they are, how to call and how to get there.

Distances are said as exactly as the place is known: a street to a tenth of a km (whole km from ten on), a
neighbourhood to a km, a city to five. A place that is only known by its city gets no pin in a navigation app
but a search for its address.
"""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import quote

import htpy as h

from logic.core.answer import Answer
from logic.core.normalisation import comparison_key
from logic.dealers.nearest_dealers import (
    OFFICE,
    Dealer,
    NearestDealersResult,
    Network,
    places,
    provinces_without_dealer,
)
from ui.answer import answer_card
from ui.answer.answer_card import clause_badge
from ui.frame.page import EMERGENCY_NUMBER, Page, show_html
from ui.l10n.numbers import format_number, localise_digits
from ui.l10n.text import Text
from ui.pdf.content import PresentedAnswer, Table

ROUTES: Mapping[str, str] = {
    "neshan": "https://nshn.ir/?lat={lat}&lng={lon}",
    "balad": "https://balad.ir/location?latitude={lat}&longitude={lon}&zoom=16",
    "google": "https://www.google.com/maps/dir/?api=1&destination={lat},{lon}",
    "waze": "https://waze.com/ul?ll={lat},{lon}&navigate=yes",
}
NO_DEALER = "province_without_dealer"
"""The notice that stands above the list, not among what to know."""
SEARCH = "https://www.google.com/maps/search/?api=1&query={address}"
STEPS_KM: Mapping[str, Decimal] = {
    "street": Decimal("0.1"),
    "neighbourhood": Decimal(1),
    "city": Decimal(5),
}
LEAST_KM: Mapping[str, Decimal] = {**STEPS_KM, "street": Decimal("0.5")}
"""The least distance that is said: below it a place may as well be next door."""
WHOLE_FROM_KM = 10
AREA_CODE = 3
"""Digits of an area code, its zero included."""


def render(page: Page, found: Answer[NearestDealersResult], place: str) -> None:
    """The places, nearest first, what to know of them, and how to pass them on; or that there are none."""
    t, dealers = page.t, found.result.dealers
    receipts = [clause_badge(t, clause) for clause in dict.fromkeys(step.clause for step in found.steps)]
    show_html(h.h2(".kh-h2")[t("dealers.near", place=place), (h.fragment[" ", each] for each in receipts)])
    for notice in found.notices:
        if notice.key == NO_DEALER:
            province = str(notice.params[f"province_{t.language}"])
            show_html(h.div(".kh-note", role="status")[t("dealers.no_dealer_here", province=province)])
    if not dealers:
        show_html(h.p(".kh-empty")[t("dealers.none")])
        return
    rows = (_row(t, number_ + 1, each) for number_, each in enumerate(dealers))
    near = t("dealers.near", place=place)
    page.presented = PresentedAnswer(
        tables=[Table(near, [_table_row(t, each) for each in dealers])], tables_replace_steps=True
    )
    show_html(h.ol(".kh-dealers", aria_label=t("dealers.title"))[rows])
    answer_card.notices(page, (each for each in found.notices if each.key != NO_DEALER))
    answer_card.action_bar(page, found)


def list_source(page: Page, network: Network) -> None:
    """How old the list is, and which provinces are not in it."""
    t = page.t
    names = t("word.and").join(
        row.name_fa if t.language == "fa" else row.name_en for row in provinces_without_dealer(network)
    )
    show_html(
        h.p(".kh-muted")[t("dealers.from_list")],
        h.p(".kh-muted")[t("dealers.provinces_without", provinces=names)],
    )


# ---------------------------------------------------------------------------------------------- a row
def _row(t: Text, place: int, dealer: Dealer) -> h.Element:
    fa = t.language == "fa"
    what = t("word.and").join((city_name(t, dealer), t.name_of("dealer_kind", dealer.kind)))
    value = format_number(about_km(dealer), t.language)
    return h.li[
        h.span(".pin", aria_hidden="true")[format_number(place, t.language)],
        h.div[
            h.div(".kh-what")[
                h.h3[dealer.name if fa else dealer.name_en, " ", h.small[what]],
                h.p(".far")[t("dealers.about", km=value), " ", h.small[t("word.km")]],
            ],
            h.p(lang="fa", dir="rtl")[dealer.address],
            h.p(".kh-rough")[t("dealers.city_point")] if dealer.precision == "city" else None,
            h.div(".kh-do")[phones(t, dealer)],
            h.div(".kh-do.kh-ways")[_ways(t, dealer)],
        ],
    ]


def _table_row(t: Text, dealer: Dealer) -> list[str]:
    """A place on a sheet: its name and address (which is Persian), its numbers, how far it is."""
    fa = t.language == "fa"
    km = t("dealers.about", km=format_number(about_km(dealer), t.language))
    phones = [t("app.emergency_number")] if dealer.kind == OFFICE else dealer.phones
    return [
        t("word.and").join([dealer.name, dealer.address] if fa else [dealer.name_en, city_name(t, dealer)]),
        t("word.and").join(localise_digits(each, t.language) for each in phones),
        f"{km} {t('word.km')}",
    ]


def about_km(dealer: Dealer) -> Decimal:
    """The distance as exactly as the place is known."""
    km = Decimal(str(dealer.distance_km))
    step = Decimal(1) if dealer.precision == "street" and km >= WHOLE_FROM_KM else STEPS_KM[dealer.precision]
    rounded = (km / step).to_integral_value(ROUND_HALF_UP) * step
    return max(rounded, LEAST_KM[dealer.precision])


def city_name(t: Text, dealer: Dealer) -> str:
    """The place's city in the language of the page."""
    if t.language == "fa":
        return dealer.city
    return places().names[comparison_key(dealer.city)].name_en


def phones(t: Text, dealer: Dealer) -> Iterator[h.Node]:
    """Each number that can be dialled as a link, with its area code; the others as they are printed.

    An office is reached by the line of the company, as its booklet says.
    """
    numbers = list(zip(dealer.phones, dealer.dial, strict=True))
    if dealer.kind == OFFICE:
        yield _call(t, EMERGENCY_NUMBER, t("app.emergency_number"))
    elif not numbers:
        yield h.span[t("dealers.no_phone")]
    for printed, dial in numbers:
        if dial:
            yield _call(t, dial, localise_digits(f"{dial[:AREA_CODE]} {printed}", t.language))
        else:
            yield h.span[t("dealers.printed_number", phone=_isolated(localise_digits(printed, t.language)))]


def _call(t: Text, dial: str, said: str) -> h.Element:
    return h.a(href=f"tel:{dial}", aria_label=t("dealers.call", phone=said))[
        h.span(".kh-icon", aria_hidden="true")["call"], h.bdi(dir="ltr")[said]
    ]


def _isolated(said: str) -> str:
    """A number inside a sentence, kept from left to right."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{said}\N{POP DIRECTIONAL ISOLATE}"


def _ways(t: Text, dealer: Dealer) -> Iterator[h.Node]:
    """Navigation apps, and the address to copy: with its city, which some of the list leave out."""
    address = dealer.address
    if not address.startswith(dealer.city):
        address = t("word.and").join((dealer.city, address))
    name = dealer.name if t.language == "fa" else dealer.name_en
    exact = dealer.precision != "city"
    ways = ROUTES if exact else {"google": SEARCH}
    yield h.span(".kh-icon", aria_hidden="true")["directions" if exact else "travel_explore"]
    yield h.span(".kh-visually-hidden")[t("dealers.open_in" if exact else "dealers.search_in")]
    for app, form in ways.items():
        href = form.format(lat=dealer.lat, lon=dealer.lon, address=quote(address))
        said = t.name_of("dealers", app)
        yield h.a(href=href, target="_blank", rel="noopener", aria_label=f"{said}: {name}")[h.b[said]]
    yield answer_card.button(
        "content_copy", t("dealers.copy"), "copy", text=address, message=t("dealers.copied")
    )
