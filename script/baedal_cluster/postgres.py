"""A PostgreSQL server of our own, with a database and a login for each service, so that no service
can read another's."""
import glob
import os
import pathlib
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile

from . import ports
from .process import ClusterError, die_with_parent, is_root, run, tail, wait_until

ADMIN = "postgres"


class Postgres:
    """One server on a folder. start() after stop() or kill() goes on with the same data."""

    def __init__(self, folder, settings=()):
        """`settings` go before our own, as in postgresql.conf: "fsync=off"."""
        self.folder = pathlib.Path(folder)  # may be a link: see _give_to_user()
        self.settings = settings
        self.secrets = self.folder.parent / "secrets"
        self.process = None
        self.port = 0
        self._user = pwd.getpwnam("postgres") if is_root() else None

    def start(self):
        self.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (self.home / "data" / "PG_VERSION").exists():
            self._make()
        self._end_leftover()
        if not self.port:
            self.port = ports.take(self._port_before())
            (self.home / "port").write_text(str(self.port))
        with open(self.home / "log", "ab") as log:
            self.process = subprocess.Popen(
                [_program("postgres"), "-D", str(self.home / "data"), "-p", str(self.port),
                 *(word for setting in self.settings for word in ("-c", setting)), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                 "-c", "max_connections=200", "-c", "shared_buffers=64MB",
                 "-c", "password_encryption=scram-sha-256", "-c", "timezone=UTC"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home,
                start_new_session=True, preexec_fn=die_with_parent, **self._as_user())
        wait_until(self._answers, 60, "PostgreSQL does not come up")
        return self

    def stop(self, immediate=False):
        """Ends it: connections are cut, what was committed stays."""
        self._signal(signal.SIGQUIT if immediate else signal.SIGINT)

    def kill(self):
        """As a crash: the server and all its sessions at once."""
        if self.running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def home(self):
        """The folder itself."""
        return self.folder.resolve()

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def database(self, name):
        """Makes a database and a login of that name, once; gives the URL. The password is in the
        file that environment() names, never in the URL."""
        password_file = self.secrets / f"{name}.pgpass"
        if not password_file.exists():
            password = secrets.token_urlsafe(24)
            exists = self.psql("postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'").strip()
            self.psql("postgres", f'{"ALTER" if exists else "CREATE"} ROLE "{name}" LOGIN PASSWORD \'{password}\'')
            if not self.psql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip():
                self.psql("postgres", f'CREATE DATABASE "{name}" OWNER "{name}"')
            self.psql("postgres", f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
            _write_secret(password_file, f"127.0.0.1:*:{name}:{name}:{password}\n")
        return f"postgresql://{name}@127.0.0.1:{self.port}/{name}"

    def environment(self, name):
        """What a client needs in its environment to log in as `name`."""
        return {"PGPASSFILE": str(self.secrets / f"{name}.pgpass")}

    def psql(self, database, sql, user=ADMIN):
        """What psql prints for one statement: columns parted by |, no heading."""
        return run(["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", self.port,
                    "-U", user, "-d", database, "-c", sql],
                   env=os.environ | self.environment(user))

    def remove(self):
        """Stops it and removes its data."""
        if self.running:
            self.stop(immediate=True)
        shutil.rmtree(self.home, ignore_errors=True)
        if self.folder.is_symlink():
            self.folder.unlink()

    def _make(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self._give_to_user()
        password = secrets.token_urlsafe(24)
        for service in self.secrets.glob("*.pgpass"):
            service.unlink()
        _write_secret(self.secrets / f"{ADMIN}.pgpass", f"127.0.0.1:*:*:{ADMIN}:{password}\n")
        password_file = self.home / "password"
        _write_secret(password_file, password + "\n", self._user)
        try:
            run([_program("initdb"), "-D", str(self.home / "data"), "-U", ADMIN, "-A", "scram-sha-256",
                 "--pwfile", password_file, "-E", "UTF8", "--no-locale"],
                cwd=self.home, **self._as_user())
        finally:
            password_file.unlink()
        # A login may enter the database of its own name only.
        with open(self.home / "data" / "pg_hba.conf", "w", encoding="ascii") as rules:
            rules.write(f"host all {ADMIN} 127.0.0.1/32 scram-sha-256\n"
                        "host sameuser all 127.0.0.1/32 scram-sha-256\n")

    def _give_to_user(self):
        """PostgreSQL refuses to run as root. Where its own user cannot reach the folder, as below
        /root, the folder becomes a link to one that it can."""
        if not self._user:
            return
        os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        if subprocess.run(["test", "-w", str(self.folder)], check=False, **self._as_user()).returncode == 0:
            return
        elsewhere = tempfile.mkdtemp(prefix="baedal-postgres-", dir="/var/tmp")
        os.chown(elsewhere, self._user.pw_uid, self._user.pw_gid)
        self.folder.rmdir()
        self.folder.symlink_to(elsewhere)

    def _as_user(self):
        if not self._user:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _answers(self):
        if not self.running:
            raise ClusterError(f"PostgreSQL does not come up:\n{tail(self.home / 'log')}")
        ready = subprocess.run(["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False)
        return ready.returncode == 0

    def _signal(self, number):
        if self.running:
            self.process.send_signal(number)
            self.process.wait(timeout=60)

    def _port_before(self):
        file = self.home / "port"
        return int(file.read_text()) if file.exists() else None

    def _end_leftover(self):
        """A server that outlived a killed supervisor."""
        if not self.running and (self.home / "data" / "postmaster.pid").exists():
            subprocess.run([_program("pg_ctl"), "stop", "-w", "-m", "fast", "-D", str(self.home / "data")],
                           capture_output=True, check=False, cwd=self.home, **self._as_user())


def _write_secret(path, text, owner=None):
    """Readable by its owner only, from its first moment."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    if owner:
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _program(name):
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4]))
    path = found[-1] if found else shutil.which(name)
    if not path:
        raise ClusterError(f"There is no {name}: install postgresql (script/bootstrap cluster).")
    return path
