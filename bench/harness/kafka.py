"""A Kafka broker of the benchmark's own, through script/kafka-broker."""
import os
import subprocess

from harness.process import ROOT, Server

SCRIPT = ROOT / "script" / "kafka-broker"


class Kafka(Server):
    """One broker on its folder, with the script's settings."""

    def start(self):
        self._run("start", "--data", self.folder / "data", "--with", os.getpid())
        self.port = int((self.folder / "data" / "port").read_text(encoding="ascii"))
        return self

    def stop(self):
        self._run("stop", "--data", self.folder / "data")

    @property
    def pid(self):
        return int((self.folder / "data" / "pid").read_text(encoding="ascii"))

    def bus_url(self, topic="baedal"):
        """As the setting `messaging.bus` takes it."""
        return f"kafka://127.0.0.1:{self.port}/{topic}"

    @staticmethod
    def _run(*arguments):
        done = subprocess.run([str(part) for part in (SCRIPT, *arguments)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{SCRIPT.name} failed: {done.stdout}{done.stderr}")
