"""The two peers: nginx with a body in memory, PostgreSQL under pgbench."""
import glob
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
START_SECONDS_MAX = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port, process):
    end = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"{process.args[0]} does not answer")


def stop(process, how=signal.SIGTERM):
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Nginx:
    """Two workers that answer any request with `body` and the headers of an order."""

    def __init__(self, folder, body):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.folder.mkdir()
        quoted = body.replace("\\", "\\\\").replace('"', '\\"').replace("$", "")
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 2; pid {self.folder}/pid; error_log {self.folder}/error.log; {user}
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; etag off;
  client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;
  fastcgi_temp_path {self.folder}/fastcgi; uwsgi_temp_path {self.folder}/uwsgi;
  scgi_temp_path {self.folder}/scgi;
  server {{
    listen 127.0.0.1:{self.port} backlog=1024;
    location / {{
      default_type application/hal+json;
      add_header Location "http://127.0.0.1:{self.port}/orders/100000";
      add_header ETag '"1"';
      return 201 "{quoted}";
    }}
  }}
}}
""", encoding="utf-8")
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["nginx", "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await_port(self.port, self.process)
        return self

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        stop(self.process)


class Postgres:
    """A fresh cluster with Debian's settings, reached through a Unix socket only."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.process = None
        versions = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[4]))
        self.bin = versions[-1] if versions else os.path.dirname(shutil.which("postgres") or "")
        # PostgreSQL refuses to run as root.
        self.options = {"cwd": self.folder, "stdin": subprocess.DEVNULL}
        if os.getuid() == 0:
            self.options |= {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")

    def _command(self, program, *arguments):
        return [f"{self.bin}/{program}", *map(str, arguments)]

    def _run(self, program, *arguments, timeout=60):
        done = subprocess.run(self._command(program, *arguments), timeout=timeout, capture_output=True,
                              text=True, check=False, **self.options)
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stderr[-2000:]}")
        return done.stdout

    def start(self):
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-locale")
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                self._command("postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=",
                              "-c", "synchronous_commit=on", "-c", "fsync=on"),
                stdout=log, stderr=log, **self.options)
        self._await_ready()
        tables = [ROOT / "src/services/order/migrations/0001_orders.sql", HERE / "peer_schema.sql"]
        for number, file in enumerate(tables):
            copy = self.folder / f"schema{number}.sql"  # the other user may not read the checkout
            copy.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
            self._run("psql", "-h", self.folder, "-U", "bench", "-q", "-v", "ON_ERROR_STOP=1", "-f",
                      copy, "postgres")
        shutil.copy(HERE / "place_order.sql", self.folder / "place_order.sql")
        os.chmod(self.folder / "place_order.sql", 0o644)
        return self

    def _await_ready(self):
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end and self.process.poll() is None:
            ready = subprocess.run(self._command("pg_isready", "-q", "-h", self.folder, "-U", "bench"),
                                   check=False, timeout=10, **self.options)
            if ready.returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("postgres does not start: " + (self.folder / "log").read_text()[-2000:])

    def transactions_per_second(self, seconds, clients=32, threads=2):
        printed = self._run("pgbench", "-n", "-M", "prepared", "-c", clients, "-j", threads,
                            "-T", seconds, "-f", self.folder / "place_order.sql",
                            "-h", self.folder, "-U", "bench", "postgres", timeout=seconds + 60)
        failed = re.search(r"number of failed transactions: (\d+)", printed)
        if failed and int(failed.group(1)) != 0:
            raise RuntimeError(f"pgbench had {failed.group(1)} failed transactions")
        count = int(re.search(r"number of transactions actually processed: (\d+)", printed).group(1))
        return float(re.search(r"^tps = ([\d.]+)", printed, re.M).group(1)), count

    @property
    def pid(self):
        """The postmaster: all server processes are below it."""
        return self.process.pid

    def stop(self):
        # SIGTERM would wait for clients; SIGINT is PostgreSQL's fast shutdown.
        stop(self.process, signal.SIGINT)
