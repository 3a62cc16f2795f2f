"""Rendering of the nearest dealers: distance, kind, phone numbers and navigation links.

Distances are rounded to the precision of the dealer's position: a street to a tenth of a km (to a km from
ten km on), a neighbourhood to a km, a city to five km. Where only the city is known, the link searches for
the address instead of opening a navigation app at a point.
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

ROUTE_URLS: Mapping[str, str] = {
    "neshan": "https://nshn.ir/?lat={lat}&lng={lon}",
    "balad": "https://balad.ir/location?latitude={lat}&longitude={lon}&zoom=16",
    "google": "https://www.google.com/maps/dir/?api=1&destination={lat},{lon}",
    "waze": "https://waze.com/ul?ll={lat},{lon}&navigate=yes",
}
NO_DEALER_NOTICE = "province_without_dealer"
"""The notice that is shown above the list instead of among the other notices."""
SEARCH_URL = "https://www.google.com/maps/search/?api=1&query={address}"
ROUNDING_KM: Mapping[str, Decimal] = {
    "street": Decimal("0.1"),
    "neighbourhood": Decimal(1),
    "city": Decimal(5),
}
MIN_DISPLAYED_KM: Mapping[str, Decimal] = {**ROUNDING_KM, "street": Decimal("0.5")}
"""The shortest distance that is shown, by precision."""
WHOLE_KM_FROM = 10
AREA_CODE_DIGITS = 3
"""Length of an area code, with its leading zero."""


def render(page: Page, answer: Answer[NearestDealersResult], place_name: str) -> None:
    """Render the dealers, nearest first, with notices and actions; or a line if there are none."""
    t, dealers = page.t, answer.result.dealers
    badges = [clause_badge(t, clause) for clause in dict.fromkeys(step.clause for step in answer.steps)]
    show_html(
        h.h2(".kh-h2")[t("dealers.near", place=place_name), (h.fragment[" ", badge] for badge in badges)]
    )
    for notice in answer.notices:
        if notice.key == NO_DEALER_NOTICE:
            province = str(notice.params[f"province_{t.language}"])
            show_html(h.div(".kh-note", role="status")[t("dealers.no_dealer_here", province=province)])
    if not dealers:
        show_html(h.p(".kh-empty")[t("dealers.none")])
        return
    rows = (_row(t, index + 1, dealer) for index, dealer in enumerate(dealers))
    heading = t("dealers.near", place=place_name)
    page.presented = PresentedAnswer(
        tables=[Table(heading, [_table_row(t, dealer) for dealer in dealers])], tables_replace_steps=True
    )
    show_html(h.ol(".kh-dealers", aria_label=t("dealers.title"))[rows])
    answer_card.notices(page, (notice for notice in answer.notices if notice.key != NO_DEALER_NOTICE))
    answer_card.action_bar(page, answer)


def list_source(page: Page, network: Network) -> None:
    """Render the date of the list and the provinces that have no dealer in it."""
    t = page.t
    names = t("word.and").join(
        row.name_fa if t.language == "fa" else row.name_en for row in provinces_without_dealer(network)
    )
    show_html(
        h.p(".kh-muted")[t("dealers.from_list")],
        h.p(".kh-muted")[t("dealers.provinces_without", provinces=names)],
    )


# ---------------------------------------------------------------------------------------------- a row
def _row(t: Text, number: int, dealer: Dealer) -> h.Element:
    fa = t.language == "fa"
    description = t("word.and").join((city_name(t, dealer), t.name_of("dealer_kind", dealer.kind)))
    value = format_number(about_km(dealer), t.language)
    return h.li[
        h.span(".number", aria_hidden="true")[format_number(number, t.language)],
        h.div[
            h.div(".kh-dealer-heading")[
                h.h3[dealer.name if fa else dealer.name_en, " ", h.small[description]],
                h.p(".distance")[t("dealers.about", km=value), " ", h.small[t("word.km")]],
            ],
            h.p(lang="fa", dir="rtl")[dealer.address],
            h.p(".kh-approximate")[t("dealers.city_point")] if dealer.precision == "city" else None,
            h.div(".kh-dealer-actions")[phones(t, dealer)],
            h.div(".kh-dealer-actions.kh-links")[_navigation_links(t, dealer)],
        ],
    ]


def _table_row(t: Text, dealer: Dealer) -> list[str]:
    """Return a dealer's row in the PDF table: name and address (Persian only) or city, phones, distance."""
    fa = t.language == "fa"
    km = t("dealers.about", km=format_number(about_km(dealer), t.language))
    phones = [t("app.emergency_number")] if dealer.kind == OFFICE else dealer.phones
    return [
        t("word.and").join([dealer.name, dealer.address] if fa else [dealer.name_en, city_name(t, dealer)]),
        t("word.and").join(localise_digits(phone, t.language) for phone in phones),
        f"{km} {t('word.km')}",
    ]


