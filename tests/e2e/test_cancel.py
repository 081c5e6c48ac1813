"""Cancelling: synchronous with the delivery, idempotent, refused once delivered, right at any time."""
import concurrent.futures

import pytest

from harness.api import assert_problem, describe
from harness.invariants import check_everything


@pytest.fixture(scope="module")
def menu(api):
    return api.menu("Gimbab", price=4500)


def cancel(api, order_id, **options):
    return api.patch(f"/orders/{order_id}", {"status": "cancel"}, **options)


def test_a_cancel_answers_200_with_both_states_changed(api, menu):
    order = api.started_order(menu)
    answer = cancel(api, order["orderId"])
    assert answer.status_code == 200, describe(answer)
    after = answer.json()
    assert (after["status"], after["deliveryStatus"], after["deliveryId"]) == ("cancel", "cancelled", order["deliveryId"])
    assert after["version"] > order["version"]
    assert api.read(f"/deliveries/{order['deliveryId']}")["status"] == "cancelled"


def test_a_cancel_of_a_delivered_order_is_409_with_the_order_as_it_is(api, menu):
    order = api.started_order(menu)
    api.patch(f"/deliveries/{order['deliveryId']}", {"status": "complete"})
    problem = assert_problem(cancel(api, order["orderId"]), 409)
    assert problem["order"]["orderId"] == order["orderId"]
    assert problem["order"]["status"] == "ordered"
    assert problem["order"]["_links"]["self"] == order["_links"]["self"]
    api.await_order(order["orderId"], status="ordered", deliveryStatus="complete", paymentStatus="paid")


def test_a_repeated_cancel_answers_200_again(api, menu):
    order_id = api.order(menu)
    for _ in range(3):
        answer = cancel(api, order_id)
        assert (answer.status_code, answer.json()["status"]) == (200, "cancel"), describe(answer)


def test_many_cancels_at_once_all_answer_200(api, menu):
    order = api.started_order(menu)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: cancel(api, order["orderId"]), range(16)))
    assert [answer.status_code for answer in answers] == [200] * 16
    api.await_order(order["orderId"], status="cancel", paymentStatus="refunded")


def test_a_cancel_right_behind_the_order_is_right(api, menu):
    """Before the payment, and before there is any delivery: the delivery that would start later
    must not, and what was paid by then comes back."""
    order_ids = [api.order(menu) for _ in range(30)]
    for order_id in order_ids:
        assert cancel(api, order_id).status_code == 200
    fresh = []
    for _ in range(30):
        fresh.append(api.order(menu))
        assert cancel(api, fresh[-1]).status_code == 200
    for order_id in order_ids + fresh:
        order = api.await_order(order_id, status="cancel", deliveryStatus="cancelled", paymentStatus="refunded")
        assert api.read(f"/deliveries/{order['deliveryId']}")["status"] == "cancelled"


@pytest.mark.parametrize("token", ["tok_timeout_then_approve", "tok_decline", "tok_refund_fails_twice"])
def test_a_cancel_while_the_payment_is_on_its_way_keeps_no_money(api, menu, token):
    order_id = api.order(menu, paymentToken=token)
    assert cancel(api, order_id).status_code == 200
    order = api.await_order(order_id, status="cancel", deliveryStatus="cancelled",
                            paymentStatus="declined" if token == "tok_decline" else "refunded")
    assert api.payment_of(order_id)["status"] == order["paymentStatus"]


def test_cancelling_the_delivery_cancels_the_order_too(api, menu):
    order = api.started_order(menu)
    answer = api.patch(f"/deliveries/{order['deliveryId']}", {"status": "cancelled"})
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled"), describe(answer)
    api.await_order(order["orderId"], status="cancel", deliveryStatus="cancelled", paymentStatus="refunded")
    api.await_mypage(order["orderId"], status="cancel", deliveryStatus="cancelled", paymentStatus="refunded")


def test_a_completed_delivery_can_neither_be_cancelled_nor_completed_into_something_else(api, menu):
    order = api.started_order(menu)
    path = f"/deliveries/{order['deliveryId']}"
    assert api.patch(path, {"status": "complete"}).status_code == 200
    assert api.patch(path, {"status": "complete"}).status_code == 200
    problem = assert_problem(api.patch(path, {"status": "cancelled"}), 409)
    assert problem["delivery"]["status"] == "complete"


def test_a_cancelled_order_is_not_taken_up_again(api, menu):
    order_id = api.order(menu)
    cancel(api, order_id)
    assert_problem(api.patch(f"/orders/{order_id}", {"status": "ordered"}), 409)
    assert api.read(f"/orders/{order_id}")["status"] == "cancel"


def test_after_all_that_every_invariant_holds(api):
    check_everything(api)
