"""The program under measurement: one `baedal serve`, asked over HTTP as any client would."""
import json
import pathlib
import re
import select
import subprocess
import time
import urllib.error
import urllib.request

from peers import ROOT, stop

BINARY = ROOT / "build/release/src/main/baedal"
START_SECONDS_MAX = 30


class Baedal:
    def __init__(self, folder, binary=BINARY):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.binary = binary
        self.process = None
        self.address = None
        self.first_answer_seconds = None
        # A proxy of the environment must not come between.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def start(self):
        began = time.monotonic()
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [str(self.binary), "serve", "--port", "0", "--data", str(self.folder / "data")],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS_MAX)
        line = self.process.stdout.readline().decode() if ready else ""
        match = re.match(r"baedal: serving on (http://\S+)", line)
        if not match:
            raise RuntimeError("baedal does not start: " + (self.folder / "log").read_text()[-2000:])
        self.address = match.group(1)
        self.get("/menus")
        self.first_answer_seconds = time.monotonic() - began
        return self

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        stop(self.process)
        if self.process is not None:
            self.process.stdout.close()

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.address + path, data=data, method=method,
                                       headers={"Content-Type": "application/json"})
        with self.opener.open(asked, timeout=15) as answer:
            return answer.read().decode()

    def get(self, path):
        return self.request("GET", path)

    def total(self, collection):
        return json.loads(self.get(f"/{collection}?size=1"))["page"]["totalElements"]

    def newest_order_id(self):
        page = json.loads(self.get("/orders?size=1&sort=orderId,desc"))
        return page["_embedded"]["orders"][0]["orderId"]

    def figures(self, prefix):
        """Samples of /actuator/prometheus: {'name{labels}': value}."""
        lines = [line for line in self.get("/actuator/prometheus").splitlines() if line.startswith(prefix)]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    def totals(self):
        return {name: self.total(name) for name in ("orders", "payments", "deliveries")}

    def has_caught_up(self):
        """Everything ordered is paid, on its way and on the customer's page."""
        totals = self.totals()
        if len(set(totals.values())) != 1:
            return False
        waiting = {**self.figures("baedal_bus_lag"), **self.figures("baedal_outbox_rows")}
        if any(waiting.values()):
            return False
        newest = self.newest_order_id()
        try:
            page = json.loads(self.get(f"/mypages/search/findByOrderId?orderId={newest}"))
        except urllib.error.HTTPError:
            return False
        return page["deliveryStatus"] == "started" and page["paymentStatus"] == "paid"

    def await_caught_up(self, seconds_max):
        """Seconds until the chain behind the orders stands still; None when it does not."""
        began = time.monotonic()
        while time.monotonic() - began < seconds_max:
            if self.has_caught_up():
                return time.monotonic() - began
            time.sleep(0.05)
        return None

    def parked(self):
        return sum(self.figures('baedal_events_total{outcome="parked"').values())
