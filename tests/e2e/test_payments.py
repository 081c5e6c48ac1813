"""Payments: every order has one, and what its provider says decides what becomes of the order. The
sandbox provider does what the order's paymentToken names."""
import pytest

from harness.api import assert_problem, describe, self_id


@pytest.fixture(scope="module")
def menu(api):
    return api.menu("Gimbab", price=4500)


@pytest.mark.parametrize("token", [{}, {"paymentToken": "tok_approve"}])
def test_an_approved_payment_is_paid_and_the_delivery_starts(api, menu, token):
    order = api.started_order(menu, qty=2, **token)
    payment = api.read(f"/payments/{order['paymentId']}")
    assert payment["status"] == "paid"
    assert (payment["orderId"], payment["amount"], payment["currency"]) == (order["orderId"], 9000, "KRW")
    assert api.payment_of(order["orderId"]) == payment


def test_a_declined_payment_cancels_the_order_and_nothing_is_delivered(api, menu):
    order_id = api.order(menu, paymentToken="tok_decline")
    order = api.await_order(order_id, status="cancel", paymentStatus="declined", deliveryStatus="cancelled")
    assert api.await_payment(order_id, "declined")["paymentId"] == order["paymentId"]
    assert api.read(f"/deliveries/{order['deliveryId']}")["status"] == "cancelled"
    api.await_mypage(order_id, status="cancel", paymentStatus="declined", deliveryStatus="cancelled")
    assert_problem(api.patch(f"/deliveries/{order['deliveryId']}", {"status": "complete"}), 409)


def test_an_unknown_outcome_is_asked_again_and_never_charged_twice(api, menu):
    order = api.started_order(menu, paymentToken="tok_timeout_then_approve")
    payments = [p for p in api.every("payments") if p["orderId"] == order["orderId"]]
    assert [payment["status"] for payment in payments] == ["paid"]


def test_a_cancelled_order_is_refunded(api, menu):
    order = api.started_order(menu)
    api.patch(f"/orders/{order['orderId']}", {"status": "cancel"})
    api.await_payment(order["orderId"], "refunded")
    api.await_order(order["orderId"], paymentStatus="refunded", status="cancel")
    api.await_mypage(order["orderId"], paymentStatus="refunded")


def test_a_refund_that_fails_twice_is_done_in_the_end(api, menu):
    order = api.started_order(menu, paymentToken="tok_refund_fails_twice")
    answer = api.patch(f"/orders/{order['orderId']}", {"status": "cancel"})
    assert answer.status_code == 200, describe(answer)
    api.await_payment(order["orderId"], "refunded")
    api.await_order(order["orderId"], paymentStatus="refunded")


def test_an_unknown_token_is_refused_or_declined_and_never_paid(api, menu):
    answer = api.post("/orders", {"menuId": menu, "paymentToken": "tok_of_nobody"})
    assert answer.status_code in (201, 400, 422), describe(answer)
    if answer.status_code == 201:
        api.await_order(answer.json()["orderId"], status="cancel", paymentStatus="declined")


def test_the_token_is_shown_nowhere(api, menu):
    order = api.started_order(menu, paymentToken="tok_approve")
    for path in (f"/orders/{order['orderId']}", f"/payments/{order['paymentId']}",
                 f"/mypages/search/findByOrderId?orderId={order['orderId']}"):
        assert "tok_approve" not in api.get(path).text


def test_payments_are_listed_and_found_by_order(api, menu):
    order = api.started_order(menu)
    listed = {self_id(payment): payment for payment in api.every("payments")}
    assert listed[order["paymentId"]]["orderId"] == order["orderId"]
    found = api.read(f"/payments/search/findByOrderId?orderId={order['orderId']}")
    assert self_id(found) == order["paymentId"]
    assert "findByOrderId" in api.read("/payments/search")["_links"]


@pytest.mark.parametrize("method, path", [("POST", "/payments"), ("PATCH", "/payments/1"), ("DELETE", "/payments/1")])
def test_nobody_writes_payments_from_outside(api, menu, method, path):
    api.started_order(menu)
    assert api.request(method, path, json={"status": "paid"}).status_code == 405
