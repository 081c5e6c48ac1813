"""kill -9 at any moment under load, twenty times on one data folder: every order that was answered
201 is there, its payment and delivery complete by themselves, and nothing happened twice.

Method: clients place, cancel and complete; after a random fraction of a second the process is killed,
started again on the same data, and loaded again at once while it recovers. Once at the half and once
at the end all flows are waited for and every invariant is checked on every order.
"""
import random
import threading
import time

import requests

from harness.invariants import check_everything

ROUNDS = 20
CLIENTS = 4
LOAD_SECONDS = (0.05, 0.5)
SEED = 9


class Load:
    """Clients that order, and cancel or complete some of it, until the server is gone."""

    def __init__(self, api, menu, known, seed):
        self.api, self.menu, self.known, self.seed = api, menu, known, seed
        self.ordered = []
        self.cancelled = []   # cancels answered 200
        self.completed = []   # order ids whose delivery was answered complete
        self.failures = []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._client, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join(timeout=30)
        assert not self.failures, self.failures[:5]

    def _client(self, number):
        chance = random.Random(f"{self.seed}-{number}")
        while not self.stop.is_set():
            try:
                self._step(chance)
            except requests.RequestException:
                return  # killed under our hands: nothing was promised

    def _step(self, chance):
        token = chance.choice([{}, {}, {}, {"paymentToken": "tok_decline"}, {"paymentToken": "tok_timeout_then_approve"}])
        answer = self.api.post("/orders", {"menuId": self.menu, **token}, timeout=10)
        self._expect(answer, 201)
        if answer.status_code == 201:
            self.ordered.append(answer.json()["orderId"])
        pool = self.known + self.ordered
        if not pool or chance.random() < 0.5:
            return
        order_id = chance.choice(pool)
        if chance.random() < 0.5:
            answer = self.api.patch(f"/orders/{order_id}", {"status": "cancel"}, timeout=10)
            self._expect(answer, 200, 409)
            if answer.status_code == 200:
                self.cancelled.append(order_id)
        else:
            self._complete(order_id)

    def _complete(self, order_id):
        delivery_id = self.api.get(f"/orders/{order_id}", timeout=10).json()["deliveryId"]
        if delivery_id is None:
            return
        answer = self.api.patch(f"/deliveries/{delivery_id}", {"status": "complete"}, timeout=10)
        self._expect(answer, 200, 409)
        if answer.status_code == 200:
            self.completed.append(order_id)

    def _expect(self, answer, *statuses):
        if answer.status_code not in (*statuses, 503):
            self.failures.append(f"{answer.request.method} {answer.request.path_url}: {answer.status_code} {answer.text[:200]}")


def check_promises(api, ordered, cancelled, completed):
    orders = {order["orderId"]: order for order in check_everything(api, ordered, seconds_max=90)}
    broken = [order_id for order_id in cancelled if orders[order_id]["status"] != "cancel"]
    assert not broken, f"cancels answered 200 are undone: {broken[:10]}"
    broken = [order_id for order_id in completed if orders[order_id]["deliveryStatus"] != "complete"]
    assert not broken, f"completes answered 200 are undone: {broken[:10]}"


def test_twenty_kills_under_load_break_no_promise(launch):
    chance = random.Random(SEED)
    server = launch()
    menu = server.api.menu("Gimbab", price=4500)
    ordered, cancelled, completed = [], [], []
    for number in range(ROUNDS):
        with Load(server.api, menu, ordered[-50:], seed=number) as load:
            load.threads[0].join(timeout=chance.uniform(*LOAD_SECONDS))
            server.kill()
        ordered += load.ordered
        cancelled += load.cancelled
        completed += load.completed
        server.start()
        if number == ROUNDS // 2:
            check_promises(server.api, ordered, cancelled, completed)
    assert ordered and cancelled and completed, "the load did nothing, the test proves nothing"
    check_promises(server.api, ordered, cancelled, completed)


def test_a_kill_during_the_start_does_no_harm(launch):
    chance = random.Random(SEED)
    server = launch()
    menu = server.api.menu("Gimbab")
    ordered = [server.api.order(menu) for _ in range(50)]
    for _ in range(10):
        server.kill()
        begun = launch.prepare(data=server.data, log=server.log)
        starter = threading.Thread(target=_start_ignoring_death, args=(begun,))
        starter.start()
        end = time.monotonic() + 10
        while begun.process is None and time.monotonic() < end:
            starter.join(timeout=0.001)
        starter.join(timeout=chance.uniform(0, 0.08))
        begun.kill()
        starter.join(timeout=30)
        server.start()
    check_everything(server.api, ordered)


def _start_ignoring_death(server):
    try:
        server.start()
    except AssertionError:
        pass  # killed before its ready line: that is the test
