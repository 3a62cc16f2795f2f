"""Find the uses of Streamlit's internals in stylesheets, scripts, Python and settings."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from streamlit import config

from tests.support.paths import ROOT
from ui.frame.page import STREAMLIT_LABELS


class Use(NamedTuple):
    """An internal of Streamlit, and a file that uses it."""

    kind: str
    name: str
    file: str


SOURCES = sorted(
    file
    for folder in ("app.py", "ui", "server", "pages", "logic", "tools", "bench", "deploy", "tests")
    for file in [ROOT / folder, *(ROOT / folder).rglob("*")]
    if file.suffix in {".py", ".js", ".css", ".html", ".template", ".yaml"}
    and not file.is_relative_to(ROOT / "ui" / "static")
    and file.stem not in {"test_streamlit_internals", Path(__file__).stem}
)
PATTERNS: Mapping[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    "test id": (
        re.compile(r"""data-testid=\\?["']?([\w-]+)|get_by_test_id\("([\w-]+)"\)"""),
        (".css", ".js", ".py"),
    ),
    "class": (re.compile(r"""(?<=[\s"'(,])(\.st[A-Z]\w*|\.react-aria-\w+)"""), (".css", ".js", ".py")),
    "state": (re.compile(r"dataset\.(test[A-Z]\w+)|(data-test-[\w-]+-state)"), (".js", ".py")),
    "state value": (re.compile(r"""test\w+State === ["'](\w+)["']"""), (".js", ".py")),
    "window property": (re.compile(r"\b(__streamlit|BACKEND_BASE_URL)\b"), (".js",)),
    "font": (re.compile(r'"(Material Symbols \w+)"'), (".css",)),
    "element id": (re.compile(r"(#root)\b"), (".css", ".js")),
    "address": (re.compile(r"(_stcore/[a-z_-]+)\b"), (".py", ".template", ".yaml")),
    "cookie": (re.compile(r"(?<![a-z])(_streamlit_\w+)\b"), (".py", ".template")),
    "widget id": (re.compile(r"(\$\$STREAMLIT_INTERNAL_KEY)"), (".py",)),
    "logger": (re.compile(r'getLogger\("(streamlit[.\w]+)"\)'), (".py",)),
    "text": (re.compile(r'aria-label="(Close)"|includes\("([^"]*Streamlit[^"]*)"\)'), (".css", ".js")),
    "first page": (re.compile(r"""r?["'](<html lang=|<title>|</body>)"""), ("html_shell.py",)),
}
"""The pattern of each kind of use, and the files to search."""
PUBLIC_MODULES = ("streamlit.testing.v1", "streamlit.components.v2")
SCRIPT_RUN_CONTEXT = "streamlit.runtime.scriptrunner_utils.script_run_context.ScriptRunContext"
UPLOADS = "streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager"
OWNERS: Mapping[str, tuple[str, ...]] = {
    "_cache": ("streamlit.runtime.memory_session_storage.MemorySessionStorage",),
    "_session_mgr": ("streamlit.runtime.Runtime",),
    "_session_storage": ("streamlit.runtime.websocket_session_manager.WebsocketSessionManager",),
    "close_session": ("streamlit.runtime.Runtime",),
    "data": ("streamlit.runtime.uploaded_file_manager.UploadedFileRec",),
    "expire": ("streamlit.runtime.caching.ttl_cache.TTLCache",),
    "file_storage": (UPLOADS,),
    "get_instance": ("streamlit.runtime",),
    "is_active_session": ("streamlit.runtime.Runtime",),
    "remove_session_files": (UPLOADS,),
    "session": ("streamlit.runtime.session_manager.SessionInfo",),
    "session_id": (SCRIPT_RUN_CONTEXT,),
    "session_state": ("streamlit.runtime.app_session.AppSession",),
    "shutdown": ("streamlit.runtime.app_session.AppSession",),
    "uploaded_file_mgr": ("streamlit.runtime.Runtime", SCRIPT_RUN_CONTEXT),
}
"""The modules and classes that the attributes in ui/streamlit_internals.py belong to."""
BUILTIN_ATTRIBUTES = {name for builtin in (str, dict, list) for name in dir(builtin)}
INDEPENDENT_STYLES = ("ui/offline_guide/", "ui/map/", "ui/inputs/date_input")
"""Styles of documents and components without elements of Streamlit."""
OWN_ATTRIBUTES = re.compile(
    r"(aria-[\w-]+|class|dir|hidden|href|lang|open|role|type|data-(testid|head|label|all|shown|kh))$"
)
"""Attributes of HTML and of this project in selectors; test ids have their own pattern."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTOR_LIST = re.compile(r"([^{}@;]+)\{")
_STREAMLIT_ELEMENT = re.compile(r"data-testid|data-variant|data-selected|react-aria|st-key-|-actions-|-which")
_STRUCTURE = re.compile(r"[>+~]|:(?:first|last|nth|only)-")


def uses() -> Iterator[Use]:
    """Yield every use."""
    for file in SOURCES:
        source, name = file.read_text(encoding="utf-8"), file.relative_to(ROOT).as_posix()
        for kind, internal in _by_pattern(name, source):
            yield Use(kind, internal, name)
        if file.suffix == ".css" and not name.startswith(INDEPENDENT_STYLES):
            for kind, internal in _in_selectors(source):
                yield Use(kind, internal, name)
        if file.suffix == ".py" and "streamlit" in source:
            for kind, internal in _in_python(name, ast.parse(source)):
                yield Use(kind, internal, name)
    yield from (Use("text", english, "ui/frame/page.py") for english in STREAMLIT_LABELS)
    public_options = config.get_config_options()
    for option in options():
        if option not in public_options or public_options[option].visibility != "visible":
            yield Use("option", option, ".streamlit/config.toml")


def options() -> Iterator[str]:
    """Yield the options that .streamlit/config.toml sets."""

    def names(table: Mapping[str, object], prefix: str = "") -> Iterator[str]:
        for key, value in table.items():
            if isinstance(value, Mapping):
                yield from names(value, f"{prefix}{key}.")
            else:
                yield prefix + key

    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        yield from names(tomllib.load(file))


def _by_pattern(name: str, source: str) -> Iterator[tuple[str, str]]:
    for kind, (pattern, ends) in PATTERNS.items():
        if name.endswith(ends):
            for match in pattern.finditer(source):
                internal = next(filter(None, match.groups()))
                yield kind, _as_attribute(internal) if kind == "state" else internal


def _as_attribute(name: str) -> str:
    """Return the HTML attribute of a property of ``dataset``."""
    return name if "-" in name else "data-" + re.sub("[A-Z]", lambda letter: f"-{letter[0]}", name).lower()


def _in_selectors(css: str) -> Iterator[tuple[str, str]]:
    for selector in selectors(css):
        for attribute in re.findall(r"\[([\w-]+)", selector):
            if not OWN_ATTRIBUTES.match(attribute):
                yield "attribute", attribute
        if _STREAMLIT_ELEMENT.search(selector) and _STRUCTURE.search(re.sub(r"\[[^]]*\]", "[]", selector)):
            yield "markup", without_direction(selector)


def selectors(css: str) -> Iterator[str]:
    """Yield each selector of a stylesheet; a list of selectors is split."""
    for match in _SELECTOR_LIST.finditer(_COMMENT.sub("", css)):
        depth, part = 0, ""
        for character in " ".join(match[1].split()):
            depth += (character in "([") - (character in ")]")
            if character == "," and depth == 0:
                yield part.strip()
                part = ""
            else:
                part += character
        yield part.strip()


def without_direction(selector: str) -> str:
    """Return a selector without its leading direction and trailing pseudo-element, which are ours."""
    return re.sub(r'^html\[dir="\w+"\] |::[\w-]+$', "", selector)


def _in_python(name: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="streamlit", names=names):
                yield from (("Python", f"streamlit.{alias.name}") for alias in names)
            case ast.ImportFrom(module=str(module), names=names) if _is_private(module):
                yield from (("Python", f"{module}.{alias.name}") for alias in names)
            case ast.Import(names=names):
                yield from (("Python", alias.name) for alias in names if _is_private(alias.name))
            case ast.Attribute(attr=attribute) if name == "ui/streamlit_internals.py":
                if attribute not in BUILTIN_ATTRIBUTES:
                    for owner in OWNERS.get(attribute, ("unknown",)):
                        yield "attribute in Python", f"{owner}.{attribute}"


def _is_private(module: str) -> bool:
    return module.startswith("streamlit.") and module not in PUBLIC_MODULES
