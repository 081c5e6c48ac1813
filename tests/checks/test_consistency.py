"""docs/consistency.md names a test for every promise, and each of them exists."""
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "consistency.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`((?:src|tests)/[^`:]+)::(\w+)`", PAGE)
PROMISES = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| promise")]


@pytest.mark.parametrize("file, test", NAMED, ids=[test for _, test in NAMED])
def test_a_named_test_exists(file, test):
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".py"):
        assert re.search(rf"^def {test}\(", text, re.M)
    else:
        assert re.search(rf"^TEST(?:_F|_P)?\(\w+,\s*{test}\)", text, re.M)


@pytest.mark.parametrize("line", PROMISES, ids=lambda line: line[2:40].strip().replace(" ", "_"))
def test_every_promise_names_a_test(line):
    promise, kept, shown = [cell.strip() for cell in line.strip("|").split("|")]
    assert promise and kept and re.search(r"::\w+`", shown)
