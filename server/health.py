"""Health checks: whether the server is alive, and whether its data can be used."""

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
    """Read every data file and import every calculator. Raises DataError with file, line and column."""
    calculators()
    tables.check()
    traced_clauses()
    prices()
    for kind in get_args(SynonymKind):
        synonyms(kind)
    amount_words()
    renames("links")


def healthz(_request: Request) -> PlainTextResponse:
    """Answer that the event loop is running; read no data."""
    return PlainTextResponse("ok\n")


def readyz(_request: Request) -> JSONResponse:
    """Answer with the editions and their days, or with 503 and the error if a data file is invalid."""
    try:
        check()
        editions = [
            {
                "document": document,
                "edition": edition.id,
                "from": edition.valid_from and to_jalali(edition.valid_from),
                "to": edition.valid_to and to_jalali(edition.valid_to),
            }
            for document in tables.documents()
            for edition in (folder.edition for folder in tables.editions(document))
        ]
    except DataError as error:
        return JSONResponse({"ready": False, "problem": str(error)}, status_code=503)
    return JSONResponse({"ready": True, "calculators": len(calculators()), "editions": editions})
