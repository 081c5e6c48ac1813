"""The invariants of ARCHITECTURE.md section 5 over a million orders: read in pages, as little kept of each row
as they need. What the end-to-end tests ask of a few orders (harness.invariants) is asked of each here."""
import sys
from operator import itemgetter

from harness.api import describe, self_id
from harness.invariants import SAME_ON_MYPAGE, check_order, unsettled
from harness.waiting import eventually

PAGE_SIZE = 1000
SETTLE_SECONDS_MAX = 600
LATE_MAX = 20_000  # rows read again one by one, because they were still on their way
OF_PAYMENT = ("orderId", "paymentId", "status", "amount", "currency")
OF_ORDER = ("orderId", *SAME_ON_MYPAGE)


def await_last(api):
    """Until the newest order has settled."""
    newest = api.read("/orders?size=1&sort=orderId,desc")["_embedded"]["orders"][0]["orderId"]
    eventually(lambda: not unsettled(api.read(f"/orders/{newest}")), seconds_max=SETTLE_SECONDS_MAX, pause=0.2)


def check(api, people):
    """Waits until every flow has ended, checks all of them and what was promised to these people; gives the
    number of orders."""
    await_last(api)
    orders = {order["orderId"]: lean(itemgetter(*OF_ORDER)(order)) for order in api.every("orders", PAGE_SIZE)}
    for order_id in still_on_their_way(orders):
        orders[order_id] = eventually(lambda number=order_id: settled_order(api, number),
                                      seconds_max=SETTLE_SECONDS_MAX, pause=0.2)
    payments = grouped(orders, ((row["orderId"], lean(itemgetter(*OF_PAYMENT)(row)))
                                for row in api.every("payments", PAGE_SIZE)))
    deliveries = grouped(orders, ((row["orderId"], lean((row["status"], self_id(row))))
                                  for row in api.every("deliveries", PAGE_SIZE)))
    for order_id, values in orders.items():
        check_order(dict(zip(OF_ORDER, values)), [dict(zip(OF_PAYMENT, one)) for one in payments.get(order_id, ())],
                    [as_delivery(*one) for one in deliveries.get(order_id, ())])
    check_mypages(api, orders)
    check_answers(orders, people)
    return len(orders)


def lean(values):
    """The same, where equal words are one object: there are few words and millions of rows."""
    return tuple(sys.intern(value) if isinstance(value, str) else value for value in values)


def still_on_their_way(orders):
    late = [order_id for order_id, values in orders.items() if unsettled(dict(zip(OF_ORDER, values)))]
    assert len(late) <= LATE_MAX, f"{len(late)} of {len(orders)} orders are still on their way"
    return late


def settled_order(api, order_id):
    order = api.read(f"/orders/{order_id}")
    assert not unsettled(order), unsettled(order)
    return itemgetter(*OF_ORDER)(order)


def grouped(orders, rows):
    """{order: its rows}"""
    of_order = {}
    for order_id, row in rows:
        assert order_id in orders, f"a row of order {order_id}, which is not there: {row}"
        of_order.setdefault(order_id, []).append(row)
    return of_order


def as_delivery(status, number):
    return {"status": status, "_links": {"self": {"href": f"/deliveries/{number}"}}}


def check_mypages(api, orders):
    """Every order has its line in the view, with the same words."""
    seen = {row["orderId"]: lean(itemgetter(*SAME_ON_MYPAGE)(row)) for row in api.every("mypages", PAGE_SIZE)}
    differing = [order_id for order_id, values in orders.items() if seen.get(order_id) != values[1:]]
    assert len(differing) <= LATE_MAX, f"{len(differing)} of {len(orders)} lines of mypage are not as their orders"
    for order_id in differing:
        eventually(lambda number=order_id: check_line(api, number, orders[number][1:]),
                   seconds_max=SETTLE_SECONDS_MAX, pause=0.2)


def check_line(api, order_id, expected):
    answer = api.get("/mypages/search/findByOrderId", params={"orderId": order_id})
    assert answer.status_code == 200, describe(answer)
    assert itemgetter(*SAME_ON_MYPAGE)(answer.json()) == expected, describe(answer)
    return True


def check_answers(orders, people):
    """What was answered 2xx is so."""
    status, delivery = OF_ORDER.index("status"), OF_ORDER.index("deliveryStatus")
    lost = [number for number in people.ordered if number not in orders]
    undone = [number for number in people.cancelled if orders[number][status] != "cancel"]
    undone += [number for number in people.completed if orders[number][delivery] != "complete"]
    assert not lost and not undone, f"answered and not so: orders {lost[:10]}, cancels and completes {undone[:10]}"
