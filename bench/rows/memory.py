"""Row 12: memory of the whole system in one process: idle, at full load with 1,000 connections, and flat.

Resident memory at its highest (VmHWM) and now (VmRSS), in MB of 10^6 bytes; without a peer. A round is
a new process: idle, then under a closed load of 1,000 connections, half of them placing orders, half
reading customers' pages. The load lasts fifteen times --seconds; with BAEDAL_BENCH_MEMORY_SECONDS=3600
in the environment an hour. `growth` is how much the anonymous memory (heap and stacks, not the files of
the databases, which the system maps and takes away again as it likes) grew from the third quarter of
the load to the last one, as a share: by then the caches of the stores are full.
"""
import itertools
import os
import time

from harness import machine, tools
from harness.baedal import Baedal
from harness.ordering import CATCH_UP_SECONDS_MAX, Orders
from harness.rounds import Goal, Round, Row, Slices, require, without_errors

CONNECTIONS = 1000
IDLE_SECONDS = 2
SECONDS_SETTING = "BAEDAL_BENCH_MEMORY_SECONDS"
SAMPLE_SECONDS = 0.25


def load_seconds(given):
    return float(os.environ.get(SECONDS_SETTING, 15 * given.seconds))


class Samples:
    """Memory of a process over time."""

    def __init__(self, pid):
        self.pid, self.anonymous, self.resident = pid, [], []

    def take(self):
        self.anonymous.append(machine.memory_bytes(self.pid, "RssAnon"))
        self.resident.append(machine.memory_bytes(self.pid, "VmRSS"))

    def growth(self):
        """Of the last quarter's mean over that of the third."""
        quarter = max(1, len(self.anonymous) // 4)
        early = self.anonymous[-2 * quarter:-quarter] or self.anonymous[:1]
        late = self.anonymous[-quarter:]
        return (sum(late) / len(late)) / (sum(early) / len(early)) - 1


def full_load(baedal, seconds):
    """Places orders and reads pages over all connections, while memory is sampled."""
    before, samples = baedal.total("orders"), Samples(baedal.pid)
    half = CONNECTIONS // 2
    writing = tools.Sending(baedal.url, seconds, connections=half, **tools.ORDER)
    reading = tools.Sending(baedal.url, seconds, path="/mypages/1", connections=half, expect='"orderId"')
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        samples.take()
        time.sleep(SAMPLE_SECONDS)
    placed = without_errors(writing.paced(), "orders")
    read = without_errors(reading.paced(), "pages")
    samples.take()
    kept = baedal.total("orders") - before
    require(kept == placed.requests, f"{placed.requests} orders were answered 201, {kept} exist")
    return samples, placed, read


def one_round(given, folder):
    with Baedal(folder, given.binary, settings={"http.backlog-max": 2 * CONNECTIONS}) as baedal:
        time.sleep(IDLE_SECONDS)
        idle = machine.memory_bytes(baedal.pid, "VmRSS")
        orders = Orders(baedal, "memory")
        orders.prepare()
        orders.await_rest()
        slices = Slices([baedal])
        samples, placed, read = slices.run("load", [], lambda: full_load(baedal, load_seconds(given))).result
        orders.await_rest()
        highest = machine.memory_bytes(baedal.pid, "VmHWM")
        return Round(
            {"MB idle": idle / 1e6, "MB at full load": highest / 1e6, "growth": samples.growth()},
            slices.foreign,
            record={"of it anonymous at the end, MB": samples.anonymous[-1] / 1e6,
                    "  and of files, MB": (samples.resident[-1] - samples.anonymous[-1]) / 1e6,
                    "orders/s": placed.rate, "pages/s": read.rate, "orders in the store": baedal.total("orders")})


def measure(given, folder):
    for number in itertools.count():
        yield one_round(given, folder / str(number))


ROW = Row(
    number=12, name="memory", measure=measure,
    work="resident memory of the whole system in one process, 1,000 connections at full load", peer="none",
    goals=(Goal("MB idle", 40), Goal("MB at full load", 250), Goal("growth", 0.05)),
    targets=("baedal", "bench_paced"),
    round_seconds_max=2 * CATCH_UP_SECONDS_MAX + float(os.environ.get(SECONDS_SETTING, 0)))
