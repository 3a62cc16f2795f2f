"""What the app is shipped with may be shipped: every package that it imports has a licence that allows it."""

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


def test_every_package_of_the_app_has_a_licence_that_allows_to_ship_it() -> None:
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    command = ["-m", "piplicenses", "--format=json", "--packages", *pinned]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True)
    found = {each["Name"]: each["License"] for each in json.loads(done.stdout)}
    assert len(found) > 50
    wrong = {
        name: licence
        for name, licence in found.items()
        if not all(ALLOWED.search(part) for part in re.split(r";| AND ", licence))
    }
    assert wrong == {}
