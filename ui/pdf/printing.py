"""Print a sheet as PDF."""

import importlib

from ui.pdf.content import PrintableAnswer


def print_pdf(sheet: PrintableAnswer) -> bytes:
    """Return a sheet as PDF. The layout is imported here, because that is slow and few visits print."""
    file: bytes = importlib.import_module("ui.pdf.layout").pdf(sheet)
    return file
