"""Row 8: from an order's 201 until the customer's page says `started`, in one process.

Half of what the system takes at most is placed at a steady pace (Poisson arrivals, 64 connections);
beside it single orders are placed and their pages asked for until they say `started`. Between the two
lie four durable commits: the payment asked for, the payment made, the delivery, the page. The peer is
the p99 of fdatasync of one page on the same disk in the same slice, beside the same load: what any
commit waits for there. The line `quiet` has the p99 of fdatasync with nothing else going on, before
the load: beside the load a bare sync alone may take ten times that. The line `alone` is the way of an
order without other orders.
"""
import contextlib
import itertools
import statistics

from harness import machine, tools
from harness.baedal import Baedal
from harness.ordering import CATCH_UP_SECONDS_MAX, Orders
from harness.rounds import Comparison, Goal, Round, Row, Slices, require, without_errors
from harness.syncs import SyncsBeside

CAPACITY_SECONDS = 2
FIGURE = "p99 / fdatasync's"


class Journey:
    """A system at rest, its capacity known, and what of it is followed."""

    def __init__(self, baedal):
        self.baedal, self.orders = baedal, Orders(baedal, "started")
        self.capacity = 0.0

    def prepare(self):
        self.orders.prepare()
        self._at_capacity()
        self.capacity = statistics.median(self._at_capacity() for _ in range(3))

    def _at_capacity(self):
        sent = tools.send(self.baedal.url, CAPACITY_SECONDS, **tools.ORDER)
        self.orders.await_rest()
        return without_errors(sent, "at capacity").rate

    def followed(self, seconds, rate):
        """Orders followed beside `rate` others a second; every 201 must exist afterwards."""
        before = self.baedal.total("orders")
        load = tools.Sending(self.baedal.url, seconds, rate=rate, **tools.ORDER) if rate else None
        followed = tools.Following(self.baedal.url, seconds).followed()
        placed = followed.order.count
        if load:
            placed += without_errors(load.paced(), "the load").requests
        self.orders.await_rest()
        kept = self.baedal.total("orders") - before
        require(kept == placed, f"{placed} orders were answered 201, {kept} exist")
        return followed


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        journey = Journey(stack.enter_context(Baedal(folder / "baedal", given.binary)))
        journey.prepare()
        for _ in itertools.count():
            yield one_round(given, folder, journey)


def one_round(given, folder, journey):
    slices = Slices([journey.baedal])
    quiet = machine.Quiet(slices.pids)
    sync_p99 = machine.sync_p99_seconds(folder)
    slices.foreign["sync"] = quiet.foreign_share()
    alone = slices.run("alone", [], lambda: journey.followed(given.seconds, 0)).result
    with SyncsBeside(folder) as beside:
        half = slices.run("half load", [], lambda: journey.followed(given.seconds, journey.capacity / 2)).result
    return Round(
        {FIGURE: half.started.p99 / beside.p99_seconds()}, slices.foreign,
        also={"quiet": {FIGURE: half.started.p99 / sync_p99},
              "alone": {FIGURE: alone.started.p99 / sync_p99}},
        record={"orders/s at capacity": journey.capacity, "started after, p50, ms": half.started.p50 * 1e3,
                "started after, p99, ms": half.started.p99 * 1e3,
                "alone: p50, ms": alone.started.p50 * 1e3, "alone: p99, ms": alone.started.p99 * 1e3,
                "its 201, p50, ms": half.order.p50 * 1e3, "its 201, p99, ms": half.order.p99 * 1e3,
                "orders followed": half.started.count, "p99 of fdatasync, quiet, ms": sync_p99 * 1e3,
                "  beside the load, ms": beside.p99_seconds() * 1e3})


WORK = "order 201 to `started` on the customer's page, p99, one process"
ROW = Row(
    number=8, name="started", measure=measure,
    work=f"{WORK}, at half load", peer="p99 of fdatasync beside the same load",
    goals=(Goal(FIGURE, 12),),
    also={"quiet": Comparison(work=f"{WORK}, at half load", peer="p99 of fdatasync, nothing else going on"),
          "alone": Comparison(work=f"{WORK}, without load", peer="p99 of fdatasync, nothing else going on")},
    targets=("baedal", "bench_paced", "bench_follow"),
    round_seconds_max=2 * CATCH_UP_SECONDS_MAX)
