"""A PostgreSQL of the benchmark's own, with Debian's settings: as a store, and under pgbench as a peer."""
import glob
import os
import re
import shutil
import signal
import subprocess
import time

from harness.load import Load
from harness.process import FILES, ROOT, START_SECONDS_MAX, Server, free_port

TABLES = (ROOT / "src/services/order/migrations/0001_orders.sql", FILES / "peer_schema.sql")


class Postgres(Server):
    """A fresh cluster; database `postgres` and user `bench` without a password."""

    stop_signal = signal.SIGINT  # its fast shutdown; SIGTERM would wait for clients

    def __init__(self, folder):
        super().__init__(folder)
        versions = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[4]))
        self.bin = versions[-1] if versions else os.path.dirname(shutil.which("postgres") or "")
        # PostgreSQL refuses to run as root.
        self.options = {"cwd": self.folder}
        if os.getuid() == 0:
            self.options |= {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")

    def start(self):
        data = self.folder / "data"
        self.port = free_port()
        self.run("initdb", "-D", data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-locale")
        self.spawn(self._command("postgres", "-D", data, "-k", self.folder, "-p", self.port,
                                 "-c", "listen_addresses=127.0.0.1", "-c", "synchronous_commit=on",
                                 "-c", "fsync=on"), **self.options)
        self._await_ready()
        return self

    def database_url(self, database="postgres"):
        """As Baedal's `*.store` settings take it."""
        return f"postgresql://bench@127.0.0.1:{self.port}/{database}"

    def run(self, program, *arguments, timeout=60):
        """Runs one of PostgreSQL's programs; gives what it printed."""
        done = subprocess.run(self._command(program, *arguments), timeout=timeout, capture_output=True,
                              text=True, check=False, stdin=subprocess.DEVNULL, **self.options)
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stderr[-2000:]}")
        return done.stdout

    def sql(self, text, database="postgres"):
        """Runs SQL; gives the cells of the answer, a line for each row."""
        return self.run("psql", *self._as_client(), "-qAt", "-v", "ON_ERROR_STOP=1", "-c", text, database)

    def count(self, table, database="postgres"):
        return int(self.sql(f"SELECT count(*) FROM {table}", database))

    def _as_client(self):
        return "-h", self.folder, "-p", self.port, "-U", "bench"

    def _command(self, program, *arguments):
        return [f"{self.bin}/{program}", *map(str, arguments)]

    def _await_ready(self):
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end and self.process.poll() is None:
            ready = subprocess.run(self._command("pg_isready", "-q", *self._as_client()), check=False,
                                   timeout=10, stdin=subprocess.DEVNULL, **self.options)
            if ready.returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("postgres does not start: " + self.log())


class Pgbench:
    """The two inserts of an order under pgbench, in a database of their own of that server."""

    def __init__(self, postgres, database="pgbench"):
        self.postgres, self.database = postgres, database
        self.script = postgres.folder / "place_order.sql"
        postgres.sql(f"CREATE DATABASE {database}")
        for file in TABLES:
            postgres.sql(file.read_text(encoding="utf-8"), database)
        shutil.copy(FILES / "place_order.sql", self.script)
        os.chmod(self.script, 0o644)  # the other user may not read the checkout

    def transactions(self, seconds, clients=32, threads=2):
        """So many seconds of transactions, as a Load without latencies."""
        printed = self.postgres.run(
            "pgbench", "-n", "-M", "prepared", "-c", clients, "-j", threads, "-T", seconds,
            "-f", self.script, "-h", self.postgres.folder, "-p", self.postgres.port, "-U", "bench",
            self.database, timeout=seconds + 60)
        failed = re.search(r"number of failed transactions: (\d+)", printed)
        if failed and int(failed.group(1)) != 0:
            raise RuntimeError(f"pgbench had {failed.group(1)} failed transactions")
        count = int(re.search(r"number of transactions actually processed: (\d+)", printed).group(1))
        rate = float(re.search(r"^tps = ([\d.]+)", printed, re.M).group(1))
        return Load(requests=count, rate=rate, p50_seconds=None, p99_seconds=None, errors=0)

    def orders(self):
        """(rows of orders, rows of the outbox) there are."""
        return self.postgres.count("orders", self.database), self.postgres.count("outbox", self.database)
