"""What an order has gone through: every event with its id and its time, whatever comes twice.

Method: the events of orders with every ending are held against themselves after a kill, when what was not noted as
taken in comes again, and after a rebuild, when all of it does.
"""
from harness.command import rebuild_mypage
from harness.waiting import eventually

SERVICES = {"Ordered": "order", "OrderCancelled": "order", "Paid": "payment", "PaymentFailed": "payment",
            "PaymentRefunded": "payment", "DeliveryStarted": "delivery", "DeliveryCompleted": "delivery",
            "DeliveryCancelled": "delivery"}


def events_of(api, order):
    document = api.read(api.read(f"/mypages/{order}")["_links"]["events"]["href"])
    assert document["_links"]["mypage"]["href"].endswith(f"/mypages/{order}")
    return document["_embedded"]["events"]


def told(api, order, *types):
    """Its events, once they are of those types."""
    def reached():
        events = events_of(api, order)
        assert {event["type"] for event in events} == set(types)
        return [events]
    return eventually(reached)[0]


def play(api):
    """A delivered, a cancelled and a declined order; gives the events of each."""
    menu = api.menu("Gimbab", price=4500)
    delivered, cancelled = (api.started_order(menu) for _ in range(2))
    declined = api.order(menu, paymentToken="tok_decline")
    assert api.patch(f"/deliveries/{delivered['deliveryId']}", {"status": "complete"}).status_code == 200
    assert api.patch(f"/orders/{cancelled['orderId']}", {"status": "cancel"}).status_code == 200
    return {
        delivered["orderId"]: told(api, delivered["orderId"], "Ordered", "Paid", "DeliveryStarted", "DeliveryCompleted"),
        cancelled["orderId"]: told(api, cancelled["orderId"], "Ordered", "Paid", "DeliveryStarted", "DeliveryCancelled",
                                   "OrderCancelled", "PaymentRefunded"),
        declined: told(api, declined, "Ordered", "PaymentFailed", "DeliveryCancelled", "OrderCancelled"),
    }


def test_every_step_is_there_with_its_time_and_what_comes_again_changes_nothing(launch):
    server = launch()
    known = play(server.api)
    for events in known.values():
        assert [event["service"] for event in events] == [SERVICES[event["type"]] for event in events]
        times = [event["time"] for event in events]
        assert times == sorted(times)
    ids = [event["id"] for events in known.values() for event in events]
    assert len(set(ids)) == len(ids) and all(ids)

    server.kill()
    server.start().api.await_up()
    assert {order: events_of(server.api, order) for order in known} == known
    rebuild_mypage(server)  # fails when a line differs, and its steps are a part of it
    assert {order: events_of(server.api, order) for order in known} == known


def test_events_are_asked_for_again_only_when_there_are_more(api):
    order = api.started_order(api.menu("Juice", price=100))
    path = f"/mypages/{order['orderId']}/events"
    told(api, order["orderId"], "Ordered", "Paid", "DeliveryStarted")
    tag = api.get(path).headers["ETag"]
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert api.patch(f"/deliveries/{order['deliveryId']}", {"status": "complete"}).status_code == 200
    told(api, order["orderId"], "Ordered", "Paid", "DeliveryStarted", "DeliveryCompleted")
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert api.get("/mypages/987654321/events").status_code == 404
