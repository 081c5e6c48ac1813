"""A service that is away delays what it does, and loses nothing of it."""
import concurrent.futures

from harness.api import assert_problem, self_id
from harness.invariants import check_everything
from harness.waiting import eventually
from topic import check_order_per_key, count

ORDERS = 1000


def place_orders(api, menu):
    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        return list(clients.map(lambda _: api.order(menu), range(ORDERS)))


def stop_all(cluster, role):
    for instance in cluster.of(role):
        instance.stop()


def start_all(cluster, role):
    for instance in cluster.of(role):
        instance.start()
    for instance in cluster.of(role):
        instance.await_ready()


def test_a_thousand_orders_are_taken_without_delivery_and_delivered_once_each_after(cluster, api):
    menu = api.menu("Gimbab", price=4500)
    stop_all(cluster, "delivery")
    orders = place_orders(api, menu)
    assert len(set(orders)) == ORDERS
    assert api.read(f"/orders/{orders[0]}")["deliveryStatus"] is None
    start_all(cluster, "delivery")
    check_everything(api, orders)
    check_order_per_key(cluster.records())


def test_a_thousand_orders_are_taken_without_payment_and_charged_once_each_after(cluster, api):
    menu = api.menu("Gimbab", price=4500)
    stop_all(cluster, "payment")
    orders = place_orders(api, menu)
    assert api.read(f"/orders/{orders[0]}")["paymentStatus"] is None
    start_all(cluster, "payment")
    check_everything(api, orders)


def test_a_thousand_orders_are_taken_without_mypage_and_shown_after(cluster, api):
    menu = api.menu("Gimbab", price=4500)
    stop_all(cluster, "mypage")
    orders = place_orders(api, menu)
    assert_problem(api.get("/mypages"), 503)
    start_all(cluster, "mypage")
    check_everything(api, orders)


def test_a_cancel_without_delivery_is_refused_and_tells_nobody(cluster, api):
    order = api.started_order(api.menu("Gimbab"))
    before = count(cluster.records(), "OrderCancelled")
    stop_all(cluster, "delivery")

    answer = api.patch(f"/orders/{order['orderId']}", {"status": "cancel"})

    assert_problem(answer, 503)
    assert int(answer.headers["Retry-After"]) >= 1
    assert "127.0.0.1" not in answer.text
    assert api.read(f"/orders/{order['orderId']}") == order
    assert count(cluster.records(), "OrderCancelled") == before

    start_all(cluster, "delivery")

    def cancelled():  # the breaker may still be open for a moment
        answer = api.patch(f"/orders/{order['orderId']}", {"status": "cancel"})
        assert answer.status_code == 200, answer.text
        return answer.json()
    assert eventually(cancelled)["status"] == "cancel"
    eventually(lambda: count(cluster.records(), "OrderCancelled") == before + 1, pause=0.2)
    delivery = api.read(f"/deliveries/search/findByOrderId?orderId={order['orderId']}")
    assert delivery["status"] == "cancelled" and self_id(delivery) == order["deliveryId"]
