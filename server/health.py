"""Whether the server lives, and whether it can answer."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse

from logic.core.amounts import amount_words
from logic.core.errors import DataError
from logic.core.jalali import to_jalali
from logic.core.registry import calculators
from logic.datasets import tables
from logic.datasets.prices import prices
from logic.datasets.renames import renames
from logic.datasets.synonyms import SynonymKind, synonyms
from logic.datasets.traceability import traced_clauses


def check() -> None:
    """Read every data file and find every calculator. Raises DataError with file, line and column."""
    calculators()
    tables.check()
    traced_clauses()
    prices()
    for kind in get_args(SynonymKind):
        synonyms(kind)
    amount_words()
    renames("links")


def healthz(_request: Request) -> PlainTextResponse:
    """Alive: the loop turns. Reads nothing."""
    return PlainTextResponse("ok\n")


def readyz(_request: Request) -> JSONResponse:
    """Ready: every table is read; the editions with their days. 503 with the place of what is damaged."""
    try:
        check()
        found = [
            {
                "document": document,
                "edition": edition.id,
                "from": edition.valid_from and to_jalali(edition.valid_from),
                "to": edition.valid_to and to_jalali(edition.valid_to),
            }
            for document in tables.documents()
            for edition in (folder.edition for folder in tables.editions(document, tables.data_dir()))
        ]
    except DataError as error:
        return JSONResponse({"ready": False, "problem": str(error)}, status_code=503)
    return JSONResponse({"ready": True, "calculators": len(calculators()), "editions": found})
