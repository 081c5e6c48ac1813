"""Row 14: four times the capacity over 1,000 connections, beside the capacity itself.

Capacity is what 64 connections that never wait get through, as in the other rows, with its p99. The
overload are Poisson arrivals at four times that rate: one that finds all 1,000 connections waiting for
an answer is not sent, as no such client can. Goodput are the orders answered 201 in a second; every one
of them must exist afterwards. What is not accepted must be answered 503 with Retry-After, nothing else,
and no later than an accepted one is at capacity.
"""
import contextlib
import itertools

from harness import tools
from harness.baedal import Baedal
from harness.ordering import CATCH_UP_SECONDS_MAX, Orders
from harness.rounds import Goal, Round, Row, Slices, require, without_errors

CONNECTIONS, AT_CAPACITY, TIMES = 1000, 64, 4
P99, REFUSED, OFFERED = "p99 / at capacity", "503's p99 / at capacity", "offered / capacity"


class Overload:
    def __init__(self, baedal):
        self.baedal, self.orders = baedal, Orders(baedal, "overload")

    def place(self, seconds, **options):
        """The load, and afterwards as many orders more as were answered 201."""
        before = self.baedal.total("orders")
        sent = tools.send(self.baedal.url, seconds, **tools.ORDER, **options)
        self.orders.await_rest()
        kept = self.baedal.total("orders") - before
        require(kept == sent.requests, f"{sent.requests} orders were answered 201, {kept} exist")
        return sent


def only_shed(sent):
    """Accepted, or refused as it should be."""
    require(not sent.broken, f"{sent.broken} requests were not answered")
    require(set(sent.by_status) <= {201, 503}, f"answered {sorted(sent.by_status)}")
    require(not sent.wrong, f"{sent.wrong} orders were answered without their body")
    return sent


def one_round(given, overload):
    slices = Slices([overload.baedal])
    capacity = slices.run("capacity", [], lambda: without_errors(
        overload.place(given.seconds, connections=AT_CAPACITY), "at capacity")).result
    over = slices.run("overload", [], lambda: only_shed(overload.place(
        given.seconds, connections=CONNECTIONS, rate=TIMES * capacity.rate))).result
    refused = over.by_status.get(503)
    offered = (over.sent + over.unsent) / over.seconds
    return Round(
        {"rate_ratio": over.rate / capacity.rate, P99: over.good.p99 / capacity.good.p99,
         REFUSED: refused.p99 / capacity.good.p99 if refused else 0.0},
        slices.foreign,
        record={"orders/s at capacity": capacity.rate, "orders/s in overload": over.rate, OFFERED: offered / capacity.rate,
                "503/s": refused.count / over.seconds if refused else 0.0,
                "not sent/s, all connections waiting": over.unsent / over.seconds,
                "p99 at capacity, ms": capacity.good.p99 * 1e3, "p99 in overload, ms": over.good.p99 * 1e3,
                "p99 of 503, ms": refused.p99 * 1e3 if refused else 0.0})


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        overload = Overload(stack.enter_context(Baedal(folder / "baedal", given.binary)))
        overload.orders.prepare()
        overload.place(2, connections=AT_CAPACITY)
        for _ in itertools.count():
            yield one_round(given, overload)


ROW = Row(
    number=14, name="overload", measure=measure,
    work="POST /orders at 4 x capacity, 1,000 connections", peer="capacity: the same with 64 connections",
    rate_goal=0.8, goals=(Goal(P99, 4), Goal(REFUSED, 1)),
    targets=("baedal", "bench_paced"), round_seconds_max=2 * CATCH_UP_SECONDS_MAX)
