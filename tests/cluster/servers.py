"""The PostgreSQL server and the Kafka broker that the cluster tests of one build share. ctest starts
them before the first such test and ends them after the last:
  servers.py start DIR | stop DIR"""
import contextlib
import json
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script"))

# pylint: disable=wrong-import-position
from baedal_cluster.kafka import Kafka  # noqa: E402
from baedal_cluster.postgres import Postgres  # noqa: E402


def of(folder):
    """(Kafka, Postgres) that run on the folder, to be used but not ended."""
    folder = pathlib.Path(folder)
    kafka, postgres = Kafka(folder / "kafka"), Postgres(folder / "postgres")
    kafka.port = int((folder / "kafka" / "port").read_text())
    postgres.port = int((folder / "postgres" / "port").read_text())
    return kafka, postgres


def start(folder):
    """Leaves a keeper behind, which ends the servers when it is told to, or after two hours."""
    stop(folder)
    keeper = subprocess.Popen([sys.executable, __file__, "keep", str(folder)], start_new_session=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    line = keeper.stdout.readline().decode()
    if line.strip() != "ready":
        sys.exit(f"the servers do not come up: {line}{keeper.stdout.read().decode()}")
    (folder / "keeper").write_text(json.dumps({"pid": keeper.pid}))


def keep(folder, seconds_max=7200):
    kafka, postgres = Kafka(folder / "kafka"), Postgres(folder / "postgres")
    try:
        postgres.start()
        kafka.start()
        print("ready", flush=True)
        signal.sigtimedwait({signal.SIGTERM, signal.SIGINT}, seconds_max)
    finally:
        kafka.kill()
        postgres.remove()


def stop(folder):
    with contextlib.suppress(OSError, ValueError, KeyError):
        pid = json.loads((folder / "keeper").read_text())["pid"]
        if b"servers.py" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
            subprocess.run(["kill", "-TERM", str(pid)], check=False)
            while pathlib.Path(f"/proc/{pid}").exists():
                time.sleep(0.05)
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    folder.mkdir(parents=True)


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT} if sys.argv[1] == "keep" else set())
    {"start": start, "stop": stop, "keep": keep}[sys.argv[1]](pathlib.Path(sys.argv[2]).resolve())
