"""One real program per test file, after the whole story has been played on it."""
import collections
import functools
import json

import pytest
import yaml

from harness.command import ROOT
from harness.server import Server
from harness.waiting import eventually

API = ROOT / "api"
FLAGS = ("--management.demo-endpoints", "true", "--management.health.show-details", "always")

Story = collections.namedtuple("Story", "server api menu_id delivered_id cancelled_id declined_id open_id")


@functools.cache
def load_yaml(name):
    with open(API / name, encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def event_schemas():
    """Event type -> its schema."""
    files = sorted((API / "events").glob("*.schema.json"))
    return {file.name.split(".")[0]: json.loads(file.read_text(encoding="utf-8")) for file in files}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server") / "data", *FLAGS).start()
    yield play(server)
    server.stop()


def play(server):
    """Every event type is told once at least. Order 1 and what belongs to it have the id 1."""
    api = server.api
    menu = api.menu("Gimbab", price=4500)
    delivered = api.started_order(menu)
    cancelled = api.started_order(menu, qty=2, paymentToken="tok_approve")["orderId"]
    assert api.patch(f"/orders/{cancelled}", {"status": "cancel"}).status_code == 200
    declined = api.order(menu, paymentToken="tok_decline")
    api.await_order(declined, status="cancel", paymentStatus="declined")
    completed = api.started_order(menu)
    assert api.patch(f"/deliveries/{completed['deliveryId']}", {"status": "complete"}).status_code == 200
    assert api.patch(f"/menus/{menu}", {"price": 5000}).status_code == 200
    juice = api.menu("Juice")
    assert api.delete(f"/menus/{juice}").status_code == 204
    api.await_payment(cancelled, "refunded")
    for order in (delivered["orderId"], cancelled, declined, completed["orderId"]):
        eventually(lambda order=order: api.mypage_of(order))
    return Story(server, api, menu, completed["orderId"], cancelled, declined, delivered["orderId"])
