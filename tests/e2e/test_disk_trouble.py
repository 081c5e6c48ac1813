"""A full disk gives 503 and recovers when space is back; files that are damaged, newer than the
program, not writable or in use are refused with a sentence that says what to do.

Method: the data folder lies on a small file system of its own where the test may mount one, else a
limit on file sizes (RLIMIT_FSIZE) stands for it; the limit of the running process is then lifted.
"""
import os
import pathlib
import resource
import signal
import subprocess

import pytest

from harness.api import assert_problem
from harness.command import run
from harness.invariants import check_everything
from harness.waiting import eventually

DISK_BYTES = 24 << 20


class SmallDisk:
    """A tmpfs that a ballast file fills."""

    def __init__(self, folder):
        self.folder = folder
        self.ballast = folder / "ballast"

    def fill(self, _server):
        with open(self.ballast, "wb", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        ballast.write(b"\0" * size)
                except OSError:
                    pass

    def free(self, _server):
        self.ballast.unlink()

    def preexec(self):
        pass


class SizeLimit:
    """The same for one who may not mount: no file grows beyond what it is."""

    def __init__(self, folder):
        self.folder = folder

    def fill(self, server):
        largest = max(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (min(largest, 8192), resource.RLIM_INFINITY))

    def free(self, server):
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def preexec(self):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write then fails instead of killing


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", folder], capture_output=True, check=False).returncode == 0
    yield SmallDisk(folder) if mounted else SizeLimit(folder)
    if mounted:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_gives_503_and_recovers_when_space_is_back(launch, small_disk):
    server = launch.prepare(data=small_disk.folder / "data", log=launch.folder / "server.log", preexec=small_disk.preexec)
    server.trouble_allowed = True  # its log may and should complain
    server.start()
    api = server.api
    menu = api.menu("Gimbab", price=100)
    answered = [api.started_order(menu)["orderId"]]

    small_disk.fill(server)

    def refused():
        answer = api.post("/orders", {"menuId": menu})
        if answer.status_code == 201:  # into space that was there already
            answered.append(answer.json()["orderId"])
            return None
        return [answer]  # a Response of 503 counts as false

    [problem] = eventually(refused, seconds_max=60, pause=0)
    assert_problem(problem, 503)
    assert int(problem.headers["Retry-After"]) >= 0
    assert api.read(f"/orders/{answered[0]}")["orderId"] == answered[0], "reading needs no space"
    assert api.get("/actuator/health/liveness").status_code == 200, "a restart would not make space"

    small_disk.free(server)

    def taken():
        answer = api.post("/orders", {"menuId": menu})
        return answer.json()["orderId"] if answer.status_code == 201 else None

    answered.append(eventually(taken, seconds_max=60, pause=0.1))
    check_everything(api, answered)
    server.stop()
    server.start()
    check_everything(server.api, answered)
    server.stop()


def databases(data):
    return sorted(file for file in pathlib.Path(data).rglob("*") if file.is_file() and file.read_bytes()[:15] == b"SQLite format 3")


@pytest.fixture
def stopped(launch):
    """A data folder with something in it, and nobody serving it."""
    server = launch()
    order_id = server.api.started_order(server.api.menu("Gimbab"))["orderId"]
    check_everything(server.api, [order_id])
    server.stop()
    return server.data


def refusal(data):
    """What `serve` says when it refuses to start."""
    done = run("serve", "--port", "0", "--data", data, timeout=30)
    assert done.returncode not in (0, None) and done.returncode > 0, f"{done.returncode}: {done.stderr}"
    return done.stderr


def test_every_damaged_database_is_refused_and_named(stopped):
    files = databases(stopped)
    assert files
    for file in files:
        whole = file.read_bytes()
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        file.write_bytes(b"\x5a" * len(whole))
        said = refusal(stopped)
        assert file.name in said, said
        assert any(word in said.lower() for word in ("damaged", "corrupt", "not a database")), said
        assert any(word in said.lower() for word in ("restore", "backup", "move", "remove")), f"no advice: {said}"
        file.write_bytes(whole)


def test_a_database_of_a_newer_version_is_refused(stopped):
    """Migrations of a newer program: found by the version SQLite keeps, wherever the store keeps it."""
    import sqlite3
    file = databases(stopped)[0]
    with sqlite3.connect(file) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where name like '%migration%' and type='table'")]
        if tables:
            columns = [row[1] for row in database.execute(f"pragma table_info({tables[0]})")]
            number = next(column for column in columns if column in ("version", "number", "id"))
            row = dict(zip(columns, database.execute(f"select * from {tables[0]} limit 1").fetchone()))
            row |= {column: 9999 for column in columns if column in (number, "works_with")}
            database.execute(f"insert into {tables[0]} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values()))
        else:
            database.execute("pragma user_version = 9999")
    database.close()
    said = refusal(stopped)
    assert "newer" in said.lower(), said


def test_two_servers_do_not_share_one_data_folder(launch):
    server = launch()
    said = refusal(server.data)
    assert "in use" in said.lower() or "another" in said.lower() or "lock" in said.lower(), said
    assert server.api.read("/actuator/health")["status"] == "UP"


def test_a_data_folder_that_is_a_file_is_refused(tmp_path):
    file = tmp_path / "not-a-folder"
    file.write_text("x")
    assert "not-a-folder" in refusal(file)
