"""The guide with no network: one HTML file, in both languages, that asks no host for anything.

Made from the data through the calculators; what depends on the spot (odometer, level, the day) is looked up
by the file's own script (ui/offline_guide/guide.js), which knows no rule.
"""

import datetime as dt
import hashlib
import json
from base64 import b64encode
from functools import cache
from pathlib import Path

import htpy as h
from markupsafe import Markup

from logic import __version__
from logic.card.tables import card_tables
from logic.core.messages import LANGUAGES, Language
from logic.core.models import MAX_KM, Level
from logic.core.normalisation import EQUIVALENT_CHARACTERS, IGNORED
from logic.datasets.dataset import data_dir
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
"""The documents whose tables the guide holds."""
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
    """The guide as it is today, ready to be handed over."""
    return guide(today()).encode()


def guide(made: dt.date) -> str:
    """The whole file, as made on a day."""
    return _guide(made, data_dir())


@cache
def _guide(made: dt.date, _data: Path) -> str:
    """``_data`` is the folder that is read: another one makes another guide."""
    font = (
        _data_url(_FONT, "font/woff2") if _FONT.is_file() else ""
    )  # without it the reader's own font serves
    style = read_asset("offline_guide/guide.css").replace("FONT", font)
    script = "\n".join(map(read_asset, ("offline_guide/normalisation.js", "offline_guide/guide.js")))
    first = text("fa")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )
    document = h.html(lang=first.language, dir=first.direction)[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(http_equiv="Content-Security-Policy", content=policy),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="generator", content=f"Khodroyar {__version__}"),
            h.meta(name="format-detection", content="telephone=no"),
            h.title[f"{first('offline.title')} · {first('app.name')}"],
            h.link(rel="icon", href=_data_url(ICON, "image/svg+xml")),
            h.style[Markup(style)],  # noqa: S704 - a file of ours
            h.script[Markup(script)],  # noqa: S704 - a file of ours
        ],
        h.body[
            (_language(text(language), made) for language in LANGUAGES),
            h.script("#known", type="application/json")[_json(_known(made))],
        ],
    ]
    return str(document)


# ---------------------------------------------------------------------------------------------- one language
def _language(t: Text, made: dt.date) -> h.Element:
    other: Language = "en" if t.language == "fa" else "fa"
    day = format_jalali(made, t.language, long=True)
    return h.div(".locale", lang=t.language, dir=t.direction)[
        h.header[
            h.div(".bar")[
                h.div(".name")[_mark(), h.h1[t("offline.title"), h.small[t("app.name")]]],
                h.button(".language", type="button", lang=other, data_language=other)[
                    text(other)("app.language")
                ],
            ],
            h.p(".made")[t("offline.made", day=day)],
            h.div(".find")[
                h.input(
                    ".search",
                    type="search",
                    autocomplete="off",
                    enterkeyhint="search",
                    aria_label=t("offline.search"),
                    placeholder=t("offline.search"),
                ),
                h.a(
                    ".sos",
                    href=f"tel:{EMERGENCY_NUMBER}",
                    aria_label=t("dealers.call", phone=t("app.emergency_number")),
                )[h.bdi(dir="ltr")[t("app.emergency_number")]],
            ],
        ],
        h.main[
            h.div(".warn", role="alert", hidden=True, data_warn="old")[
                h.b[t("offline.old")], " ", h.span(data_text=t("offline.old_line", day=day, days="{days}"))
            ],
            h.div(".warn", role="alert", hidden=True, data_warn="clock")[
                h.b[t("offline.clock")], " ", t("offline.clock_line", day=day)
            ],
            h.nav(aria_label=t("offline.title"))[
                (h.a(href=f"#{_id(name, t)}", data_to=name)[t(f"offline.{name}")] for name in SECTIONS)
            ],
            h.p(".found", role="status"),
            (
                h.section(id=_id(name, t), data_section=name, aria_label=t(f"offline.{name}"))[make(t)]
                for name, make in SECTIONS.items()
            ),
        ],
        h.footer[
            h.h2[t("offline.editions")],
            h.ul(".know")[_editions(t)],
            h.p[t("offline.made", day=day), " ", t("offline.renew")],
            h.p[t("app.basis")],
        ],
    ]


def _id(section: str, t: Text) -> str:
    return section if t.language == "fa" else f"{section}-{t.language}"


def _mark() -> Markup:
    """The app's mark, drawn in the file."""
    drawn = read_asset("frame/icon.svg").replace("<svg ", '<svg aria-hidden="true" ', 1)
    return Markup(drawn)  # noqa: S704 - a file of ours


def _editions(t: Text) -> h.Node:
    """The edition of each document that was read, and from when it holds."""
    found = []
    for document in DOCUMENTS:
        for folder in editions(document):
            each = folder.edition
            if each.valid_to is None:
                start = each.valid_from and format_jalali(each.valid_from, t.language, long=True)
                said = t("offline.holds_from", day=start) if start else ""
                found.append(h.li(data_edition=f"{document}/{each.id}")[each.title[t.language], " ", said])
    return found


# ---------------------------------------------------------------------------------------------- its script
def _known(made: dt.date) -> dict[str, object]:
    """All that the script is told."""
    booklet = card_tables()
    return {
        "made": made.isoformat(),
        "edition": booklet.edition if booklet else None,
        "stale_after_days": STALE_AFTER_DAYS,
        "max_km": MAX_KM,
        "levels": [*Level],
        "normalisation": {"same": EQUIVALENT_CHARACTERS, "ignored": IGNORED},
        "say": {language: service.script_texts(text(language)) for language in LANGUAGES},
        **service.lookup_data(),
    }


def _json(value: object) -> Markup:
    """JSON that no text in it can end."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704


def _data_url(file: Path, kind: str) -> str:
    return f"data:{kind};base64,{b64encode(file.read_bytes()).decode()}"


def _hash(inline: str) -> str:
    """How the policy names the one script and the one style that may run."""
    return f"sha256-{b64encode(hashlib.sha256(inline.encode()).digest()).decode()}"
