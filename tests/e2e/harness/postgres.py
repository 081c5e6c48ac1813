"""A PostgreSQL server of a test's own: a fresh cluster in a temporary folder, on a free port of
127.0.0.1. Programs come in by TCP with a password; the test itself by the server's socket.

A machine without PostgreSQL fails these tests; it does not skip them.
"""
import os
import pathlib
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
USER = "postgres"


class PostgresServer:
    """Started by `with`; gone, with all its files, at the end."""

    def __init__(self, *settings):
        """`settings` as postgresql.conf has them: "fsync=off"."""
        self.settings = settings
        self.folder = None
        self.port = None
        self.password = "pw-" + secrets.token_hex(12)  # of every login

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baedal-pg-"))
        if os.getuid() == 0:  # initdb and the server refuse to be root
            user = pwd.getpwnam(USER)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", self.folder / "data", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8",
                  "--auth-local=trust", "--auth-host=scram-sha-256", "-N")
        self.port = _free_port()
        self.start()
        return self

    def __exit__(self, *_):
        self.stop(check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self):
        """In one word, for another process of the same test."""
        return f"{self.folder}:{self.port}:{self.password}"

    @classmethod
    def at(cls, address):
        """The server another process started."""
        server = cls()
        folder, port, server.password = address.split(":")
        server.folder, server.port = pathlib.Path(folder), int(port)
        return server

    def start(self):
        """Gives back when it takes connections."""
        options = ["listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}",
                   "max_connections=300", *self.settings]
        self._run("pg_ctl", "start", "-w", "-t", "60", "-D", self.folder / "data", "-l", self.folder / "log",
                  "-o", f"-p {self.port} " + " ".join(f"-c {option}" for option in options))

    def stop(self, mode="immediate", check=True):
        """"immediate": as in a crash, every connection is cut; "fast": a tidy end."""
        self._run("pg_ctl", "stop", "-w", "-m", mode, "-D", self.folder / "data", check=check)

    def sql(self, text, database="postgres"):
        """Runs SQL as the superuser; gives what psql prints, without decoration."""
        done = subprocess.run(
            ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-p", str(self.port),
             "-U", USER, "-d", database],
            input=text, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"psql refuses {text}: {done.stderr}"
        return done.stdout.strip()

    def make_login(self, name):
        self.sql(f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{self.password}'")

    def make_databases(self, owners):
        """Makes those databases that are not there yet; `owners` maps a database to its login."""
        there = set(self.sql("SELECT datname FROM pg_database").split())
        self.sql("\n".join(f'CREATE DATABASE "{name}" OWNER "{owner}"; REVOKE ALL ON DATABASE "{name}" FROM PUBLIC;'
                           for name, owner in owners.items() if name not in there))

    def make_schemas(self, name, databases):
        """Makes a schema of that name in each of them, unless it is there, for the database's namesake."""
        self.sql("\n".join(f'\\c "{database}"\nCREATE SCHEMA IF NOT EXISTS "{name}" AUTHORIZATION "{database}";'
                           for database in databases))

    def url(self, login, database, schema=None):
        of_schema = f"?options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://{login}:{self.password}@127.0.0.1:{self.port}/{database}{of_schema}"

    def _run(self, program, *arguments, check=True):
        as_user = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
        done = subprocess.run([*as_user, str(PROGRAMS / program), *map(str, arguments)], cwd=self.folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=120, check=False)
        assert not check or done.returncode == 0, f"{program}: {done.stdout}"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
