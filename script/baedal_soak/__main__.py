"""Drives the soak: load in slices, restarts beside it, a sample after each slice, the verdict."""
import argparse
import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from baedal_cluster import layout
from baedal_cluster.__main__ import BINARY
from baedal_cluster.cluster import Cluster
from baedal_soak import chart, promises, verdict
from harness.api import Api
from harness.load import Load

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACED = ROOT / "build" / "release" / "bench" / "bench_paced"
SLICE_SECONDS = 10
CAPACITY_SECONDS = 8
RESTART_EVERY_SECONDS = 12
PEOPLE = 2
PEOPLE_PAUSE_SECONDS = 0.2
CONNECTIONS = 256  # who presses while the order service is stopped waits with others
GAUGES = {"descriptors": "process_files_open_files", "threads": "process_threads"}
# Heap and stacks. Pages of a view's file are the system's, which maps and takes them away as it likes.
MEMORY = re.compile(r"^RssAnon:\s+(\d+) kB$", re.M)


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
            status = pathlib.Path(f"/proc/{instance.pid}/status").read_text(encoding="ascii")
        except OSError:
            continue  # the one that is being restarted
        values = {}
        if found := MEMORY.search(status):
            values["memory"] = 1024 * int(found.group(1))
        for name, metric in GAUGES.items():
            if found := re.search(rf"^{metric}(?:\{{.*\}})? (\S+)$", text, re.M):
                values[name] = float(found.group(1))
        seen[instance.name] = values
    return seen


class People(Load):
    """Beside the steady orders: customers who also cancel, couriers who complete, cards that are declined."""

    def _step(self, chance):
        super()._step(chance)
        self.stop.wait(PEOPLE_PAUSE_SECONDS)


def restart_until(done, cluster, record):
    """Stops and starts one instance after the other until the future `done` has ended; gives its result. In the
    main thread: an instance ends with the thread that started it."""
    victims = itertools.cycle([one for one in cluster.instances if one.role != "gateway"])
    while True:
        try:
            return done.result(timeout=RESTART_EVERY_SECONDS)
        except concurrent.futures.TimeoutError:
            victim = next(victims)
            victim.stop()
            victim.start().await_ready()
            record["restarts"] += 1


def capacity(api, port):
    """Orders a second that the whole takes to their end: as many as it can for a moment, over the time until
    the last of them is on its way too."""
    begun = time.monotonic()
    placed = place(port, 0, CAPACITY_SECONDS)["good"]
    promises.await_last(api)
    return placed / (time.monotonic() - begun)


def load(cluster, record, seconds, stop):
    """Orders at the record's rate, slice by slice, with a sample after each."""
    port = int(cluster.url.rsplit(":", 1)[1])
    begun = time.monotonic()
    while time.monotonic() - begun < seconds and not stop.is_set():
        placed = place(port, record["rate"], SLICE_SECONDS)
        at = time.monotonic() - begun
        record["slices"].append({"at": round(at, 1), "load": placed, "restarts": record["restarts"],
                                 "processes": sample(cluster)})
        print(f"{at:6.0f} s  {record['restarts']} restarts  {json.dumps(placed)}", flush=True)


def soak(cluster, minutes):
    api = Api(cluster.url)
    menu = api.menu("Gimbab", price=4500)
    assert menu == 1
    port = int(cluster.url.rsplit(":", 1)[1])
    capacity(api, port)  # warm
    rate = capacity(api, port) / 2
    print(f"half the capacity: {rate:.0f} orders a second", flush=True)
    record = {"rate": rate, "cpus": os.cpu_count(), "restarts": 0, "slices": []}
    stop = threading.Event()
    with (concurrent.futures.ThreadPoolExecutor(1) as pool,
          People(api, menu, [], "soak", survive=True, clients=PEOPLE) as people):
        try:
            restart_until(pool.submit(load, cluster, record, minutes * 60, stop), cluster, record)
        finally:
            stop.set()
    record["orders"] = promises.check(api, people)
    record["cancelled"], record["completed"], record["refused"] = (
        len(people.cancelled), len(people.completed), people.refused)
    return record


def run(minutes):
    """The record; where it fails, the logs are left behind."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="baedal-soak-"))
    cluster = Cluster(layout.Options(data=folder / "cluster", binary=BINARY))
    try:
        record = soak(cluster.start(), minutes)
    except BaseException:
        print(f"script/soak: failed; the logs are in {folder}", file=sys.stderr, flush=True)
        raise
    finally:
        cluster.remove()
    shutil.rmtree(folder)
    return record


def main():
    parser = argparse.ArgumentParser(prog="script/soak")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "docs" / "soak")
    options = parser.parse_args()
    record = run(options.minutes)
    record["taken"] = time.strftime("%Y-%m-%d", time.gmtime())
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "soak.json").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (options.out / "soak.svg").write_text(chart.drawn(record), encoding="utf-8")
    complaints = verdict.of(record)
    print("\n".join(complaints) or "flat: memory, descriptors and latency; no order failed, no promise broken")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
