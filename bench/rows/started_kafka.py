"""Row 9: from an order's 201 until the customer's page says `started`, through Kafka and PostgreSQL.

Every service is a process of its own behind the gateway (script/cluster with one instance of each), with
a database each and one Kafka broker. Orders are placed one after the other and their pages asked for
until they say `started`. The peer is a bare round trip on the same broker: librdkafka produces a record
(acks=all, idempotent, no lingering) and consumes it in the same process. The way of an order has three
such round trips, Ordered, Paid and DeliveryStarted, and four commits. The line `loaded` is the same beside
orders at a steady pace, its peer likewise.
"""
import contextlib
import itertools
import pathlib
import sys
import types

from harness import tools
from harness.baedal import Baedal, await_that
from harness.process import ROOT
from harness.rounds import Comparison, Goal, Round, Row, Slices, in_turn, require, without_errors

sys.path.append(str(ROOT / "script"))

from baedal_cluster import layout  # noqa: E402
from baedal_cluster.cluster import Cluster  # noqa: E402

LOAD_RATE = 300
FOLLOW_RATE = 40
TRIPS_RATE = 40
TRIPS_TOPIC = "round-trip"
CATCH_UP_SECONDS_MAX = 60
FIGURE = "p50 / round trip's"


class Fleet(Baedal):
    """A cluster, asked through its gateway as one process is."""

    def __init__(self, folder, binary):
        super().__init__(folder, binary)
        copies = {role: 1 for role in layout.SERVICES}
        self.cluster = Cluster(layout.Options(data=self.folder, binary=pathlib.Path(binary), copies=copies))

    def start(self):
        try:
            self.cluster.start()
        except BaseException:
            self.cluster.remove()
            raise
        self.port = self.cluster["gateway"].port
        return self

    def stop(self):
        self.cluster.remove()

    def servers(self):
        """All processes of it: those of services, of PostgreSQL, of Kafka."""
        broker = int((self.cluster.kafka.folder / "pid").read_text(encoding="ascii"))
        pids = [instance.pid for instance in self.cluster.instances] + [self.cluster.postgres.process.pid, broker]
        return [types.SimpleNamespace(pid=pid) for pid in pids]

    def prepare(self):
        menu = self.ask("POST", "/menus", {"menuNm": "Gimbab", "price": 3500})
        require(menu.status == 201, f"POST /menus: {menu.status} {menu.body}")

        def ordered():
            return self.ask("POST", "/orders", {"menuId": 1, "qty": 2}).status == 201

        # order must have heard of the menu, or ask for it.
        require(await_that(ordered, 30) is not None, "no order is answered 201")
        self.rest()

    def stands_still(self):
        """Every order is paid, and on its way on the page."""
        if len({self.total(name) for name in ("orders", "payments", "deliveries")}) != 1:
            return False
        page = self.ask("GET", f"/mypages/search/findByOrderId?orderId={self.newest_order_id()}")
        return page.status == 200 and page.json()["deliveryStatus"] == "started"

    def rest(self):
        require(await_that(self.stands_still, CATCH_UP_SECONDS_MAX) is not None, "the chain does not come to rest")

    def followed(self, seconds, rate):
        """Orders followed beside `rate` others a second; every 201 must exist afterwards."""
        before = self.total("orders")
        load = tools.Sending(self.url, seconds, rate=rate, **tools.ORDER) if rate else None
        followed = tools.Following(self.url, seconds, rate=FOLLOW_RATE).followed()
        placed = followed.order.count
        if load:
            placed += without_errors(load.paced(), "the load").requests
        self.rest()
        kept = self.total("orders") - before
        require(kept == placed, f"{placed} orders were answered 201, {kept} exist")
        return followed.started

    def round_trips(self, seconds, rate):
        """Of bare records, beside `rate` orders a second."""
        load = tools.Sending(self.url, seconds, rate=rate, **tools.ORDER) if rate else None
        took = tools.kafka_round_trip(self.cluster.kafka.address, TRIPS_TOPIC, seconds, TRIPS_RATE)
        if load:
            without_errors(load.paced(), "the load")
            self.rest()
        return took


def one_round(given, fleet, number):
    slices = Slices(fleet.servers())

    def timed(name, work, rate):
        return lambda: slices.run(name, [], lambda: work(given.seconds, rate)).result

    done = in_turn(number, {
        "alone": timed("alone", fleet.followed, 0),
        "trips alone": timed("trips alone", fleet.round_trips, 0),
        "loaded": timed("loaded", fleet.followed, LOAD_RATE),
        "trips loaded": timed("trips loaded", fleet.round_trips, LOAD_RATE)})
    return Round(
        {FIGURE: done["alone"].p50 / done["trips alone"].p50}, slices.foreign,
        also={"loaded": {FIGURE: done["loaded"].p50 / done["trips loaded"].p50}},
        record={f"{name}: {label}, ms": getattr(took, label) * 1e3
                for name, took in done.items() for label in ("p50", "p99")})


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        fleet = stack.enter_context(Fleet(folder / "cluster", given.binary))
        fleet.prepare()
        without_errors(tools.send(fleet.url, 3, rate=LOAD_RATE, **tools.ORDER), "warming up")
        fleet.rest()
        for number in itertools.count():
            yield one_round(given, fleet, number)


PEER = "a bare librdkafka round trip on the same broker, p50"
WORK = "order 201 to `started` on the customer's page, p50, Kafka and PostgreSQL, a process per service"
ROW = Row(
    number=9, name="started_kafka", measure=measure, work=WORK, peer=PEER, goals=(Goal(FIGURE, 8),),
    also={"loaded": Comparison(work=f"{WORK}, beside {LOAD_RATE} orders/s", peer=f"{PEER}, beside the same")},
    targets=("baedal", "bench_paced", "bench_follow", "bench_round_trip"),
    round_seconds_max=4 * CATCH_UP_SECONDS_MAX)
