"""Paths and texts of the interface's scripts, styles, markup and fonts."""

from importlib.resources import files
from pathlib import Path

from logic.datasets.dataset import SHIPPED, data_dir

UI = Path(__file__).parent
STATIC = UI / "static"
"""What `make assets` fetches from npm: Vazirmatn and Swagger UI. The app runs without it."""
SWAGGER = ("swagger/swagger-ui-bundle.js", "swagger/swagger-ui.css")
PDF_FONTS = {"": "Vazirmatn-Regular.ttf", "B": "Vazirmatn-Bold.ttf"}
"""The fonts of PDF files, by style."""
WEB_FONT = "vazirmatn.woff2"
SUBSTITUTE_PDF_FONTS = {"": "Amiri-Regular.ttf", "B": "Amiri-Bold.ttf"}
LEAFLET = Path(str(files("js_lib_leaflet") / "static" / "js_lib_leaflet"))
PROVINCES_PATH = "app/static/provinces.geojson"
"""Where the app serves the outlines of the provinces."""
ICON = UI / "frame" / "icon.svg"


def is_fetched(*names: str) -> bool:
    """Return whether ``ui/static/`` has these files."""
    return all((STATIC / name).is_file() for name in names)


def provinces_file() -> Path:
    """Return the outlines of the provinces in the data folder, or those of the app if it has none."""
    file, shipped = (folder / "places" / "iran_provinces.geojson" for folder in (data_dir(), SHIPPED))
    return file if file.is_file() else shipped


def pdf_fonts() -> dict[str, Path]:
    """Return the font file of each style: Vazirmatn, or Amiri from a Python package."""
    if is_fetched(*PDF_FONTS.values()):
        return {style: STATIC / name for style, name in PDF_FONTS.items()}
    folder = Path(str(files("fontpkg_amiri") / "files"))
    return {style: folder / name for style, name in SUBSTITUTE_PDF_FONTS.items()}


def read_asset(path: str) -> str:
    """Return the text of a file in ``ui/``."""
    return (UI / path).read_text(encoding="utf-8").strip()
