"""Row 11: taking orders when there are ten million of them, and after a million keys were swept.

The same `POST /orders` with 64 connections on three systems in turn: one that has just been made, one
whose store has ten million orders, and one whose store had a million idempotency keys with their
answers, which retention has dropped. Filled by bench/fill through the store the server uses, and swept
by that store's own sweep.
"""
import contextlib
import itertools

from harness import fill
from harness.baedal import Baedal
from harness.ordering import CATCH_UP_SECONDS_MAX, TAKING, Orders
from harness.rounds import Comparison, Round, Row, Slices, in_turn, require

ORDERS, KEYS = 10_000_000, 1_000_000
KEYS_AGE_HOURS = 48
FILLED = {"start": {}, "orders": {"orders": ORDERS},
          "swept": {"keys": KEYS, "keys_age_hours": KEYS_AGE_HOURS, "sweep": True}}


def measure(given, folder):
    for name, counts in FILLED.items():
        if counts:
            fill.fill(folder / name / "data", **counts)
    with contextlib.ExitStack() as stack:
        systems = {}
        for name, counts in FILLED.items():
            baedal = stack.enter_context(Baedal(folder / name, given.binary, **TAKING))
            systems[name] = Orders(baedal, name)
            there = baedal.total("orders")
            require(there == counts.get("orders", 0), f"{name}: {there} orders are there")
            systems[name].prepare()
            systems[name].post(2)
            systems[name].await_rest()
        for number in itertools.count():
            yield one_round(given, systems, number)


def one_round(given, systems, number):
    slices = Slices([system.baedal for system in systems.values()])
    taken = in_turn(number, {name: lambda system=system: system.slice(slices, given.seconds)
                             for name, system in systems.items()})

    def beside_start(name):
        return {"cpu_ratio": taken[name].cpu / taken["start"].cpu, "rate_ratio": taken[name].rate / taken["start"].rate}

    return Round(beside_start("orders"), slices.foreign, also={"swept": beside_start("swept")}, record={
        **{f"orders/s: {name}": one.rate for name, one in taken.items()},
        **{f"CPU us per order: {name}": one.cpu * 1e6 for name, one in taken.items()},
        **{f"p99, ms: {name}": one.p99_seconds * 1e3 for name, one in taken.items()}})


WORK = "POST /orders, 64 connections, "
PEER = "the same on a store just made"
ROW = Row(
    number=11, name="growth", measure=measure, work=f"{WORK}with {ORDERS:,} orders in the store", peer=PEER,
    rate_goal=0.9,
    also={"swept": Comparison(work=f"{WORK}after retention has swept {KEYS:,} keys", peer=PEER, rate_goal=0.9)},
    targets=("baedal", fill.TARGET), round_seconds_max=3 * CATCH_UP_SECONDS_MAX)
