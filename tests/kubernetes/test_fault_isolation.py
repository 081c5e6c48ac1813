"""Delivery is gone: orders are taken as ever, only a cancel, which needs it, is refused; when it is back,
everything catches up."""
from harness.figures import figure
from harness.kubectl import eventually


def test_orders_are_taken_without_delivery_and_everything_catches_up(distributed):
    menu = distributed.ask("POST", "/menus", {"menuNm": "Gimbab"})[1]["_links"]["self"]["href"].rsplit("/", 1)[1]
    distributed.scale("deployment/delivery", 0)
    eventually(lambda: not distributed.pods("delivery", with_dying=True), 120)
    with distributed.orders_placed(clients=4) as placed:
        order = distributed.ask("POST", "/orders", {"menuId": int(menu), "qty": 1})[1]["orderId"]
        status, problem = distributed.ask("PATCH", f"/orders/{order}", {"status": "cancel"})
        assert status == 503, problem
        assert distributed.ask("GET", f"/orders/{order}")[1]["status"] == "ordered"
        assert distributed.ask("GET", "/deliveries")[0] in (502, 503)
    assert not placed.failures, placed.failures[:3]
    assert len(placed.orders) > 10
    assert distributed.ask("GET", f"/orders/{placed.orders[0]}")[1]["deliveryStatus"] is None

    distributed.scale("deployment/delivery", 1)
    distributed.rolled_out("deployment/delivery")
    distributed.check_promises([*placed.orders, order])

    def cancelled():
        status, body = distributed.ask("PATCH", f"/orders/{order}", {"status": "cancel"})
        return status == 200 and (body["status"], body["deliveryStatus"]) == ("cancel", "cancelled")
    eventually(cancelled, 60)
    distributed.check_promises([*placed.orders, order])
    figure("fault isolation", f"delivery scaled to 0: {len(placed.orders)} orders 201, cancel 503; scaled up: all "
           "delivered, cancel 200", orders=len(placed.orders))
