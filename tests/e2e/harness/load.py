"""Clients that order, and cancel or complete some of it, for tests that break things meanwhile."""
import random
import threading

import requests

from harness.invariants import check_everything

CLIENTS = 4
TOKENS = [{}, {}, {}, {"paymentToken": "tok_decline"}, {"paymentToken": "tok_timeout_then_approve"}]


class Load:
    """Clients until the end of the `with`, or, when they do not `survive`, until the server is gone.
    Keeps what was promised to them; answers of 5xx promise nothing."""

    def __init__(self, api, menu, known, seed, survive=False, clients=CLIENTS, refusals=(503,)):
        self.api, self.menu, self.known, self.seed = api, menu, known, seed
        self.survive, self.refusals = survive, refusals
        self.ordered = []
        self.cancelled = []   # cancels answered 200
        self.completed = []   # order ids whose delivery was answered complete
        self.refused = 0
        self.failures = []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._client, args=(number,)) for number in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join(timeout=60)
        assert not self.failures, self.failures[:5]

    def _client(self, number):
        chance = random.Random(f"{self.seed}-{number}")
        while not self.stop.is_set():
            try:
                self._step(chance)
            except requests.RequestException:
                if not self.survive:
                    return  # killed under our hands: nothing was promised
                self.refused += 1
                self.stop.wait(0.05)

    def _step(self, chance):
        answer = self.api.post("/orders", {"menuId": self.menu, **chance.choice(TOKENS)}, timeout=10)
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
        answer = self.api.get(f"/orders/{order_id}", timeout=10)
        self._expect(answer, 200)
        delivery_id = answer.json().get("deliveryId")
        if delivery_id is None:
            return
        answer = self.api.patch(f"/deliveries/{delivery_id}", {"status": "complete"}, timeout=10)
        self._expect(answer, 200, 409)
        if answer.status_code == 200:
            self.completed.append(order_id)

    def _expect(self, answer, *statuses):
        if answer.status_code in self.refusals:
            self.refused += 1
        elif answer.status_code not in statuses:
            self.failures.append(f"{answer.request.method} {answer.request.path_url}: {answer.status_code} {answer.text[:200]}")


def check_promises(api, ordered, cancelled, completed):
    orders = {order["orderId"]: order for order in check_everything(api, ordered, seconds_max=90)}
    broken = [order_id for order_id in cancelled if orders[order_id]["status"] != "cancel"]
    assert not broken, f"cancels answered 200 are undone: {broken[:10]}"
    broken = [order_id for order_id in completed if orders[order_id]["deliveryStatus"] != "complete"]
    assert not broken, f"completes answered 200 are undone: {broken[:10]}"
