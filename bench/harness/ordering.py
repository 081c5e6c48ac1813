"""Taking orders: the load of several rows, and whether each 201 that was answered is true."""
import dataclasses

from harness import load, machine, nginx
from harness.baedal import await_that
from harness.rounds import Wrong, require, without_errors

CONNECTIONS = 64
CATCH_UP_SECONDS_MAX = 120
# Placing an order asks nobody but menu; a cancel would ask delivery, and none is made here.
TAKING = {"roles": ("gateway", "menu", "order"), "settings": {"delivery.url": "http://127.0.0.1:9"}}


class Orders:
    """A system that takes orders, in one process; `beside` are servers that work for it."""

    def __init__(self, baedal, name, beside=()):
        self.baedal, self.name, self.servers = baedal, name, [baedal, *beside]
        self.whole = not baedal.roles

    def prepare(self):
        """One menu, one order; gives the order's answer, which is checked."""
        menu = self.baedal.ask("POST", "/menus", {"menuNm": "Gimbab", "price": 3500})
        require(menu.status == 201, f"{self.name}: POST /menus: {menu.status} {menu.body}")
        answer = self.baedal.ask("POST", "/orders", {"menuId": 1, "qty": 2})
        require(answer.status == 201, f"{self.name}: POST /orders: {answer.status} {answer.body}")
        order = answer.json()
        expected = {"menuId": 1, "menuNm": "Gimbab", "qty": 2, "status": "ordered"}
        told = {name: order.get(name) for name in expected}
        require(told == expected, f"{self.name}: the order is {told}, not {expected}")
        again = self.baedal.ask("GET", answer.headers["Location"].removeprefix(self.baedal.url))
        require(again.status == 200, f"{self.name}: the order's link answers {again.status}")
        return answer

    def post(self, seconds):
        return load.post_orders(self.baedal.url, seconds, CONNECTIONS)

    def await_rest(self):
        """Waits until nothing that came of the orders is left to do; gives the seconds."""
        seconds = await_that(self.baedal.has_caught_up if self.whole else self.baedal.has_told_all,
                             CATCH_UP_SECONDS_MAX)
        if seconds is None:
            raise Wrong(f"{self.name}: after {CATCH_UP_SECONDS_MAX} s events still wait: "
                        f"{self.baedal.figures('baedal_bus_lag')}")
        parked = self.baedal.parked()
        require(parked == 0, f"{self.name}: {parked:.0f} events were parked")
        return seconds

    def cpu_seconds(self):
        return machine.tree_cpu_seconds(*(server.pid for server in self.servers))

    def slice(self, slices, seconds):
        """The load, then the wait until its consequences are done; both are checked."""
        before, cpu = self.baedal.total("orders"), self.cpu_seconds()
        taken = slices.run(self.name, self.servers, lambda: self.post(seconds))
        after = self.baedal.total("orders")
        deliveries = self.baedal.total("deliveries") if self.whole else after
        rest_seconds = self.await_rest()
        whole_cpu = self.cpu_seconds() - cpu
        without_errors(taken.result, self.name)
        kept = after - before
        # When the load stops, each connection may have a request that is kept and not counted.
        require(taken.result.requests <= kept <= taken.result.requests + CONNECTIONS,
                f"{self.name}: {taken.result.requests} orders were answered 201, {kept} exist")
        return Taken(taken.rate, taken.result.p99_seconds, cpu=whole_cpu / kept,
                     cpu_of_load=taken.cpu_seconds / kept, backlog=after - deliveries,
                     rest_seconds=rest_seconds)


@dataclasses.dataclass
class Taken:
    """A slice of orders."""

    rate: float
    p99_seconds: float
    cpu: float  # of an order, in seconds, until all that comes of it is done
    cpu_of_load: float  # the same while orders are taken
    backlog: int  # orders not yet on their way when the load ended
    rest_seconds: float  # from then until nothing was left to do


def static_peer(folder, answer):
    """nginx with the answer of an order."""
    headers = [(name, answer.headers[name]) for name in ("Location", "ETag") if answer.headers[name]]
    return nginx.Static(folder, answer.body, answer.status, headers, answer.headers["Content-Type"])


def pgbench_slice(slices, pgbench, seconds):
    """The two inserts under pgbench, and whether each transaction left its two rows."""
    before = pgbench.orders()
    inserted = slices.run("pgbench", [pgbench.postgres], lambda: pgbench.transactions(seconds))
    added = tuple(now - then for now, then in zip(pgbench.orders(), before))
    count = inserted.result.requests
    require(added == (count, count), f"pgbench: {count} transactions, {added} rows of orders and outbox")
    return inserted
