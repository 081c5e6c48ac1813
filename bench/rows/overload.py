"""Row 14: four times the capacity over 1,000 connections, beside the capacity itself.

Capacity is what 64 connections that never wait get through, as in the other rows, with its p99. The
overload are Poisson arrivals at four times that rate: one that finds all 1,000 connections waiting for
an answer is not sent, as no such client can. Goodput are the orders answered 201 in a second; every one
of them must exist afterwards. What is not accepted must be answered 503 with Retry-After, nothing else.

A thousand connections have at most a thousand orders under way. With `http.backlog-max` as it is, some
must be refused, and no later than an order is accepted at capacity. The line `unbounded` is a system
that takes all of them on, where all wait, for comparison.
"""
import contextlib
import itertools

from harness import tools
from harness.baedal import Baedal
from harness.ordering import CATCH_UP_SECONDS_MAX, Orders
from harness.rounds import Comparison, Goal, Round, Row, Slices, in_turn, require, without_errors

CONNECTIONS, AT_CAPACITY, TIMES = 1000, 64, 4
UNBOUNDED = 1_000_000
P99, REFUSED = "p99 / at capacity", "503's p99 / at capacity"


class System:
    def __init__(self, baedal, name):
        self.baedal, self.orders = baedal, Orders(baedal, name)

    def prepare(self):
        self.orders.prepare()
        self.place(2, connections=AT_CAPACITY)
        return self

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


def one_round(given, default, unbounded, number):
    slices = Slices([default.baedal, unbounded.baedal])

    def at_capacity():
        return without_errors(default.place(given.seconds, connections=AT_CAPACITY), "at capacity")

    capacity = slices.run("capacity", [], at_capacity).result

    def over(name, system):
        return lambda: slices.run(name, [], lambda: only_shed(system.place(
            given.seconds, connections=CONNECTIONS, rate=TIMES * capacity.rate))).result

    done = in_turn(number, {"default": over("default", default), "unbounded": over("unbounded", unbounded)})
    refused = done["default"].by_status.get(503)
    require(refused is not None, "nothing was refused")
    return Round(
        {**beside(done["default"], capacity), REFUSED: refused.p99 / capacity.good.p99}, slices.foreign,
        also={"unbounded": beside(done["unbounded"], capacity)},
        record={"orders/s at capacity": capacity.rate, "p99 at capacity, ms": capacity.good.p99 * 1e3,
                **recorded("", done["default"]), **recorded("unbounded: ", done["unbounded"])})


def beside(over, capacity):
    return {"rate_ratio": over.rate / capacity.rate, P99: over.good.p99 / capacity.good.p99}


def recorded(name, over):
    refused = over.by_status.get(503, tools.Durations(0, 0.0, 0.0, 0.0))
    return {f"{name}orders/s in overload": over.rate, f"{name}503/s": refused.count / over.seconds,
            f"{name}not sent/s, all connections waiting": over.unsent / over.seconds,
            f"{name}p99 in overload, ms": over.good.p99 * 1e3, f"{name}p99 of 503, ms": refused.p99 * 1e3}


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        default = System(stack.enter_context(Baedal(folder / "default", given.binary)), "default")
        unbounded = System(stack.enter_context(Baedal(
            folder / "unbounded", given.binary, settings={"http.backlog-max": UNBOUNDED})), "unbounded")
        default.prepare()
        unbounded.prepare()
        for number in itertools.count():
            yield one_round(given, default, unbounded, number)


WORK = "POST /orders at 4 x capacity, 1,000 connections"
PEER = f"capacity: the same with {AT_CAPACITY} connections"
ROW = Row(
    number=14, name="overload", measure=measure, work=WORK, peer=PEER, rate_goal=0.8,
    goals=(Goal(P99, 4), Goal(REFUSED, 1)),
    also={"unbounded": Comparison(work=f"{WORK}, all taken on", peer=PEER)},
    targets=("baedal", "bench_paced"), round_seconds_max=3 * CATCH_UP_SECONDS_MAX)
