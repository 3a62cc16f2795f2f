"""The dealers and offices of the offline guide, by province."""

from collections.abc import Iterator

import htpy as h

from logic.core.normalisation import comparison_key
from logic.dealers.nearest_dealers import OFFICE, Dealer, places, provinces_without_dealer
from ui.l10n.text import Text
from ui.offline_guide.search import join_keys
from ui.views.dealers import city_name, phones


def section(t: Text) -> Iterator[h.Node]:
    """Yield the dealers by province, offices first, then the provinces without a dealer."""
    dealer_list, fa = places(), t.language == "fa"
    yield h.p(".paragraph.no-search")[t("dealers.from_list")]
    yield h.p(".paragraph.no-search")[t("guide.old_numbers")]
    for province in dealer_list.provinces.values():
        dealers = [dealer for dealer in dealer_list.dealers if dealer.province == province.name_fa]
        dealers.sort(key=lambda dealer: (dealer.kind != OFFICE, dealer.city))
        if dealers:
            yield h.div(data_group=True, data_province=province.id)[
                h.h2[province.name_fa if fa else province.name_en],
                h.ul(".dealers")[
                    (_dealer(t, dealer, (province.name_fa, province.name_en)) for dealer in dealers)
                ],
            ]
    empty = t("word.and").join(row.name_fa if fa else row.name_en for row in provinces_without_dealer("all"))
    yield h.p(".paragraph.no-search")[t("dealers.provinces_without", provinces=empty)]


def _dealer(t: Text, dealer: Dealer, province: tuple[str, str]) -> h.Element:
    fa = t.language == "fa"
    city = next((row for row in places().cities.values() if row.name_fa == dealer.city), None)
    names = (city.name_en, *city.other_names.split(";")) if city else ()
    key = join_keys((dealer.name, dealer.name_en, dealer.city, *names, *province))
    kinds = (
        city_name(t, dealer),
        t.name_of("network", dealer.network),
        t.name_of("dealer_kind", dealer.kind),
    )
    displayed_kinds = kinds if dealer.kind != OFFICE else (kinds[0], kinds[2])
    return h.li(data_code=dealer.code, data_search=key, data_search_also=comparison_key(dealer.address))[
        h.h3[dealer.name if fa else dealer.name_en],
        h.p(".kinds")[t("word.and").join(displayed_kinds)],
        h.p(lang="fa", dir="rtl")[dealer.address],
        h.p(".phones")[phones(t, dealer)],
    ]
