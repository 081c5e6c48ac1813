"""Row 5: a page of twenty out of ten million orders, beside the same out of ten thousand.

`GET /orders?page=k&size=20&sort=…` with 64 connections: the first page by number, the newest first, by
quantity (a ninth of all orders has each); and deep ones by number, the page in the middle and the last.
The page in the middle by quantity, which has to be counted to, is asked for by one client. Before, each
page is compared with what bench/fill has written.
"""
import contextlib
import dataclasses
import itertools

from harness import fill, load
from harness.baedal import Baedal
from harness.ordering import TAKING
from harness.rounds import Comparison, Round, Row, Slices, in_turn, require, without_errors

LARGE, SMALL, SIZE, QUANTITIES = 10_000_000, 10_000, 20, 9


@dataclasses.dataclass(frozen=True)
class Page:
    """`place` of the last page's number: 0 the first, 1 the last."""

    work: str
    place: float
    sort: str
    goal: float | None = None
    connections: int = 64

    def number(self, orders):
        return round((orders // SIZE - 1) * self.place)

    def path(self, orders):
        return f"/orders?page={self.number(orders)}&size={SIZE}&sort={self.sort}"

    def expected_ids(self, orders):
        """bench/fill gives order n the quantity 1 + n % 9."""
        skipped = self.number(orders) * SIZE
        if self.sort == "orderId,desc":
            return list(range(orders - skipped, orders - skipped - SIZE, -1))
        if self.sort == "qty":
            by_quantity = itertools.chain.from_iterable(
                range(quantity - 1 or QUANTITIES, orders + 1, QUANTITIES) for quantity in range(1, QUANTITIES + 1))
            return list(itertools.islice(by_quantity, skipped, skipped + SIZE))
        return list(range(skipped + 1, skipped + SIZE + 1))


PAGES = {
    "": Page("the first page", 0, "orderId", goal=0.9),
    "newest": Page("the first page, newest first", 0, "orderId,desc", goal=0.9),
    "quantity": Page("the first page by quantity", 0, "qty", goal=0.9),
    "middle": Page("the page in the middle", 0.5, "orderId"),
    "last": Page("the last page", 1, "orderId"),
    "counted": Page("the page in the middle by quantity, one client", 0.5, "qty", connections=1)}


class Store:
    """A system with so many orders."""

    def __init__(self, baedal, orders):
        self.baedal, self.orders = baedal, orders

    def check(self, page):
        path = page.path(self.orders)
        answer = self.baedal.ask("GET", path)
        require(answer.status == 200, f"GET {path}: {answer.status} {answer.body}")
        told = answer.json()
        expected = {"size": SIZE, "totalElements": self.orders, "totalPages": self.orders // SIZE,
                    "number": page.number(self.orders)}
        require(told["page"] == expected, f"GET {path}: {told['page']}, not {expected}")
        ids = [order["orderId"] for order in told["_embedded"]["orders"]]
        require(ids == page.expected_ids(self.orders), f"GET {path}: orders {ids}")

    def read(self, page, seconds):
        path = page.path(self.orders)
        return without_errors(load.run(self.baedal.url + path, seconds, page.connections), path)


def measure(given, folder):
    with contextlib.ExitStack() as stack:
        stores = []
        for orders in (LARGE, SMALL):
            fill.fill(folder / str(orders) / "data", orders=orders)
            baedal = stack.enter_context(Baedal(folder / str(orders), given.binary, **TAKING))
            stores.append(Store(baedal, orders))
        for store, page in itertools.product(stores, PAGES.values()):
            store.check(page)
            store.read(page, 1)
        for number in itertools.count():
            yield one_round(given, stores, number)


def one_round(given, stores, number):
    slices, figures, record = Slices([store.baedal for store in stores]), {}, {}
    for key, page in PAGES.items():
        done = in_turn(number, {store.orders: lambda store=store: slices.run(
            f"{page.work} of {store.orders}", [store.baedal], lambda: store.read(page, given.seconds))
            for store in stores})
        large, small = done[LARGE], done[SMALL]
        figures[key] = {"cpu_ratio": large.cpu_per_request / small.cpu_per_request,
                        "rate_ratio": large.rate / small.rate}
        record |= {f"pages/s of {LARGE:,}: {page.work}": large.rate, f"pages/s of {SMALL:,}: {page.work}": small.rate}
    return Round(figures.pop(""), slices.foreign, also=figures, record=record)


WORK, PEER = f"GET /orders?page=k&size={SIZE}&sort=… of {LARGE:,} orders", f"the same of {SMALL:,} orders"
ROW = Row(
    number=5, name="orders_pages", measure=measure, work=f"{WORK}: {PAGES[''].work}", peer=PEER,
    rate_goal=PAGES[""].goal,
    also={key: Comparison(work=f"{WORK}: {page.work}", peer=PEER, rate_goal=page.goal)
          for key, page in PAGES.items() if key},
    targets=("baedal", fill.TARGET))
