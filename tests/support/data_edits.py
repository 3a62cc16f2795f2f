"""Edits of a copy of the data folder: each is a function of the copy's path."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

EMDAD = Path("emdad") / "ssa005_14"
DEALERS = Path("mvm_fx") / "guarantee_booklet" / "dealers.csv"
Edit = Callable[[Path], object]


def replaced(file: Path | str, old: str, new: str) -> Edit:
    """Replace the first occurrence of a text; fail if there is none."""

    def edit(data: Path) -> None:
        text = (data / file).read_text(encoding="utf-8")
        assert old in text
        (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def overwritten(file: Path | str, content: bytes) -> Edit:
    """Replace the whole content of a file."""
    return lambda data: (data / file).write_bytes(content)


def appended(file: Path | str, text: str) -> Edit:
    """Add a text at the end of a file."""

    def edit(data: Path) -> None:
        with (data / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    return edit


def labelled(edition: Path | str, kind: str, name: str) -> Edit:
    """Add the label "New <name>" of an id to an edition."""
    return appended(
        Path(edition) / "labels.toml", f'\n[{kind}.{name}]\nfa = "تازه {name}"\nen = "New {name}"\n'
    )


def prepended(file: Path | str, text: str) -> Edit:
    """Add a text at the start of a file."""
    return lambda data: (data / file).write_bytes(text.encode() + (data / file).read_bytes())


def removed(file: Path | str) -> Edit:
    """Delete a file."""
    return lambda data: (data / file).unlink()


def new_car(data: Path) -> None:
    """Add the car ``dena`` to the card booklet, with service table, engine, gearbox and guarantee."""
    (data / EMDAD / "services" / "dena.csv").write_text(
        "item,10000,20000\nservice_km,10000,20000\nengine_oil,**,**\nspark_plugs,-,***\n", encoding="utf-8"
    )
    for table, row in (
        ("service_tables.csv", "dena,two_and_up,500,1500,p3.6_6,annex_1.ef7,"),
        ("vehicles.csv", "dena,ef7p,dena,annex_1.ef7"),
        ("cars.csv", "dena,dena,ef7p,manual robotised,mvm_fx"),
    ):
        appended(EMDAD / table, f"{row}\n")(data)
    label_texts = {
        "car.dena": ("دنا", "Dena"), "table_name.dena": ("دنا", "Dena"), "engine.ef7p": ("EF7+", "EF7+"),
        "gearbox.robotised": ("رباتیک", "Robotised"),
    }  # fmt: skip
    labels = (f'\n[{key}]\nfa = "{fa}"\nen = "{en}"\n' for key, (fa, en) in label_texts.items())
    appended(EMDAD / "labels.toml", "".join(labels))(data)


NEW_CITY = "khodroabad,خودروآباد,Khodroabad,yazd,32.0,54.0,5,Car Town\n"
"""A row of ``cities.csv``."""
NEW_DEALER = "999,تازه‌کار,Tazekar,mvm,{kind},یزد,خودروآباد,بلوار تازه,035,31234567,03531234567,32.01,54.01,street,0.5,1,\n"
"""A row of ``dealers.csv``, in the new city."""


def with_new_dealer(kind: str = "service") -> Edit:
    """Add the new city and a dealer in it."""

    def edit(data: Path) -> None:
        appended("places/cities.csv", NEW_CITY)(data)
        appended(DEALERS, NEW_DEALER.format(kind=kind))(data)

    return edit


NEXT, LAST_DAY, NEXT_DAY = "next", "1449-12-29", "1450-01-01"
"""The id of an added edition, the last day of the previous one, and the first day of the added one."""


def followed(edition: Path | str) -> Edit:
    """Add a copy of an edition in the folder ``NEXT`` beside it, which holds from ``NEXT_DAY`` on."""

    def edit(data: Path) -> None:
        old, new = data / edition, (data / edition).with_name(NEXT)
        shutil.copytree(old, new)
        settings = (old / "edition.toml").read_text(encoding="utf-8")
        (old / "edition.toml").write_text(f'to = "{LAST_DAY}"\n{settings}', encoding="utf-8")
        next_settings = re.sub(r"(?m)^from = .*\n", "", settings)
        (new / "edition.toml").write_text(f'from = "{NEXT_DAY}"\n{next_settings}', encoding="utf-8")

    return edit
