"""The HTML fragments of a page, in an element that the stylesheet can address."""

import htpy as h


def markup(*parts: h.Node) -> str:
    """Return elements as HTML, inside the element to which ui/styles/ applies its text styles."""
    return str(h.div(".kh-html")[parts])
