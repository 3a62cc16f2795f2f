"""Every package that is shipped with the app has a licence that allows redistribution."""

import json
import re
import subprocess
import sys

from tests.support.paths import ROOT

ALLOWED = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|Unlicense|CC0|Zlib|0BSD|HPND|"
    r"MPL|Mozilla|LGPL|OFL|Public Domain|The Unlicense",
    re.IGNORECASE,
)


def test_every_package_of_the_app_has_a_redistributable_licence() -> None:
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    command = ["-m", "piplicenses", "--format=json", "--packages", *pinned]
    result = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True)
    licences = {package["Name"]: package["License"] for package in json.loads(result.stdout)}
    assert len(licences) > 50
    wrong = {
        name: licence
        for name, licence in licences.items()
        if not all(ALLOWED.search(part) for part in re.split(r";| AND ", licence))
    }
    assert wrong == {}
