"""The program under measurement: `baedal serve`, asked over HTTP as any client would."""
import json
import re
import select
import subprocess
import time

from harness import client
from harness.process import ROOT, START_SECONDS_MAX, Server

BINARY = ROOT / "build/release/src/main/baedal"


class Baedal(Server):
    """One process with the given roles, all without any; `settings` by their names."""

    def __init__(self, folder, binary=BINARY, roles=(), settings=None):
        super().__init__(folder)
        self.binary, self.roles, self.settings = binary, roles, settings or {}
        self.first_answer_seconds = None

    def start(self):
        began = time.monotonic()
        flags = [part for name, value in self.settings.items() for part in (f"--{name}", value)]
        if self.roles:
            flags += ["--role", ",".join(self.roles)]
        self.spawn([self.binary, "serve", "--profile", "dev", "--port", "0", "--data", self.folder / "data", *flags],
                   stdout=subprocess.PIPE)
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS_MAX)
        line = self.process.stdout.readline().decode() if ready else ""
        match = re.match(r"baedal: serving on http://\S+:(\d+)", line)
        if not match:
            self.stop()
            raise RuntimeError("baedal does not start: " + self.log())
        self.port = int(match.group(1))
        self.ask("GET", "/actuator/health")
        self.first_answer_seconds = time.monotonic() - began
        return self

    def stop(self):
        super().stop()
        if self.process is not None:
            self.process.stdout.close()

    def ask(self, method, path, body=None):
        """The answer, also when it is an error."""
        return client.ask(method, self.url + path, body)

    def get(self, path):
        """The text of an answer that must be a good one."""
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"GET {path}: {answer.status} {answer.body}")
        return answer.body

    def total(self, collection):
        return json.loads(self.get(f"/{collection}?size=1"))["page"]["totalElements"]

    def newest_order_id(self):
        page = json.loads(self.get("/orders?size=1&sort=orderId,desc"))
        return page["_embedded"]["orders"][0]["orderId"]

    def figures(self, prefix):
        """Samples of /actuator/prometheus: {'name{labels}': value}."""
        lines = [line for line in self.get("/actuator/prometheus").splitlines() if line.startswith(prefix)]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    def parked(self):
        return sum(self.figures('baedal_events_total{outcome="parked"').values())

    def has_told_all(self):
        """Every event has left for the bus, and is taken in by who listens here."""
        return not any({**self.figures("baedal_bus_lag"), **self.figures("baedal_outbox_rows")}.values())

    def has_caught_up(self):
        """Everything ordered is paid, on its way and on the customer's page."""
        if len({self.total(name) for name in ("orders", "payments", "deliveries")}) != 1:
            return False
        if not self.has_told_all():
            return False
        page = self.ask("GET", f"/mypages/search/findByOrderId?orderId={self.newest_order_id()}")
        if page.status != 200:
            return False
        return page.json()["deliveryStatus"] == "started" and page.json()["paymentStatus"] == "paid"


def await_that(holds, seconds_max):
    """Seconds until holds() is true; None when it does not become so."""
    began = time.monotonic()
    while time.monotonic() - began < seconds_max:
        if holds():
            return time.monotonic() - began
        time.sleep(0.05)
    return None
