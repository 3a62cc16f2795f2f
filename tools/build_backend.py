"""The build backend of pyproject.toml: `pip install -e .` and nothing else.

The app reads data/, ui/static/ and .streamlit/ from its checkout. A wheel would leave them out, so building
one fails instead of producing a package that does not start.
"""

from typing import NoReturn

from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    prepare_metadata_for_build_editable,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "prepare_metadata_for_build_editable",
]


def build_wheel(*_arguments: object, **_settings: object) -> NoReturn:
    """Refuse to build a wheel."""
    raise SystemExit("Khodroyar runs from its checkout: install it with `pip install -e .`")


build_sdist = build_wheel
