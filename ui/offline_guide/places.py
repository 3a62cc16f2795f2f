"""The guide's dealers and offices, by province."""

from collections.abc import Iterator

import htpy as h

from logic.core.normalisation import comparison_key
from logic.dealers.nearest_dealers import OFFICE, Dealer, places, provinces_without_dealer
from ui.l10n.text import Text
from ui.offline_guide.search import joined
from ui.views.dealers import city_name, phones


def section(t: Text) -> Iterator[h.Node]:
    """Every place, offices first, by province; the provinces that have none."""
    known, fa = places(), t.language == "fa"
    yield h.p(".line.no-search")[t("dealers.from_list")]
    yield h.p(".line.no-search")[t("guide.old_numbers")]
    for province in known.provinces.values():
        found = [each for each in known.dealers if each.province == province.name_fa]
        found.sort(key=lambda each: (each.kind != OFFICE, each.city))
        if found:
            yield h.div(data_group=True, data_province=province.id)[
                h.h2[province.name_fa if fa else province.name_en],
                h.ul(".dealers")[(_place(t, each, (province.name_fa, province.name_en)) for each in found)],
            ]
    empty = t("word.and").join(row.name_fa if fa else row.name_en for row in provinces_without_dealer("all"))
    yield h.p(".line.no-search")[t("dealers.provinces_without", provinces=empty)]


def _place(t: Text, dealer: Dealer, province: tuple[str, str]) -> h.Element:
    fa = t.language == "fa"
    named = next((row for row in places().cities.values() if row.name_fa == dealer.city), None)
    names = (named.name_en, *named.other_names.split(";")) if named else ()
    key = joined((dealer.name, dealer.name_en, dealer.city, *names, *province))
    kinds = (
        city_name(t, dealer),
        t.name_of("network", dealer.network),
        t.name_of("dealer_kind", dealer.kind),
    )
    shown = kinds if dealer.kind != OFFICE else (kinds[0], kinds[2])
    return h.li(data_code=dealer.code, data_k=key, data_k_too=comparison_key(dealer.address))[
        h.h3[dealer.name if fa else dealer.name_en],
        h.p(".what")[t("word.and").join(shown)],
        h.p(lang="fa", dir="rtl")[dealer.address],
        h.p(".phones")[phones(t, dealer)],
    ]
