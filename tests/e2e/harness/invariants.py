"""What must hold between orders, payments, deliveries and mypage once everything has settled:
the invariants of ARCHITECTURE.md section 5, as an outside reader sees them."""
import collections

from harness.api import describe, self_id
from harness.waiting import eventually

SETTLED = {
    # status, deliveryStatus: what the payment may then be
    ("ordered", "started"): {"paid"},
    ("ordered", "complete"): {"paid"},
    ("cancel", "cancelled"): {"refunded", "declined"},
}
SAME_ON_MYPAGE = ("menuId", "menuNm", "qty", "status", "deliveryStatus", "deliveryId", "amount",
                  "currency", "paymentId", "paymentStatus")


def unsettled(order):
    """Why this order is still on its way; None when it has settled."""
    allowed = SETTLED.get((order["status"], order["deliveryStatus"]))
    if not allowed or order["paymentStatus"] not in allowed:
        return {name: order[name] for name in ("orderId", "status", "deliveryStatus", "paymentStatus")}
    return None


def await_settled(api, seconds_max=60):
    """Waits until every order has settled; gives them all."""
    def reached():
        orders = list(api.every("orders"))
        waiting = [state for state in map(unsettled, orders) if state]
        assert not waiting, f"{len(waiting)} of {len(orders)} orders still on their way: {waiting[:5]}"
        return [orders]
    return eventually(reached, seconds_max=seconds_max, pause=0.2)[0]


def check_everything(api, answered_order_ids=(), seconds_max=60):
    """Waits for the end of all flows, then checks every invariant; gives the orders. What was read one
    after the other may have changed in between: what does not agree is read again, for a while."""
    orders = eventually(lambda: [_agreeing_orders(api, answered_order_ids, seconds_max)],
                        seconds_max=seconds_max, pause=0.2)[0]
    by_id = {order["orderId"]: order for order in orders}
    eventually(lambda: _check_mypages(api, by_id) or True, seconds_max=seconds_max, pause=0.2)
    return orders


def _agreeing_orders(api, answered_order_ids, seconds_max):
    orders = await_settled(api, seconds_max)
    by_id = {order["orderId"]: order for order in orders}
    assert len(by_id) == len(orders), "an order is listed twice"
    lost = set(answered_order_ids) - set(by_id)
    assert not lost, f"orders answered 201 are gone: {sorted(lost)[:10]}"

    payments = _by_order(api.every("payments"))
    deliveries = _by_order(api.every("deliveries"))
    assert set(payments) <= set(by_id) and set(deliveries) <= set(by_id), "rows of orders that are not there"
    for order_id, order in by_id.items():
        check_order(order, payments[order_id], deliveries[order_id])
    return orders


def _by_order(rows):
    grouped = collections.defaultdict(list)
    for row in rows:
        grouped[row["orderId"]].append(row)
    return grouped


def check_order(order, payments, deliveries):
    """That an order has one payment and one delivery, and agrees with both."""
    assert len(payments) == 1, f"{len(payments)} payments for {order}"
    assert len(deliveries) == 1, f"{len(deliveries)} deliveries for {order}"
    payment, delivery = payments[0], deliveries[0]
    assert order["paymentStatus"] == payment["status"], (order, payment)
    assert order["paymentId"] == payment["paymentId"], (order, payment)
    # A menu without a price costs nothing.
    assert (order["amount"] or 0, order["currency"]) == (payment["amount"] or 0, payment["currency"]), (order, payment)
    assert order["deliveryStatus"] == delivery["status"], (order, delivery)
    assert order["deliveryId"] == self_id(delivery), (order, delivery)


def _check_mypages(api, orders):
    for order_id, order in orders.items():
        answer = api.get("/mypages/search/findByOrderId", params={"orderId": order_id})
        assert answer.status_code == 200, describe(answer)
        row = answer.json()
        for name in SAME_ON_MYPAGE:
            assert row[name] == order[name], f"mypage of {order_id}: {name} {row[name]!r} is not {order[name]!r}"
