"""A PostgreSQL server of a test's own, in a temporary folder, with a database and a login for each
service. A machine without PostgreSQL fails these tests; it does not skip them."""
import pathlib
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "script"))

from baedal_cluster import ports  # noqa: E402,F401 pylint: disable=wrong-import-position,unused-import
from baedal_cluster.postgres import ADMIN, Postgres  # noqa: E402 pylint: disable=wrong-import-position


class PostgresServer(Postgres):
    """Started by `with`; gone, with all its files, at the end."""

    def __init__(self, *settings):
        super().__init__(pathlib.Path(tempfile.mkdtemp(prefix="baedal-pg-")) / "postgres", settings)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.remove()
        shutil.rmtree(self.folder.parent, ignore_errors=True)

    @classmethod
    def at(cls, folder):
        """The server another process started on that folder, to be used but not ended."""
        server = Postgres.__new__(cls)
        Postgres.__init__(server, folder)
        server.port = int((server.home / "port").read_text())
        return server

    def sql(self, text, database="postgres"):
        """Runs SQL as the administrator; gives what psql prints."""
        return self.psql(database, text).strip()

    def password(self, login):
        return (self.secrets / f"{login}.pgpass").read_text(encoding="ascii").strip().rsplit(":", 1)[1]

    def url(self, login, schema):
        """With the password in it. The schema is the login's own in its database."""
        return (f"postgresql://{login}:{self.password(login)}@127.0.0.1:{self.port}/{login}"
                f"?options=-csearch_path%3D{schema}")

    def make_schema(self, name, login):
        self.sql(f'CREATE SCHEMA IF NOT EXISTS "{name}" AUTHORIZATION "{login}"', login)

    def cut_all(self):
        """Ends every session but our own."""
        self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> '{ADMIN}'")
