"""The seed's requirements, one test for each sentence of its list, through the gateway's address.
(The two about a delivery service that is down need several processes and are tested there.)"""
import pytest

from harness.api import describe
from harness.waiting import eventually


@pytest.fixture(scope="module")
def menu(api):
    return api.menu("Gimbab", price=4500)


def test_a_customer_chooses_menu_and_quantity_and_orders(api, menu):
    order = api.read(f"/orders/{api.order(menu, qty=3)}")
    assert (order["menuId"], order["menuNm"], order["qty"]) == (menu, "Gimbab", 3)
    assert (order["amount"], order["currency"]) == (13500, "KRW")


def test_an_order_that_was_placed_has_the_state_ordered(api, menu):
    assert api.read(f"/orders/{api.order(menu)}")["status"] == "ordered"


def test_a_delivery_starts_by_itself_when_an_order_was_placed(api, menu):
    order = api.started_order(menu)
    delivery = api.read(f"/deliveries/{order['deliveryId']}")
    assert (delivery["orderId"], delivery["status"]) == (order["orderId"], "started")


def test_the_delivery_state_of_the_order_becomes_started(api, menu):
    assert api.started_order(menu)["deliveryStatus"] == "started"


def test_a_courier_completes_the_delivery_and_its_state_becomes_complete(api, menu):
    order = api.started_order(menu)
    answer = api.patch(f"/deliveries/{order['deliveryId']}", {"status": "complete"})
    assert (answer.status_code, answer.json()["status"]) == (200, "complete"), describe(answer)
    api.await_order(order["orderId"], deliveryStatus="complete", status="ordered")


def test_a_customer_can_cancel_an_order(api, menu):
    answer = api.patch(f"/orders/{api.order(menu)}", {"status": "cancel"})
    assert answer.status_code == 200, describe(answer)


def test_an_order_whose_delivery_is_complete_cannot_be_cancelled(api, menu):
    order = api.started_order(menu)
    api.patch(f"/deliveries/{order['deliveryId']}", {"status": "complete"})
    answer = api.patch(f"/orders/{order['orderId']}", {"status": "cancel"})
    assert answer.status_code == 409, describe(answer)
    assert api.read(f"/orders/{order['orderId']}")["status"] == "ordered"


def test_a_cancelled_order_has_the_state_cancel(api, menu):
    order_id = api.order(menu)
    api.patch(f"/orders/{order_id}", {"status": "cancel"})
    assert api.read(f"/orders/{order_id}")["status"] == "cancel"


def test_the_delivery_of_a_cancelled_order_is_cancelled_too(api, menu):
    order = api.started_order(menu)
    api.patch(f"/orders/{order['orderId']}", {"status": "cancel"})
    assert api.read(f"/deliveries/{order['deliveryId']}")["status"] == "cancelled"


def test_every_order_is_paid(api, menu):
    order_id = api.order(menu, qty=2)
    payment = api.await_payment(order_id, "paid")
    assert (payment["amount"], payment["currency"]) == (9000, "KRW")
    api.await_order(order_id, paymentStatus="paid", paymentId=payment["paymentId"])


def test_a_customer_looks_at_the_order_state_from_time_to_time(api, menu):
    order_id = api.order(menu)
    seen = set()

    def look():
        order = api.read(f"/orders/{order_id}")
        seen.add((order["status"], order["deliveryStatus"]))
        return order["deliveryStatus"] == "started"

    eventually(look)
    assert seen <= {("ordered", None), ("ordered", "started")}


def test_an_order_is_not_cancelled_unless_its_delivery_is(api, menu):
    """Whenever the order says cancel, its delivery already says cancelled."""
    order = api.started_order(menu)
    answer = api.patch(f"/orders/{order['orderId']}", {"status": "cancel"})
    delivery = api.read(f"/deliveries/{order['deliveryId']}")
    assert (answer.json()["status"], delivery["status"]) == ("cancel", "cancelled")


def test_a_customer_sees_order_and_delivery_state_on_mypage(api, menu):
    order = api.started_order(menu)
    api.await_mypage(order["orderId"], status="ordered", deliveryStatus="started",
                     deliveryId=order["deliveryId"], menuNm="Gimbab", paymentStatus="paid")
    api.patch(f"/orders/{order['orderId']}", {"status": "cancel"})
    api.await_mypage(order["orderId"], status="cancel", deliveryStatus="cancelled", paymentStatus="refunded")
