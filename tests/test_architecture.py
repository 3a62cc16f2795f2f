"""Check the structure of the source: the direction of imports, and what belongs into which kind of file."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from tests.support.paths import ROOT
from ui.frame.html_shell import STYLE_FILES

MAY_IMPORT = {
    "logic": {"logic"},
    "ui": {"ui", "logic"},
    "pages": {"ui", "logic"},
    "server": {"server", "ui", "logic"},
    "bench": {"bench", "tools", "server", "ui", "logic"},
    "tools": {"tools", "server", "ui", "logic"},
}
"""The packages of this project that each of them may import."""
PACKAGES = {*MAY_IMPORT, "tests"}
FILES = sorted(file for package in MAY_IMPORT for file in (ROOT / package).rglob("*.py"))
NOT_IN_LOGIC = {"streamlit", "htpy", "folium", "altair", "starlette", "fastapi"}
PRIVATE = re.compile(r"_(?!_)")
WRAPPER = "faults.callback"
CLOCKS = re.compile(r"date\.today\(|datetime\.now\(|time\.time\(")
SCRIPT_OR_STYLE = re.compile(
    r"document\.querySelector|addEventListener|export default function|=>\s*\{|@media\b|[.#][\w-]+\s*\{[\w-]+\s*:"
)


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each imported module with the imported name; an empty name for the module itself."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, "") for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((module, alias.name) for alias in names)


def test_imports_follow_the_layers_and_use_no_private_names() -> None:
    wrong = []
    for file in FILES:
        package = file.relative_to(ROOT).parts[0]
        for module, name in imported(tree_of(file)):
            imported_package = module.partition(".")[0]
            if imported_package in PACKAGES and (
                imported_package not in MAY_IMPORT[package] or PRIVATE.match(name)
            ):
                wrong.append(f"{name_of(file)}: {module} {name}")
    assert wrong == []


def dependencies() -> dict[str, set[str]]:
    """Return the modules of this project that each of them imports."""
    modules = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in FILES}
    return {
        module: {
            dependency
            for origin, name in imported(tree_of(file))
            for dependency in (origin, f"{origin}.{name}")
            if dependency in modules and dependency != module
        }
        for module, file in modules.items()
    }


def test_no_module_imports_itself_through_others() -> None:
    TopologicalSorter(dependencies()).prepare()  # raises CycleError, which names the modules


def test_no_package_of_the_interface_imports_itself_through_others() -> None:
    packages: dict[str, set[str]] = defaultdict(set)
    for module, imported_modules in dependencies().items():
        package, *others = (".".join(name.split(".")[:2]) for name in (module, *imported_modules))
        if package.startswith("ui."):
            packages[package] |= {*others} - {package}
    TopologicalSorter(packages).prepare()  # raises CycleError, which names the packages


def test_no_module_shares_its_name_with_a_folder_beside_it() -> None:
    assert [name_of(file) for file in FILES if file.with_suffix("").is_dir()] == []


def test_every_stylesheet_is_part_of_the_stylesheet_of_the_pages() -> None:
    assert sorted(file.stem for file in (ROOT / "ui" / "styles").glob("*.css")) == sorted(STYLE_FILES)


def test_logic_uses_no_clock_and_no_interface() -> None:
    wrong = [
        name_of(file)
        for file in sorted((ROOT / "logic").rglob("*.py"))
        if {module.partition(".")[0] for module, _ in imported(tree_of(file))} & NOT_IN_LOGIC
        or CLOCKS.search(file.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def is_safe_callback(node: ast.expr, wrapped: set[str]) -> bool:
    """Return whether an error in a callback is reported on the page: see ui/frame/faults.py."""
    match node:
        case ast.Constant() | ast.Lambda(body=ast.Constant()):
            return True  # "ignore", "rerun", None, or a function that does nothing
        case ast.Name(id=name):
            return name in wrapped
        case ast.Call(func=function):
            return ast.unparse(function) == WRAPPER
        case _:
            return False


def test_every_callback_of_a_widget_reports_its_errors() -> None:
    wrong = []
    for file in [*(ROOT / "ui").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        nodes = [*ast.walk(tree_of(file))]
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
        unwrapped = {
            function.name
            for function in functions
            if WRAPPER not in map(ast.unparse, function.decorator_list)
        }
        wrapped = {function.name for function in functions} - unwrapped
        wrong += [
            f"{name_of(file)}:{node.value.lineno}: wrap {ast.unparse(node.value)} with {WRAPPER}"
            for node in nodes
            if isinstance(node, ast.keyword)
            and (node.arg or "").startswith("on_")
            and not is_safe_callback(node.value, wrapped)
        ]
    assert wrong == []


def test_no_python_string_holds_a_script_or_a_style() -> None:
    wrong = [
        f"{name_of(file)}:{node.lineno}"
        for file in [*FILES, ROOT / "app.py"]
        if not file.is_relative_to(ROOT / "tools" / "harness")  # what attackers send
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SCRIPT_OR_STYLE.search(node.value)
    ]
    assert wrong == []
