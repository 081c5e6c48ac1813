"""Row 10: cancelling an order, which asks delivery in another process before it is answered.

Two processes over loopback: one with delivery alone, one with everything else; each has its stores and
an embedded bus of its own, so that the cancel goes the synchronous way and no other. One client cancels
one order after the other. The peer is what that cannot do without: two empty HTTP round trips (nginx,
204 from memory, the same client) plus two group commits (SQLite, WAL, synchronous=FULL, the rows of a
cancel), p50 each, in the same round. A line `crowd` has 16 clients at once beside the same peer.
"""
import contextlib
import itertools

from harness import nginx, tools
from harness.baedal import Baedal, await_that
from harness.commits import commit_p50_seconds
from harness.rounds import Comparison, Goal, Round, Row, Slices, in_turn, require, without_errors

ORDERS = 1000  # cancelled in one slice
SECONDS_MAX = 30
CLIENTS = 16
FIGURE = "p50 / its parts"
OTHERS = ("gateway", "menu", "order", "payment", "mypage")


class Pair:
    """The two processes, and cancels between them."""

    def __init__(self, delivery, front):
        self.delivery, self.front = delivery, front

    def prepare(self):
        menu = self.front.ask("POST", "/menus", {"menuNm": "Gimbab", "price": 3500})
        require(menu.status == 201, f"POST /menus: {menu.status} {menu.body}")
        order = self.front.ask("POST", "/orders", {"menuId": 1, "qty": 2})
        require(order.status == 201, f"POST /orders: {order.status} {order.body}")
        path = f"/orders/{order.json()['orderId']}"
        cancelled = self.front.ask("PATCH", path, {"status": "cancel"})
        require(cancelled.status == 200 and cancelled.json()["status"] == "cancel",
                f"PATCH {path}: {cancelled.status} {cancelled.body}")

    def place(self, count):
        """(first, last) of the new orders' numbers."""
        newest = self.front.newest_order_id()
        sent = without_errors(tools.send(self.front.url, SECONDS_MAX, requests=count, connections=32, **tools.ORDER),
                              "placing orders")
        require(self.front.newest_order_id() == newest + sent.requests, "the numbers of the orders have gaps")
        require(await_that(self.front.has_told_all, SECONDS_MAX) is not None, "events of the orders still wait")
        return newest + 1, newest + sent.requests

    def cancel(self, ids, clients):
        """All of them; afterwards each is cancelled, and so is its delivery."""
        before = self.delivery.total("deliveries")
        sent = without_errors(tools.send(
            self.front.url, SECONDS_MAX, path="/orders/{}", method="PATCH", body='{"status":"cancel"}', ids=ids,
            connections=clients, expect='"cancel"'), "cancelling")
        count = ids[1] - ids[0] + 1
        require(sent.requests == count, f"{sent.requests} of {count} orders were cancelled in time")
        decided = self.delivery.total("deliveries") - before
        require(decided == count, f"{count} orders were cancelled, {decided} deliveries were")
        for number in range(ids[0], ids[1] + 1, max(1, count // 20)):
            status = self.front.ask("GET", f"/orders/{number}").json()["status"]
            require(status == "cancel", f"order {number} answered 200 is {status!r}")
        return sent


def one_round(given, folder, pair, peer, number):
    slices = Slices([pair.delivery, pair.front, peer])

    def cancels(clients):
        ids = pair.place(ORDERS)
        return slices.run(f"{clients} clients", [], lambda: pair.cancel(ids, clients)).result

    def parts():
        trip = without_errors(tools.send(peer.url, 1, good=204, connections=1), "nginx").good.p50
        return trip, commit_p50_seconds(folder, ORDERS)

    done = in_turn(number, {"one": lambda: cancels(1), "crowd": lambda: cancels(CLIENTS),
                            "parts": lambda: slices.run("parts", [], parts).result})
    trip, commit = done["parts"]
    floor = 2 * trip + 2 * commit
    return Round({FIGURE: done["one"].good.p50 / floor}, slices.foreign,
                 also={"crowd": {FIGURE: done["crowd"].good.p50 / floor}},
                 record={"cancel, p50, us": done["one"].good.p50 * 1e6, "cancel, p99, us": done["one"].good.p99 * 1e6,
                         f"{CLIENTS} clients: cancel, p50, us": done["crowd"].good.p50 * 1e6,
                         f"{CLIENTS} clients: cancels/s": done["crowd"].rate,
                         "empty round trip, p50, us": trip * 1e6, "group commit, p50, us": commit * 1e6})


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        delivery = stack.enter_context(Baedal(folder / "delivery", given.binary, roles=("delivery",)))
        front = stack.enter_context(Baedal(
            folder / "front", given.binary, roles=OTHERS,
            settings={"delivery.url": delivery.url, "gateway.instances": f"delivery={delivery.url}"}))
        peer = stack.enter_context(nginx.Static(folder / "nginx", "", 204))
        pair = Pair(delivery, front)
        pair.prepare()
        pair.cancel(pair.place(ORDERS // 4), 1)
        for number in itertools.count():
            yield one_round(given, folder, pair, peer, number)


PEER = "two empty HTTP round trips of nginx plus two group commits of SQLite, p50"
ROW = Row(
    number=10, name="cancel", measure=measure,
    work="PATCH /orders/{id} status=cancel, delivery in another process, one client, p50", peer=PEER,
    goals=(Goal(FIGURE, 1.3),),
    also={"crowd": Comparison(work=f"the same with {CLIENTS} clients at once", peer=PEER)},
    targets=("baedal", "bench_paced"))
