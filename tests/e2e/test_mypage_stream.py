"""An order followed by server-sent events: what is told, and what is told again.

Method: raw sockets to the real program.
"""
import pytest

from harness.follower import Follower


@pytest.fixture(scope="module")
def menu(api):
    return api.menu(price=4500)


def test_a_follower_sees_the_order_delivered(api, server, menu):
    order = api.started_order(menu)
    with Follower(server.port, order["orderId"]) as follower:
        version, line = follower.event()
        assert line["deliveryStatus"] == "started"
        assert line["_links"]["stream"]["href"].endswith(f"/mypages/{order['orderId']}/stream")
        api.patch(f"/deliveries/{line['deliveryId']}", {"status": "complete"})
        newer, line = follower.event()
        assert newer > version
        assert line["deliveryStatus"] == "complete"


def test_who_comes_back_hears_only_of_what_is_newer(api, server, menu):
    order = api.started_order(menu)["orderId"]
    with Follower(server.port, order) as follower:
        version, line = follower.event()
    with Follower(server.port, order, last_event=version) as again:
        api.patch(f"/deliveries/{line['deliveryId']}", {"status": "complete"})
        assert again.event()[1]["deliveryStatus"] == "complete"
    with Follower(server.port, order, last_event="nonsense") as strange:
        assert strange.event()[1]["deliveryStatus"] == "complete"


def test_an_order_nobody_knows_is_not_followed(api):
    assert api.get("/mypages/987654321/stream").status_code == 404
