"""The verdict of script/soak finds what grows, and its picture is drawn of what was seen."""
import copy
import pathlib
import sys
import xml.etree.ElementTree

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "script"))

from baedal_soak import chart, verdict  # noqa: E402 pylint: disable=wrong-import-position


def process(memory=100 << 20, descriptors=40, threads=12):
    return {"memory": memory, "descriptors": descriptors, "threads": threads}


FLAT = {"rate": 100.0, "restarts": 12, "orders": 12000, "taken": "2026-11-23", "slices": [
    {"at": 10.0 * number, "load": {"good": 1000, "bad": 0, "latency": {"p50": 900.0, "p99": 4000.0, "max": 9000.0}},
     "restarts": number, "processes": {"gateway": process(), "order-1": process(), "order-2": process()}}
    for number in range(1, 13)]}


def test_what_is_flat_has_no_complaint_and_a_picture():
    assert verdict.of(FLAT) == []
    xml.etree.ElementTree.fromstring(chart.drawn(FLAT))


@pytest.mark.parametrize("gauge", ["memory", "descriptors", "threads"])
def test_what_grows_is_named(gauge):
    grown = copy.deepcopy(FLAT)
    for number, part in enumerate(grown["slices"]):
        for name in ("order-1", "order-2"):
            part["processes"][name][gauge] *= 1 + number / 10
    assert any(complaint.startswith(f"{gauge} of order grew") for complaint in verdict.of(grown))


def test_failed_orders_slow_answers_and_a_short_run_are_named():
    slow, failed, short, late = (copy.deepcopy(FLAT) for _ in range(4))
    late["slices"][5]["load"]["unsent"] = 600
    for part in slow["slices"][-4:]:
        part["load"]["latency"]["p99"] *= 3
    failed["slices"][3]["load"]["bad"] = 2
    short["slices"] = short["slices"][:3]
    assert any("p99 grew" in complaint for complaint in verdict.of(slow))
    assert verdict.of(failed) == ["40 s: 2 orders failed"]
    assert verdict.of(late) == ["600 orders of 12600 found no free connection: half the capacity was not held"]
    assert any("too few" in complaint for complaint in verdict.of(short))
