"""A Kafka broker of our own, through script/kafka-broker."""
import json
import os
import pathlib
import signal
import subprocess
import time

from .process import ROOT, ClusterError, run

SCRIPT = ROOT / "script" / "kafka-broker"


class Kafka:
    """One broker on a folder. start() after stop() or kill() goes on with the same topics."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port = 0

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        if self.running:  # it outlived a killed supervisor
            self.stop()
        run([SCRIPT, "start", "--data", self.folder, "--with", os.getpid()])
        self.port = int((self.folder / "port").read_text())
        return self

    def stop(self):
        run([SCRIPT, "stop", "--data", self.folder])

    def kill(self):
        pid = self._pid()
        if not pid:
            return
        os.kill(pid, signal.SIGKILL)
        while self._pid():
            time.sleep(0.02)

    @property
    def running(self):
        return self._pid() is not None

    def records(self, topic, seconds_max=30):
        """Everything on the topic, as kcat reads it: one dict for each record."""
        done = subprocess.run(
            ["kcat", "-C", "-e", "-q", "-J", "-b", self.address, "-t", topic, "-o", "beginning"],
            capture_output=True, text=True, timeout=seconds_max, check=False)
        if done.returncode != 0:
            raise ClusterError(f"kcat cannot read {topic}: {done.stderr.strip()}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def _pid(self):
        """Of the broker, when it runs; the number may be another process's by now."""
        try:
            pid = int((self.folder / "pid").read_text())
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if b"kafka.Kafka" in command else None