def about_km(dealer: Dealer) -> Decimal:
    """Return the distance in km, rounded half up to the precision of the dealer's position."""
    km = Decimal(str(dealer.distance_km))
    step = (
        Decimal(1) if dealer.precision == "street" and km >= WHOLE_KM_FROM else ROUNDING_KM[dealer.precision]
    )
    rounded = (km / step).to_integral_value(ROUND_HALF_UP) * step
    return max(rounded, MIN_DISPLAYED_KM[dealer.precision])


def city_name(t: Text, dealer: Dealer) -> str:
    """Return the dealer's city in the language of the page."""
    if t.language == "fa":
        return dealer.city
    return places().names[comparison_key(dealer.city)].name_en


def phones(t: Text, dealer: Dealer) -> Iterator[h.Node]:
    """Yield the dealer's numbers: a link with area code if it can be dialled, else the printed number.

    For an office the emergency number comes first, as the booklet prints it.
    """
    numbers = list(zip(dealer.phones, dealer.dial, strict=True))
    if dealer.kind == OFFICE:
        yield _call(t, EMERGENCY_NUMBER, t("app.emergency_number"))
    elif not numbers:
        yield h.span[t("dealers.no_phone")]
    for printed, dial in numbers:
        if dial:
            yield _call(t, dial, localise_digits(f"{dial[:AREA_CODE_DIGITS]} {printed}", t.language))
        else:
            yield h.span[t("dealers.printed_number", phone=_isolated(localise_digits(printed, t.language)))]


def _call(t: Text, dial: str, label: str) -> h.Element:
    return h.a(href=f"tel:{dial}", aria_label=t("dealers.call", phone=label))[
        h.span(".kh-icon", aria_hidden="true")["call"], h.bdi(dir="ltr")[label]
    ]


def _isolated(text: str) -> str:
    """Isolate a phone number, so that it keeps its left-to-right order inside a sentence."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _navigation_links(t: Text, dealer: Dealer) -> Iterator[h.Node]:
    """Yield links to navigation apps and a button that copies the address, with its city."""
    address = dealer.address
    if not address.startswith(dealer.city):
        address = t("word.and").join((dealer.city, address))
    name = dealer.name if t.language == "fa" else dealer.name_en
    exact = dealer.precision != "city"
    urls = ROUTE_URLS if exact else {"google": SEARCH_URL}
    yield h.span(".kh-icon", aria_hidden="true")["directions" if exact else "travel_explore"]
    yield h.span(".kh-visually-hidden")[t("dealers.open_in" if exact else "dealers.search_in")]
    for app, url in urls.items():
        href = url.format(lat=dealer.lat, lon=dealer.lon, address=quote(address))
        app_name = t.name_of("dealers", app)
        yield h.a(href=href, target="_blank", rel="noopener", aria_label=f"{app_name}: {name}")[h.b[app_name]]
    yield answer_card.button(
        "content_copy", t("dealers.copy"), "copy", text=address, message=t("dealers.copied")
    )
