"""The benchmarks' framework. Method: one benchmark runs for a second on the real program; then what must
not give a number is planted: a wrong answer, a lost order, a machine that others use, an error."""
import argparse
import json
import os
import pathlib
import subprocess
import xml.etree.ElementTree

import pytest

from harness import load, ordering, picture, result, runner
from harness.rounds import Comparison, Goal, Round, Row, Slices, Wrong
from rows import all_rows

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("BAEDAL_BINARY", str(ROOT / "build/release/src/main/baedal"))
MEMBERS = {"row", "work", "peer", "cpu_ratio", "rate_ratio", "min", "max", "rounds", "correct"}


def bench(folder, *arguments):
    """Runs `script/bench`'s program on row `orders`, a round of a second; (exit status, output, JSON)."""
    file = folder / "result.json"
    done = subprocess.run(
        [ROOT / "bench/run", "orders", "--rounds", "1", "--seconds", "1", "--even-if-noisy",
         "--json", file, "--picture", folder / "result.svg", *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False)
    return done.returncode, done.stdout + done.stderr, json.loads(file.read_text(encoding="utf-8"))


def row(rounds, **members):
    return Row(number=99, name="planted", work="work", peer="peer", needs_disk=False,
               measure=lambda given, folder: iter_rounds(rounds), **members)


def iter_rounds(rounds):
    for one in rounds:
        if isinstance(one, Exception):
            raise one
        yield one


def given(rounds=3, even_if_noisy=False):
    return argparse.Namespace(rounds=rounds, seconds=1, foreign_max=0.08, even_if_noisy=even_if_noisy,
                              dir="/var/tmp")


def one_round(cpu, rate, foreign=0.0):
    return Round({"cpu_ratio": cpu, "rate_ratio": rate}, {"slice": foreign})


def test_a_row_runs_on_the_real_program_and_writes_json_and_a_picture(tmp_path):
    status, printed, lines = bench(tmp_path, "--binary", BINARY)
    assert status == 0, printed
    assert [line["name"] for line in lines] == ["orders", "orders chain"]
    for line in lines:
        assert MEMBERS <= line.keys()
        assert line["correct"] is True and line["rounds"] == 1
        assert line["cpu_ratio"] > 0 and 0 < line["min"] <= line["rate_ratio"] <= line["max"]
    drawn = xml.etree.ElementTree.parse(tmp_path / "result.svg").getroot()
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert "CPU" in printed and "FAIL" not in printed


def test_a_wrong_answer_fails_without_a_number(tmp_path):
    status, printed, lines = bench(tmp_path, "--binary", pathlib.Path(__file__).parent / "wrong_baedal.py")
    assert status == 1
    assert "FAIL: orders: the order is" in printed
    for line in lines:
        assert line["correct"] is False and "the order is" in line["reason"]
        assert line["figures"] == []
        assert all(line[name] is None for name in ("cpu_ratio", "rate_ratio", "min", "max"))


class ForgetfulBaedal:
    """Whatever is posted, it has one order."""

    pid, roles, url = os.getpid(), ("order",), "http://127.0.0.1:9"

    def total(self, _collection):
        return 1

    def has_told_all(self):
        return True

    def parked(self):
        return 0


def test_a_201_without_its_order_is_wrong(monkeypatch):
    monkeypatch.setattr(load, "post_orders", lambda *_: load.Load(10, 10.0, 0.001, 0.002, errors=0))
    forgetful = ForgetfulBaedal()
    with pytest.raises(Wrong, match="10 orders were answered 201, 0 exist"):
        ordering.Orders(forgetful, "orders").slice(Slices([forgetful]), 1)


def test_refused_requests_are_wrong(monkeypatch):
    monkeypatch.setattr(load, "post_orders", lambda *_: load.Load(10, 10.0, 0.001, 0.002, errors=1))
    forgetful = ForgetfulBaedal()
    with pytest.raises(Wrong, match="1 of 10 requests were refused or broken"):
        ordering.Orders(forgetful, "orders").slice(Slices([forgetful]), 1)


def test_the_result_is_the_median_with_least_and_most_beside_the_goals():
    rounds = [one_round(2.0, 0.5), one_round(1.0, 0.9), one_round(1.5, 0.7)]
    line = runner.run_row(row(rounds, cpu_goal=1.6, rate_goal=0.8), given())[0].as_json()
    assert (line["cpu_ratio"], line["rate_ratio"]) == (1.5, 0.7)
    assert (line["min"], line["max"]) == (0.5, 0.9)
    cpu, rate = line["figures"]
    assert cpu == {"figure": "cpu_ratio", "median": 1.5, "min": 1.0, "max": 2.0, "goal": 1.6,
                   "at_least": False, "reached": True}
    assert rate["reached"] is False and rate["at_least"] is True


def test_further_comparisons_and_figures_are_lines_of_their_own():
    rounds = [Round({"p50": 3.0}, {}, also={"far": {"p50": 9.0}})] * 3
    goals = (Goal("p50", 5),)
    planted = row(rounds, goals=goals, also={"far": Comparison("far work", "peer", goals=goals)})
    near, far = (line.as_json() for line in runner.run_row(planted, given()))
    assert (near["name"], far["name"], far["work"]) == ("planted", "planted far", "far work")
    assert (near["cpu_ratio"], near["rate_ratio"], near["min"]) == (None, None, 3.0)
    assert near["figures"][0]["reached"] and not far["figures"][0]["reached"]


def test_rounds_in_which_others_used_the_machine_do_not_count(capsys):
    rounds = [one_round(9.0, 9.0, foreign=0.5), *[one_round(1.0, 1.0)] * 3]
    line = runner.run_row(row(rounds), given())[0]
    assert (line.rounds, line.dropped, line.figure("cpu_ratio").most) == (3, 1, 1.0)
    assert "dropped, others used the machine: 50% in slice" in capsys.readouterr().out


def test_without_enough_quiet_rounds_there_is_no_result():
    line = runner.run_row(row([one_round(1.0, 1.0, foreign=0.5)] * 6), given())[0].as_json()
    assert line["correct"] is True and line["cpu_ratio"] is None
    assert "only 0 quiet rounds of 6" in line["reason"]


def test_noisy_rounds_count_when_asked_to_and_are_said():
    line = runner.run_row(row([one_round(1.0, 1.0, foreign=0.5)] * 3), given(even_if_noisy=True))[0]
    assert (line.rounds, line.noisy) == (3, 3)


@pytest.mark.parametrize("error", [Wrong("a row is missing"), RuntimeError("a row is missing")])
def test_an_error_in_a_late_round_takes_the_numbers_with_it(error):
    line = runner.run_row(row([one_round(1.0, 1.0), error]), given())[0].as_json()
    assert line["correct"] is False and "a row is missing" in line["reason"]
    assert line["figures"] == [] and line["cpu_ratio"] is None


def test_the_picture_has_a_bar_for_each_row_of_the_figure_farthest_from_its_goal():
    rounds = [one_round(2.0, 0.5)] * 3
    missed = runner.run_row(row(rounds, cpu_goal=1.0, rate_goal=0.5), given())
    drawn = picture.draw([line.as_json() for line in missed])
    assert drawn.count("<rect") == 1 and 'class="missed"' in drawn
    assert "CPU 2, goal ≤ 1" in drawn and "rate" not in drawn
    reached = runner.run_row(row(rounds, cpu_goal=3.0, rate_goal=0.5), given())
    assert 'class="reached"' in picture.draw([line.as_json() for line in reached])


def test_the_picture_says_what_failed():
    failed = result.lines_without(row([], cpu_goal=1.0), "a row is missing", correct=False)
    drawn = picture.draw([line.as_json() for line in failed])
    assert ">FAIL<" in drawn and "<rect" not in drawn
    xml.etree.ElementTree.fromstring(drawn)


def test_every_row_says_what_it_measures_beside_what():
    rows = all_rows()
    assert len(rows) == len(list((ROOT / "bench/rows").glob("[!_]*.py")))
    for name, one in rows.items():
        assert one.work and one.peer and callable(one.measure), name
        assert any(comparison.all_goals() for comparison in one.comparisons().values()), name
