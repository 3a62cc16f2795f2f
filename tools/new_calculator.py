"""Write the files of a new calculator, which answers at once; what is left to write is marked TODO.

``python -m tools.new_calculator NAME --domain DOMAIN [--document DOCUMENT]``. Exit status: 0 the files were
written, 2 wrong usage or a name that is taken; then no file is changed.
"""

import argparse
import json
import keyword
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template

from logic.core.errors import DataError
from logic.core.jalali import to_jalali
from logic.core.models import EARLIEST_DAY
from logic.datasets.tables import editions

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
TEMPLATES = Path(__file__).parent / "templates"
DOMAINS = {
    "card": ("emdad", "card"),
    "consumer_law": ("bylaw", "rights"),
    "dealers": ("emdad", "places"),
    "sale": ("bylaw", "rights"),
    "service": ("emdad", "care"),
    "tyre": ("iran_tire", "care"),
    "warranty": ("bylaw", "care"),
}
"""The document and the menu of a calculator by its domain: a folder of logic/, pages/ and tests/logic/."""
CALCULATOR_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TEXTS: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
    (TEMPLATES / "texts.toml").read_text("utf-8")
)


def calculator_name(text: str) -> str:
    """Return the name of a calculator. Raises ArgumentTypeError."""
    if not CALCULATOR_NAME.fullmatch(text) or keyword.iskeyword(text):
        problem = f"{text!r} is not a name: write lower-case words and digits, joined by underscores"
        raise argparse.ArgumentTypeError(problem)
    return text


def edited(file: str, *edits: tuple[str, str]) -> Mapping[Path, str]:
    """Return a file with each pattern replaced once. Raises ValueError where one has no match."""
    text = (ROOT / file).read_text("utf-8")
    for pattern, replacement in edits:
        text, count = re.subn(pattern, replacement, text, count=1)
        if not count:
            raise ValueError(f"{file}: nothing matches {pattern!r}; adapt tools/new_calculator.py")
    return {ROOT / file: text}


def at_end_of_table(toml: str, table: str, lines: str) -> str:
    """Add lines to a table of a TOML text. Raises ValueError where there is no such table."""
    head, found, rest = toml.partition(f"\n[{table}]\n")
    if not found:
        raise ValueError(f"there is no table [{table}]")
    body, following, others = rest.partition("\n[")
    space = "\n" if following else ""
    return f"{head}{found}{body.rstrip()}\n{lines}{space}{following.lstrip()}{others}"


def assignments(texts: Mapping[str, str], name: str = "") -> str:
    """Return texts as lines of TOML; ``name`` stands before each key."""
    return "".join(f'{name}{key} = "{text}"\n' for key, text in texts.items())


def texts(name: str) -> Iterator[tuple[Path, str]]:
    """Return the interface texts with those of the calculator and its page, by file."""
    for language, tables in TEXTS.items():
        file = ROOT / "ui" / "l10n" / f"{language}.toml"
        text = file.read_text("utf-8")
        for table in ("calculator", "step"):
            text = at_end_of_table(text, table, assignments(tables[table], name))
        yield file, f"{text}\n[{name}]\n{assignments(tables['page'])}"


def data(name: str, document: str) -> Mapping[Path, str]:
    """Return the calculator's table, clause and label, by file."""
    *older, newest = (folder.path for folder in editions(document, DATA))
    head, clause = "kind,limit_days,clause\n", f"TODO_{name}"
    clauses, labels = newest / "clauses.toml", newest / "labels.toml"
    gist, label = (
        assignments({language: tables["data"][key] for language, tables in TEXTS.items()})
        for key in ("clause", "label")
    )
    named = labels.read_text("utf-8") if labels.exists() else "# What the ids of this edition are called.\n"
    return {
        **{folder / f"{name}.csv": head for folder in older},
        newest / f"{name}.csv": f"{head}TODO,30,{clause}\n",
        clauses: f'{clauses.read_text("utf-8")}\n["{clause}"]\narticle = "TODO"\n{gist}',
        labels: f"{named}\n[{name}_kind.TODO]\n{label}",
    }


