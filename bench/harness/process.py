"""Servers of a benchmark: started on a free port, awaited, and stopped whatever happens."""
import os
import pathlib
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = pathlib.Path(__file__).resolve().parent / "files"
START_SECONDS_MAX = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment():
    """Settings of whoever runs the benchmark are not part of it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BAEDAL_")}


def stop(process, how=signal.SIGTERM):
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Server:
    """A process with a folder of its own: `with Server(...) as server`, or start() and stop()."""

    stop_signal = signal.SIGTERM

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = None
        self.process = None

    def start(self):
        raise NotImplementedError

    def stop(self):
        stop(self.process, self.stop_signal)

    @property
    def pid(self):
        """Everything the server runs is this process or below it."""
        return self.process.pid

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]

    def spawn(self, command, **options):
        """Starts `command`; what it says goes to the log of its folder."""
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL,
                **{"stdout": log, "stderr": log, "env": clean_environment(), **options})

    def await_port(self):
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"{self.process.args[0]} does not answer: {self.log()}")

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
