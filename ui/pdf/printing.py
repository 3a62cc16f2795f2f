"""Print a sheet as PDF."""

import importlib

from ui.pdf.content import FONTS, PrintableAnswer


def pdf_available() -> bool:
    """Return whether the fonts of a sheet are installed; they come with `make`, not with the code."""
    return all(font.is_file() for font in FONTS.values())


def print_pdf(sheet: PrintableAnswer) -> bytes:
    """Return a sheet as PDF. The layout is imported here, because that is slow and few visits print."""
    file: bytes = importlib.import_module("ui.pdf.layout").pdf(sheet)
    return file
