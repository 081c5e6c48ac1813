"""Drives the soak: load in slices, restarts beside it, a sample after each slice, the verdict."""
import argparse
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

from baedal_cluster import layout
from baedal_cluster.__main__ import BINARY
from baedal_cluster.cluster import Cluster
from baedal_soak import chart, verdict
from harness.api import Api
from harness.invariants import check_everything

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACED = ROOT / "build" / "release" / "bench" / "bench_paced"
SLICE_SECONDS = 10
CAPACITY_SECONDS = 8
RESTART_EVERY_SECONDS = 12
CONNECTIONS = 32
GAUGES = {"memory": "process_resident_memory_bytes", "descriptors": "process_files_open_files",
          "threads": "process_threads"}


def place(port, rate, seconds):
    """What bench_paced says of orders at that rate; 0: as many as it can."""
    done = subprocess.run(
        [PACED, "--port", str(port), "--method", "POST", "--path", "/orders", "--good", "201", "--body",
         '{"menuId":1,"qty":1}', "--expect", "orderId", "--connections", str(CONNECTIONS), "--rate", str(rate),
         "--seconds", str(seconds)], capture_output=True, text=True, check=True, timeout=seconds + 60)
    told = json.loads(done.stdout)
    taken = told["status"].pop("201", {"count": 0, "p50": 0, "p99": 0, "max": 0})
    others = sum(answers["count"] for answers in told["status"].values())
    return {"good": taken["count"], "bad": told["broken"] + told["wrong"] + others, "unsent": told["unsent"],
            "latency": {name: taken[name] for name in ("p50", "p99", "max")}}


def sample(cluster):
    """{instance: {gauge: value}} of those that answer just now."""
    seen = {}
    for instance in cluster.instances:
        try:
            text = Api(instance.url).get("/actuator/prometheus", timeout=5).text
        except OSError:
            continue  # the one that is being restarted
        values = {}
        for name, metric in GAUGES.items():
            if found := re.search(rf"^{metric}(?:\{{.*\}})? (\S+)$", text, re.M):
                values[name] = float(found.group(1))
        seen[instance.name] = values
    return seen


class Restarts:
    """Stops and starts one instance after the other, until the end of the `with`."""

    def __init__(self, cluster):
        self.cluster, self.count, self.failure = cluster, 0, None
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()

    def _run(self):
        victims = itertools.cycle([one for one in self.cluster.instances if one.role != "gateway"])
        try:
            while not self.stop.wait(RESTART_EVERY_SECONDS):
                victim = next(victims)
                victim.stop()
                victim.start().await_ready()
                self.count += 1
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = f"{victim.name}: {failure}"


def soak(cluster, minutes):
    api = Api(cluster.url)
    assert api.menu("Gimbab", price=4500) == 1
    port = int(cluster.url.rsplit(":", 1)[1])
    place(port, 0, CAPACITY_SECONDS)  # warm
    capacity = place(port, 0, CAPACITY_SECONDS)
    rate = capacity["good"] / CAPACITY_SECONDS / 2
    print(f"half the capacity: {rate:.0f} orders a second", flush=True)
    record = {"rate": rate, "cpus": os.cpu_count(), "slices": []}
    begun = time.monotonic()
    with Restarts(cluster) as restarts:
        while time.monotonic() - begun < minutes * 60 and restarts.failure is None:
            load = place(port, rate, SLICE_SECONDS)
            at = time.monotonic() - begun
            record["slices"].append({"at": round(at, 1), "load": load, "restarts": restarts.count,
                                     "processes": sample(cluster)})
            print(f"{at:6.0f} s  {restarts.count} restarts  {json.dumps(load)}", flush=True)
    record["restarts"] = restarts.count
    if restarts.failure:
        sys.exit(f"script/soak: {restarts.failure}")
    record["orders"] = len(check_everything(api, seconds_max=600))
    return record


def main():
    parser = argparse.ArgumentParser(prog="script/soak")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "docs" / "soak")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baedal-soak-") as folder:
        cluster = Cluster(layout.Options(data=pathlib.Path(folder) / "cluster", binary=BINARY))
        try:
            record = soak(cluster.start(), options.minutes)
        finally:
            cluster.remove()
    record["taken"] = time.strftime("%Y-%m-%d", time.gmtime())
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "soak.json").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (options.out / "soak.svg").write_text(chart.drawn(record), encoding="utf-8")
    complaints = verdict.of(record)
    print("\n".join(complaints) or "flat: memory, descriptors and latency; no order failed, no promise broken")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
