"""The offline guide: one HTML file in both languages that makes no network requests.

Its content comes from the calculators. What depends on the reader's input (odometer, level, current day) is
looked up by the script in the file (ui/offline_guide/guide.js), which contains no rules.
"""

import datetime as dt
import hashlib
import json
from base64 import b64encode
from pathlib import Path

import htpy as h
from markupsafe import Markup

from logic import __version__
from logic.card.tables import card_tables
from logic.core.messages import LANGUAGES, Language
from logic.core.models import MAX_KM, Level
from logic.core.normalisation import EQUIVALENT_CHARACTERS, IGNORED
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import editions
from ui.assets import ICON, STATIC, WEB_FONT, read_asset
from ui.frame.page import EMERGENCY_NUMBER
from ui.l10n.dates import today
from ui.l10n.numbers import format_jalali
from ui.l10n.text import Text, text
from ui.offline_guide import lists, places, service

FILE_NAME = "khodroyar-guide.html"
STALE_AFTER_DAYS = 90
DOCUMENTS = ("emdad", "mvm_fx", "iran_tire", "places")
"""The documents whose tables are in the guide."""
SECTIONS = {
    "service": service.section,
    "share": lists.shares,
    "levels": lists.levels,
    "roadside": lists.roadside,
    "papers": lists.documents,
    "dealers": places.section,
}
_FONT = STATIC / WEB_FONT


def download() -> bytes:
    """Return the guide of today as bytes, for a download."""
    return guide(today()).encode()


@cached_per_dataset
def guide(created_on: dt.date) -> str:
    """Return the guide as HTML, with its creation date."""
    # Without the font file, the browser falls back to a system font.
    font = _data_url(_FONT, "font/woff2") if _FONT.is_file() else ""
    style = read_asset("offline_guide/guide.css").replace("FONT", font)
    script = "\n".join(map(read_asset, ("offline_guide/normalisation.js", "offline_guide/guide.js")))
    fa = text("fa")
    policy = (
        f"default-src 'none'; script-src '{_csp_hash(script)}'; style-src '{_csp_hash(style)}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )
    document = h.html(lang=fa.language, dir=fa.direction)[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(http_equiv="Content-Security-Policy", content=policy),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="generator", content=f"Khodroyar {__version__}"),
            h.meta(name="format-detection", content="telephone=no"),
            h.title[f"{fa('offline.title')} · {fa('app.name')}"],
            h.link(rel="icon", href=_data_url(ICON, "image/svg+xml")),
            h.style[Markup(style)],  # noqa: S704 - a file of ours
            h.script[Markup(script)],  # noqa: S704 - a file of ours
        ],
        h.body[
            (_localised_body(text(language), created_on) for language in LANGUAGES),
            h.script("#known", type="application/json")[_json(_script_data(created_on))],
        ],
    ]
    return str(document)


# ---------------------------------------------------------------------------------------------- one language
def _localised_body(t: Text, created_on: dt.date) -> h.Element:
    other: Language = "en" if t.language == "fa" else "fa"
    day = format_jalali(created_on, t.language, long=True)
    return h.div(".locale", lang=t.language, dir=t.direction)[
        h.header[
            h.div(".title-bar")[
                h.div(".title")[_logo(), h.h1[t("offline.title"), h.small[t("app.name")]]],
                h.button(".language", type="button", lang=other, data_language=other)[
                    text(other)("app.language")
                ],
            ],
            h.p(".created")[t("offline.made", day=day)],
            h.div(".search-row")[
                h.input(
                    ".search",
                    type="search",
                    autocomplete="off",
                    enterkeyhint="search",
                    aria_label=t("offline.search"),
                    placeholder=t("offline.search"),
                ),
                h.a(
                    ".emergency-link",
                    href=f"tel:{EMERGENCY_NUMBER}",
                    aria_label=t("dealers.call", phone=t("app.emergency_number")),
                )[h.bdi(dir="ltr")[t("app.emergency_number")]],
            ],
        ],
        h.main[
            h.div(".age-warning", role="alert", hidden=True, data_warn="old")[
                h.b[t("offline.old")], " ", h.span(data_text=t("offline.old_line", day=day, days="{days}"))
            ],
            h.div(".age-warning", role="alert", hidden=True, data_warn="clock")[
                h.b[t("offline.clock")], " ", t("offline.clock_line", day=day)
            ],
            h.nav(aria_label=t("offline.title"))[
                (h.a(href=f"#{_id(name, t)}", data_to=name)[t(f"offline.{name}")] for name in SECTIONS)
            ],
            h.p(".match-count", role="status"),
            (
                h.section(id=_id(name, t), data_section=name, aria_label=t(f"offline.{name}"))[
                    render_section(t)
                ]
                for name, render_section in SECTIONS.items()
            ),
        ],
        h.footer[
            h.h2[t("offline.editions")],
            h.ul(".bullets")[_editions(t)],
            h.p[t("offline.made", day=day), " ", t("offline.renew")],
            h.p[t("app.basis")],
        ],
    ]


def _id(section: str, t: Text) -> str:
    return section if t.language == "fa" else f"{section}-{t.language}"


def _logo() -> Markup:
    """Return the app's logo as inline SVG."""
    svg = read_asset("frame/icon.svg").replace("<svg ", '<svg aria-hidden="true" ', 1)
    return Markup(svg)  # noqa: S704 - a file of ours


def _editions(t: Text) -> h.Node:
    """Return the editions in force of the guide's documents, and since when they hold."""
    lines = []
    for document in DOCUMENTS:
        for folder in editions(document):
            edition = folder.edition
            if edition.valid_to is None:
                start = edition.valid_from and format_jalali(edition.valid_from, t.language, long=True)
                validity = t("offline.holds_from", day=start) if start else ""
                lines.append(
                    h.li(data_edition=f"{document}/{edition.id}")[edition.title[t.language], " ", validity]
                )
    return lines


# ---------------------------------------------------------------------------------------------- script data
def _script_data(created_on: dt.date) -> dict[str, object]:
    """Return the data of the script."""
    booklet = card_tables()
    return {
        "made": created_on.isoformat(),
        "edition": booklet.edition if booklet else None,
        "stale_after_days": STALE_AFTER_DAYS,
        "max_km": MAX_KM,
        "levels": [*Level],
        "normalisation": {"same": EQUIVALENT_CHARACTERS, "ignored": IGNORED},
        "texts": {language: service.script_texts(text(language)) for language in LANGUAGES},
        **service.lookup_data(),
    }


def _json(value: object) -> Markup:
    """Return JSON that is safe inside a script element: a text in it cannot close the element."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704


def _data_url(file: Path, kind: str) -> str:
    return f"data:{kind};base64,{b64encode(file.read_bytes()).decode()}"


def _csp_hash(inline: str) -> str:
    """Return the hash of an inline script or style for the content security policy."""
    return f"sha256-{b64encode(hashlib.sha256(inline.encode()).digest()).decode()}"
