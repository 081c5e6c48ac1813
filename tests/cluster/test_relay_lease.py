"""Of the processes of a service one carries the outbox of their database. It is killed, or halted for
longer than its lease and let go on: another takes over, and everything committed goes out. The old
holder, waking up, deletes nothing that it has not sent, and consumers see each effect once."""
import threading

import pytest
import requests

from harness.api import Api
from harness.load import check_promises
from harness.waiting import eventually
from topic import check_order_per_key

CLUSTER = {"copies": {role: 1 for role in ("menu", "payment", "delivery", "mypage")}}
ENOUGH = 100


class Orders:
    """Places orders at one instance, until the end of the `with` or of the instance."""

    def __init__(self, instance, menu):
        self.api, self.menu = Api(instance.url), menu
        self.placed = []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._place) for _ in range(4)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _place(self):
        while not self.stop.is_set():
            try:
                answer = self.api.post("/orders", {"menuId": self.menu}, timeout=15)
            except requests.RequestException:
                return
            if answer.status_code == 201:
                self.placed.append(answer.json()["orderId"])

    def await_more(self):
        before = len(self.placed)
        eventually(lambda: len(self.placed) >= before + ENOUGH)


def holders(cluster, instances):
    return [instance for instance in instances if cluster.metric(instance.name, "baedal_relay_lease", service="order")]


def unsent(cluster):
    return int(cluster.postgres.psql(cluster.options.database("order"), "SELECT count(*) FROM outbox"))


@pytest.fixture(scope="module")
def menu(cluster):
    menu = cluster.api.menu("Gimbab", price=4500)
    cluster.api.started_order(menu)
    return menu


def test_the_holder_is_killed_under_load(cluster, api, menu):
    [holder] = eventually(lambda: holders(cluster, cluster.of("order")))
    [other] = [instance for instance in cluster.of("order") if instance is not holder]
    with Orders(holder, menu) as first, Orders(other, menu) as second:
        first.await_more()
        holder.kill()
        second.await_more()
        eventually(lambda: holders(cluster, [other]))
        second.await_more()
    holder.start().await_ready()
    check_promises(api, first.placed + second.placed, [], [])
    eventually(lambda: unsent(cluster) == 0)
    check_order_per_key(cluster.records())


def test_the_holder_is_halted_past_its_lease_and_goes_on(cluster, api, menu):
    [holder] = eventually(lambda: holders(cluster, cluster.of("order")))
    [other] = [instance for instance in cluster.of("order") if instance is not holder]
    with Orders(holder, menu) as first, Orders(other, menu) as second:
        first.await_more()
        holder.halt()
        eventually(lambda: holders(cluster, [other]))
        second.await_more()
        holder.go_on()
        eventually(lambda: holders(cluster, cluster.of("order")) == [other])
        second.await_more()
    with Orders(holder, menu) as again:
        again.await_more()
    check_promises(api, first.placed + second.placed + again.placed, [], [])
    eventually(lambda: unsent(cluster) == 0)
    check_order_per_key(cluster.records())
