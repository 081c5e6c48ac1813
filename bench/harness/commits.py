"""What one group commit costs at least: SQLite in WAL mode with synchronous=FULL, alone."""
import sqlite3
import time

from harness.machine import percentile

ROWS = 1000


def commit_p50_seconds(folder, count):
    """A changed row, its event and its once-key in one transaction, synced; as a service's commit does it,
    without any thread between."""
    path = folder / "commits.db"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.executescript("""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE TABLE rows (id INTEGER PRIMARY KEY, status TEXT NOT NULL, version INTEGER NOT NULL);
            CREATE TABLE outbox (seq INTEGER PRIMARY KEY, data TEXT NOT NULL);
            CREATE TABLE once_keys (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, answer BLOB NOT NULL);""")
        database.execute("BEGIN")
        database.executemany("INSERT INTO rows VALUES (?, 'ordered', 1)", ((row,) for row in range(ROWS)))
        database.execute("COMMIT")
        took = []
        for number in range(count):
            begin = time.perf_counter()
            database.execute("BEGIN IMMEDIATE")
            database.execute("UPDATE rows SET status = 'cancel', version = 2 WHERE id = ?", (number % ROWS,))
            database.execute("INSERT INTO outbox (data) VALUES (?)", ("x" * 300,))
            database.execute("INSERT INTO once_keys (key, answer) VALUES (?, ?)", (f"key-{number}", b"x" * 40))
            database.execute("COMMIT")
            took.append(time.perf_counter() - begin)
    finally:
        database.close()
    return percentile(took, 0.5)