def code(name: str, domain: str, document: str) -> Mapping[Path, str]:
    """Return the module, its page, its tests and the modules that list pages, by file."""
    newest = editions(document, DATA)[-1].edition
    values = {
        "name": name,
        "domain": domain,
        "model": "".join(word.capitalize() for word in name.split("_")),
        "document": document,
        "edition": newest.id,
        "day": to_jalali(newest.valid_from or newest.published or EARLIEST_DAY),
    }
    example = {
        "calculator": name,
        "request": {"kind": "TODO", "days": 30, "on": values["day"]},
        "expect": {"within": True, "limit_days": 30},
        "clause": f"{document}.{newest.id}.TODO_{name}",
        "why": "TODO: count the expected values by hand, from the document.",
    }
    examples = ROOT / "tests" / "examples" / f"{document}.jsonl"
    modules = {
        f"logic/{domain}/{name}.py": "calculator",
        f"pages/{domain}/{name}.py": "page",
        f"tests/logic/{domain}/test_{name}.py": "test",
    }
    entry, menu = name.upper(), DOMAINS[domain][1]
    return {
        **{
            ROOT / file: Template((TEMPLATES / f"{template}.txt").read_text("utf-8")).substitute(values)
            for file, template in modules.items()
        },
        examples: f"{examples.read_text('utf-8')}{json.dumps(example)}\n",
        **edited(
            "ui/frame/navigation.py",
            (
                r"(?=SECTIONS: )",
                f'{entry} = PageEntry("{name}", "../pages/{domain}/{name}.py", "calculate")\n',
            ),
            (rf'("{menu}": \([^)]*?),?\s*\)', rf"\1, {entry})"),
            (r"(?s)(\nCALCULATORS_OF_PAGE: .*?)(?=\}  # fmt: skip\n)", rf'\1    {entry}: ("{name}",),\n'),
        ),
        **edited(
            "tests/support/page_run.py",
            (r'(?=\}\n"""The parameters of a link)', f'    "{name}": {{"kind": "TODO", "days": "30"}},\n'),
            (r'(?=\}\n"""A choice of each page)', f'    "{name}": "kind",\n'),
        ),
    }


def refuse_taken(name: str, document: str) -> None:
    """Raise ValueError where the name is taken or the document cannot be cited on every day."""
    for pattern in (
        f"logic/{name}",
        f"logic/*/{name}.py",
        f"pages/*/{name}.py",
        f"tests/logic/*/test_{name}.py",
    ):
        for path in ROOT.glob(pattern):
            raise ValueError(f"{path.relative_to(ROOT)} exists; choose another name")
    if f"\n[{name}]\n" in (ROOT / "ui" / "l10n" / "en.toml").read_text("utf-8"):
        raise ValueError(f"ui/l10n/en.toml has a table [{name}]; choose another name")
    documents = sorted({file.parent.parent.name for file in DATA.glob("*/*/edition.toml")})
    if document not in documents:
        raise ValueError(f"no document is called {document!r}; choose one of: {', '.join(documents)}")
    for folder in editions(document, DATA):
        if not (folder.path / "citations.csv").exists() or "scope" not in folder.citations:
            raise ValueError(
                f"data/{document}/{folder.edition.id}/citations.csv has no key `scope`: add the clause that "
                "says from when the edition is in force; new calculators cite it on a day without an edition"
            )


def main(arguments: list[str] | None = None) -> int:
    """Write the files that the command line asks for and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.new_calculator", description="Add a calculator.")
    parser.add_argument("name", metavar="NAME", type=calculator_name, help="such as key_replacement")
    parser.add_argument("--domain", choices=sorted(DOMAINS), required=True, help="its folder")
    parser.add_argument("--document", help="whose clause it answers; by default the domain's document")
    chosen = parser.parse_args(arguments)
    name, document = chosen.name, chosen.document or DOMAINS[chosen.domain][0]
    try:
        refuse_taken(name, document)
        files = {**dict(texts(name)), **data(name, document), **code(name, chosen.domain, document)}
    except (ValueError, DataError, OSError) as error:
        parser.error(str(error))
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    modules = [str(file) for file in files if file.suffix == ".py"]
    for command in (("check", "--quiet", "--select", "I", "--fix"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *command, *modules], cwd=ROOT, check=True)
    print("Written:", *sorted(str(file.relative_to(ROOT)) for file in files), sep="\n  ")
    print(f"""It answers: echo '{{"kind": "TODO", "days": 30}}' | python -m logic run {name}""")
    print("What is left to write: pytest tests/test_placeholders.py. See docs/add-a-calculator.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
