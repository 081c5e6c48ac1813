"""Up one version of the schema, and back, while customers order: no order is lost, no promise broken.

Method: BAEDAL_NEXT is the same program with one more step for order (two columns, an index) and one for
delivery (a table), marked as working with the version before. BAEDAL_BREAKING has a step without such a
mark. Programs follow each other on one data folder under load, ended by SIGTERM or by kill -9.
"""
import os
import sqlite3
import subprocess

import pytest

from harness import mixtures
from harness.command import command, environment
from harness.invariants import check_everything
from harness.load import Load, check_promises
from harness.postgres import PostgresServer
from harness.server import Server
from harness.waiting import eventually

NOW = command()[0]
NEXT = os.environ.get("BAEDAL_NEXT") or NOW.replace("src/main/baedal", "tests/upgrade/baedal_next")
BREAKING = NEXT.replace("baedal_next", "baedal_breaking")
ENOUGH = 40  # orders of one program that show that it works


class Journey:
    """Programs one after the other on one data folder, each under load, and what was promised."""

    def __init__(self, data, env=None):
        self.server = Server(data, env=env)
        self.ordered, self.cancelled, self.completed = [], [], []
        self.menu = None

    def under(self, program, meanwhile=lambda: None, kill=False):
        """Starts that program, lets clients order, and ends it while they do."""
        self.server.program = program
        api = self.server.start().api
        self.menu = self.menu or api.menu("Gimbab", price=4500)
        with Load(api, self.menu, self.ordered[-50:], seed=len(self.ordered)) as load:
            eventually(lambda: len(load.ordered) > ENOUGH)
            meanwhile()
            before = len(load.ordered)
            eventually(lambda: len(load.ordered) > before + ENOUGH)
            if kill:
                self.server.kill()
            else:
                self.server.stop()
        self.ordered += load.ordered
        self.cancelled += load.cancelled
        self.completed += load.completed

    def check(self, program):
        self.server.program = program
        check_promises(self.server.start().api, self.ordered, self.cancelled, self.completed)
        self.server.stop()


def steps(data):
    database = sqlite3.connect(f"file:{data / 'order.db'}?mode=ro", uri=True)
    rows = database.execute("SELECT number, works_with FROM schema_migrations WHERE component = 'service'").fetchall()
    database.close()
    return rows


@pytest.mark.parametrize("kill", [False, True], ids=["terminated", "killed"])
def test_up_and_back_and_up_again_loses_no_order(tmp_path, kill):
    journey = Journey(tmp_path / "data")
    journey.under(NOW, kill=kill)
    assert steps(tmp_path / "data") == [(1, 1), (2, 2)]
    for program in (NEXT, NOW, NEXT):
        journey.under(program, kill=kill)
    assert steps(tmp_path / "data") == [(1, 1), (2, 2), (3, 2)]
    journey.check(NOW)


def test_on_postgresql_the_schema_goes_first_while_the_old_program_serves(tmp_path):
    with PostgresServer() as postgres:
        mixtures.prepare(postgres)
        env = mixtures.stores("postgres", postgres, tmp_path / "data")
        journey = Journey(tmp_path / "data", env)

        def migrate():
            done = subprocess.run([NEXT, "migrate", "--data", tmp_path / "elsewhere"], env=environment(**env),
                                  capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr

        journey.under(NOW, meanwhile=migrate)
        journey.under(NEXT)
        journey.under(NOW)
        journey.check(NEXT)


def test_a_program_that_does_not_know_a_breaking_step_refuses_and_changes_nothing(tmp_path):
    server = Server(tmp_path / "data", program=BREAKING)
    # The code of this build does not fit the step that was planted: it is applied, and then refused.
    with pytest.raises(AssertionError, match="payments"):
        server.start()
    done = subprocess.run([NOW, "serve", "--port", "0", "--data", str(tmp_path / "data")], capture_output=True,
                          text=True, timeout=60, check=False, env=environment())
    assert done.returncode == 1
    assert "payment.db was written by a newer version" in done.stderr
    assert "step 2" in done.stderr and "restore a backup" in done.stderr


def test_a_backup_of_before_goes_back_where_the_schema_does_not(tmp_path):
    server = Server(tmp_path / "data").start()
    menu = server.api.menu("Gimbab")
    ids = [server.api.order(menu) for _ in range(5)]
    backup = [NOW, "backup", "--to", str(tmp_path / "backup"), "--data", str(tmp_path / "data")]
    subprocess.run(backup, check=True, env=environment(), timeout=60, stdout=subprocess.DEVNULL)
    server.stop()
    with pytest.raises(AssertionError, match="payments"):
        Server(tmp_path / "data", program=BREAKING).start()
    restore = [NOW, "restore", "--from", str(tmp_path / "backup"), "--data", str(tmp_path / "back")]
    subprocess.run(restore, check=True, env=environment(), timeout=60, stdout=subprocess.DEVNULL)
    back = Server(tmp_path / "back").start()
    check_everything(back.api, ids)
    back.stop()
