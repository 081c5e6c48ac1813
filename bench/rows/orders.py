"""Row 1: durable orders beside nginx.

`POST /orders` with 64 connections through the gateway's route of one process; each order is synced
before its 201. The first line is the taking of an order: gateway, menu and order in the process, the
event carried to the durable log of the bus included. The line `chain` is the whole system in one
process: payment, delivery, the order's following of them and the customer's page work behind the same
orders on the same two cores, and all of it counts, until nothing is left to do. The peer is nginx
answering a body of the same size from memory.
"""
import contextlib
import itertools

from harness import load, machine, nginx
from harness.baedal import Baedal, await_that
from harness.rounds import Comparison, Round, Row, Slices, require, without_errors

CONNECTIONS = 64
CATCH_UP_SECONDS_MAX = 120
# Placing an order asks nobody but menu; a cancel would ask delivery, and none is made here.
TAKING = {"roles": ("gateway", "menu", "order"), "settings": {"delivery.url": "http://127.0.0.1:9"}}


class Orders:
    """A system that takes orders, and whether each 201 it gave is true."""

    def __init__(self, baedal, name):
        self.baedal, self.name = baedal, name
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

    def stands_still(self):
        return self.baedal.has_caught_up() if self.whole else self.baedal.has_told_all()

    def slice(self, slices, seconds):
        """The load, then the wait until its consequences are done; both are checked."""
        before = self.baedal.total("orders")
        cpu = machine.tree_cpu_seconds(self.baedal.pid)
        taken = slices.run(self.name, [self.baedal], lambda: self.post(seconds))
        after = self.baedal.total("orders")
        deliveries = self.baedal.total("deliveries") if self.whole else after
        caught_up = await_that(self.stands_still, CATCH_UP_SECONDS_MAX)
        whole_cpu = machine.tree_cpu_seconds(self.baedal.pid) - cpu
        without_errors(taken.result, self.name)
        kept = after - before
        # When the load stops, each connection may have a request that is kept and not counted.
        require(taken.result.requests <= kept <= taken.result.requests + CONNECTIONS,
                f"{self.name}: {taken.result.requests} orders were answered 201, {kept} exist")
        require(caught_up is not None, f"{self.name}: after {CATCH_UP_SECONDS_MAX} s events still wait: "
                f"{self.baedal.figures('baedal_bus_lag')}")
        require(not self.baedal.parked(), f"{self.name}: {self.baedal.parked():.0f} events were parked")
        return Taken(taken, whole_cpu / kept, taken.cpu_seconds / kept, after - deliveries, caught_up)


class Taken:
    """A slice of orders: rate, and CPU of an order until everything is done, or while they are taken."""

    def __init__(self, one, cpu, cpu_of_load, backlog, caught_up):
        self.rate, self.p99, self.cpu, self.cpu_of_load = one.rate, one.result.p99_seconds, cpu, cpu_of_load
        self.backlog, self.caught_up = backlog, caught_up


def static_peer(folder, answer):
    """nginx with the answer of an order."""
    headers = [(name, answer.headers[name]) for name in ("Location", "ETag") if answer.headers[name]]
    return nginx.Static(folder, answer.body, answer.status, headers, answer.headers["Content-Type"])


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        taking = Orders(stack.enter_context(Baedal(folder / "taking", given.binary, **TAKING)), "orders")
        chain = Orders(stack.enter_context(Baedal(folder / "chain", given.binary)), "chain")
        answer = taking.prepare()
        chain.prepare()
        peer = stack.enter_context(static_peer(folder / "nginx", answer))
        servers = [taking.baedal, chain.baedal, peer]
        for url in (taking.baedal.url, chain.baedal.url, peer.url):
            load.post_orders(url, 1, CONNECTIONS)
        require(await_that(chain.stands_still, CATCH_UP_SECONDS_MAX) is not None, "chain: does not rest")
        for number in itertools.count():
            yield one_round(given, folder, Slices(servers), (taking, chain, peer), number)


def one_round(given, folder, slices, parts, number):
    taking, chain, peer = parts
    quiet = machine.Quiet(slices.pids)
    sync_p99 = machine.sync_p99_seconds(folder)
    slices.foreign["sync"] = quiet.foreign_share()
    works = {
        "orders": lambda: taking.slice(slices, given.seconds),
        "chain": lambda: chain.slice(slices, given.seconds),
        "nginx": lambda: slices.run("nginx", [peer], lambda: without_errors(
            load.post_orders(peer.url, given.seconds, CONNECTIONS), "nginx"))}
    names = list(works)
    done = {name: works[name]() for name in names[number % 3:] + names[:number % 3]}
    return compared(done["orders"], done["chain"], done["nginx"], sync_p99, slices.foreign)


def compared(taking, chain, bodies, sync_p99, foreign):
    def beside_nginx(taken):
        return {"cpu_ratio": taken.cpu / bodies.cpu_per_request, "rate_ratio": taken.rate / bodies.rate,
                "p99 / fdatasync's": taken.p99 / sync_p99}

    return Round(beside_nginx(taking), foreign, also={"chain": beside_nginx(chain)}, record={
        "orders/s": taking.rate, "orders/s with the chain behind": chain.rate,
        "nginx answers/s": bodies.rate, "CPU us per order": taking.cpu * 1e6,
        "  while it is taken": taking.cpu_of_load * 1e6,
        "CPU us per order, chain done": chain.cpu * 1e6, "  while it is taken, chain behind": chain.cpu_of_load * 1e6,
        "CPU us per nginx answer": bodies.cpu_per_request * 1e6,
        "chain: orders not yet on their way at the end": chain.backlog,
        "chain: caught up after, s": chain.caught_up, "p99 of fdatasync, ms": sync_p99 * 1e3})


ROW = Row(
    number=1, name="orders", measure=measure,
    work="POST /orders, durable, 64 connections, through the gateway's route of one process",
    peer="nginx, a body of the same size from memory",
    cpu_goal=1.9, rate_goal=0.50,
    also={"chain": Comparison(
        work="the same with payment, delivery and mypage behind it in that process, until all is done",
        peer="nginx, a body of the same size from memory")},
    round_seconds_max=2 * CATCH_UP_SECONDS_MAX)
