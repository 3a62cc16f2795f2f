"""Make the PDF of an answer."""

import importlib

from ui.pdf.content import PrintableAnswer


def print_pdf(answer: PrintableAnswer) -> bytes:
    """Return an answer as a PDF. The layout is imported here, because that is slow and few visits need it."""
    content: bytes = importlib.import_module("ui.pdf.layout").render_pdf(answer)
    return content
