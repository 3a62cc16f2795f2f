"""Write the files of a new calculator that already answers; the parts to complete are marked TODO.

``python -m tools.new_calculator NAME --domain DOMAIN [--document DOCUMENT]``. Exit status: 0 if the files
were written; 2 for wrong usage or an existing name, and then no file is changed.
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
"""The document and the menu section by domain; a domain is a folder of logic/, pages/ and tests/logic/."""
CALCULATOR_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TEXTS: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
    (TEMPLATES / "texts.toml").read_text("utf-8")
)


def calculator_name(text: str) -> str:
    """Check the name of a calculator and return it. Raises ArgumentTypeError."""
    if not CALCULATOR_NAME.fullmatch(text) or keyword.iskeyword(text):
        problem = f"{text!r} is not a name: write lower-case words and digits, joined by underscores"
        raise argparse.ArgumentTypeError(problem)
    return text


def with_replacements(file: str, *edits: tuple[str, str]) -> Mapping[Path, str]:
    """Return a file with each pattern replaced once. Raises ValueError if a pattern does not match."""
    text = (ROOT / file).read_text("utf-8")
    for pattern, replacement in edits:
        text, count = re.subn(pattern, replacement, text, count=1)
        if not count:
            raise ValueError(f"{file}: nothing matches {pattern!r}; adapt tools/new_calculator.py")
    return {ROOT / file: text}


def append_to_table(toml: str, table: str, lines: str) -> str:
    """Return a TOML text with lines added to a table. Raises ValueError if there is no such table."""
    before, header, rest = toml.partition(f"\n[{table}]\n")
    if not header:
        raise ValueError(f"there is no table [{table}]")
    body, next_header, after = rest.partition("\n[")
    space = "\n" if next_header else ""
    return f"{before}{header}{body.rstrip()}\n{lines}{space}{next_header.lstrip()}{after}"


def toml_lines(texts: Mapping[str, str], name: str = "") -> str:
    """Return texts as lines of TOML; ``name`` is the prefix of each key."""
    return "".join(f'{name}{key} = "{text}"\n' for key, text in texts.items())


def text_files(name: str) -> Iterator[tuple[Path, str]]:
    """Yield the files of interface texts, with the texts of the calculator and its page added."""
    for language, tables in TEXTS.items():
        file = ROOT / "ui" / "l10n" / f"{language}.toml"
        text = file.read_text("utf-8")
        for table in ("calculator", "step"):
            text = append_to_table(text, table, toml_lines(tables[table], name))
        yield file, f"{text}\n[{name}]\n{toml_lines(tables['page'])}"


def data_files(name: str, document: str) -> Mapping[Path, str]:
    """Return the data files with the calculator's table, clause and label."""
    *older, newest = (folder.path for folder in editions(document, DATA))
    header, clause = "kind,limit_days,clause\n", f"TODO_{name}"
    clauses, labels = newest / "clauses.toml", newest / "labels.toml"
    gist, label = (
        toml_lines({language: tables["data"][key] for language, tables in TEXTS.items()})
        for key in ("clause", "label")
    )
    label_text = labels.read_text("utf-8") if labels.exists() else "# The names of the ids of this edition.\n"
    return {
        **{folder / f"{name}.csv": header for folder in older},
        newest / f"{name}.csv": f"{header}TODO,30,{clause}\n",
        clauses: f'{clauses.read_text("utf-8")}\n["{clause}"]\narticle = "TODO"\n{gist}',
        labels: f"{label_text}\n[{name}_kind.TODO]\n{label}",
    }


def code_files(name: str, domain: str, document: str) -> Mapping[Path, str]:
    """Return the module, its page, its tests, the worked examples and the modules that list pages."""
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
        "why": "TODO: calculate the expected values by hand, from the document.",
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
        **with_replacements(
            "ui/frame/navigation.py",
            (
                r"(?=SECTIONS: )",
                f'{entry} = PageEntry("{name}", "../pages/{domain}/{name}.py", "calculate")\n',
            ),
            (rf'("{menu}": \([^)]*?),?\s*\)', rf"\1, {entry})"),
            (r"(?s)(\nCALCULATORS_OF_PAGE: .*?)(?=\}  # fmt: skip\n)", rf'\1    {entry}: ("{name}",),\n'),
        ),
        **with_replacements(
            "tests/support/page_run.py",
            (r'(?=\}\n"""Link parameters with which)', f'    "{name}": {{"kind": "TODO", "days": "30"}},\n'),
            (r'(?=\}\n"""A choice field of each page)', f'    "{name}": "kind",\n'),
        ),
    }


def refuse_taken(name: str, document: str) -> None:
    """Raise ValueError if the name exists or an edition of the document has no scope clause."""
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
    """Write the files of the calculator that the command line names and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.new_calculator", description="Add a calculator.")
    parser.add_argument("name", metavar="NAME", type=calculator_name, help="such as key_replacement")
    parser.add_argument("--domain", choices=sorted(DOMAINS), required=True, help="its folder")
    parser.add_argument("--document", help="the document of its clause; by default that of the domain")
    options = parser.parse_args(arguments)
    name, document = options.name, options.document or DOMAINS[options.domain][0]
    try:
        refuse_taken(name, document)
        files = {
            **dict(text_files(name)),
            **data_files(name, document),
            **code_files(name, options.domain, document),
        }
    except (ValueError, DataError, OSError) as error:
        parser.error(str(error))
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    modules = [str(file) for file in files if file.suffix == ".py"]
    for command in (("check", "--quiet", "--select", "I", "--fix"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *command, *modules], cwd=ROOT, check=True)
    print("Written:", *sorted(str(file.relative_to(ROOT)) for file in files), sep="\n  ")
    print(f"""It answers: echo '{{"kind": "TODO", "days": 30}}' | python -m logic run {name}""")
    print("The parts to complete: pytest tests/test_placeholders.py. See docs/add-a-calculator.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
