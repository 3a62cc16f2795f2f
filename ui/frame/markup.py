"""Our own HTML on a page, as one piece that the stylesheet can address."""

import htpy as h


def markup(*parts: h.Node) -> str:
    """Return elements inside the element that ui/styles/ gives its type, lists and tables."""
    return str(h.div(".kh-html")[parts])
