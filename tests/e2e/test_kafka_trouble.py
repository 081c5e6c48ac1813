"""The real program on a real Kafka broker: what others see on the topic and what it makes of others'
events; and what it does when the broker goes away, when the topic changes behind its back, when an
event is poison, and when a view's files are gone."""
import collections
import json
import os
import re
import shutil
import threading

import pytest
import requests

from harness.api import describe
from harness.command import run
from harness.invariants import check_everything
from harness.kafka import Broker
from harness.waiting import eventually

pytestmark = pytest.mark.skipif("BAEDAL_E2E_COMMAND" in os.environ, reason="starts processes of its own on a bus of its own")

IMPATIENT = ("--messaging.subscriber.attempts-max", "3", "--messaging.subscriber.pause-first", "1ms")
# What the original's consumers know of each event, in its order (between eventType, timestamp and me).
ORIGINAL = {
    "MenuCreated": ["id", "menuNm"],
    "Ordered": ["id", "menuId", "menuNm", "qty", "status", "deliveryStatus", "deliveryId"],
    "OrderCancelled": ["id", "menuId", "menuNm", "qty", "status", "deliveryStatus", "deliveryId"],
    "DeliveryStarted": ["id", "orderId", "status"],
}


@pytest.fixture(scope="module", name="broker")
def fixture_broker(tmp_path_factory):
    broker = Broker(tmp_path_factory.mktemp("kafka"))
    yield broker.start()
    broker.stop()


@pytest.fixture(name="topic")
def fixture_topic(broker, request):
    """A topic that no other test has."""
    return broker.topic(re.sub(r"\W", "-", request.node.name)[:100])


def services(server):
    """By name: what /actuator/outbox tells of each service of the process."""
    return {one["service"]: one for one in server.api.read("/actuator/outbox")["services"]}


def metric(server, name, **tags):
    """The sum of a metric's samples with these tags."""
    total = 0.0
    for line in server.api.get("/actuator/prometheus").text.splitlines():
        if line.startswith(name) and all(f'{key}="{value}"' in line for key, value in tags.items()):
            total += float(line.rsplit(" ", 1)[1])
    return total


def caught_up(server):
    behind = {name: one["lag"] for name, one in services(server).items() if one.get("lag")}
    assert not behind, f"still behind: {behind}"
    return True


def by_key(records):
    """The records of each key, in their order; those of menus and of orders apart."""
    keys = collections.defaultdict(list)
    for record in records:
        kind = "menu" if record["headers"]["type"].startswith("Menu") else "order"
        keys[kind, record["key"]].append(record)
    return keys


def check_order_per_key(records):
    """One key is in one partition; of what one service says about it, the first times are in order.
    What was sent again after a failure may come twice, under its own id."""
    for key, told in by_key(records).items():
        assert len({record["partition"] for record in told}) == 1, key
        versions = collections.defaultdict(list)
        seen = set()
        for record in told:
            if record["headers"]["ce_id"] not in seen:
                seen.add(record["headers"]["ce_id"])
                versions[record["headers"]["ce_source"]].append(json.loads(record["payload"])["version"])
        for source, numbers in versions.items():
            assert numbers == sorted(set(numbers)), f"{key} from {source}: {numbers}"


def test_kcat_reads_our_events_with_their_headers_and_all_that_the_original_says(launch, topic):
    server = launch(*topic.flags)
    menu = server.api.menu("Gimbab", price=4500)
    order = server.api.started_order(menu, qty=2)["orderId"]
    assert server.api.patch(f"/orders/{order}", {"status": "cancel"}).status_code == 200

    def all_told():
        told = {record["headers"]["type"]: record for record in topic.records()}
        assert set(ORIGINAL) <= set(told), sorted(told)
        return told
    for event_type, record in eventually(all_told).items():
        value, headers = json.loads(record["payload"]), record["headers"]
        assert headers["ce_specversion"] == "1.0" and headers["ce_type"] == headers["type"] == value["eventType"]
        assert headers["content-type"] == "application/json"
        assert re.fullmatch(r"[0-9a-f]+-\d+", headers["ce_id"]) and headers["ce_time"].endswith("Z")
        assert headers["ce_subject"] == record["key"]
        assert re.fullmatch(r"\d{14}", value["timestamp"]) and value["me"] is True
        names = list(value)
        assert names[:2] == ["eventType", "timestamp"] and names[-1] == "me"
        original = ORIGINAL.get(event_type, [])
        assert names[2:2 + len(original)] == original, event_type
        assert record["key"] == str(menu if event_type.startswith("Menu") else order)
    check_order_per_key(topic.records())


def test_events_of_the_originals_services_are_understood_without_key_and_headers(launch, topic):
    """As in its own captures: another shop's order service and payment service tell of order 4711."""
    server = launch(*topic.flags)
    eventually(topic.partitions)
    topic.write('{"eventType":"Ordered","timestamp":"20210223085635","id":4711,"menuId":1,"menuNm":"Gimbab","qty":3,'
                '"status":"ordered","deliveryStatus":null,"deliveryId":null,"me":true}')
    line = server.api.await_mypage
    eventually(lambda: server.api.mypage_of(4711))
    line(4711, menuNm="Gimbab", qty=3, status="ordered")
    # Our payment charges it, and our delivery starts: the whole chain follows a foreign order.
    server.api.await_payment(4711, "paid")
    delivery = line(4711, paymentStatus="paid", deliveryStatus="started")["deliveryId"]
    topic.write(f'{{"eventType":"DeliveryCompleted","timestamp":"20210223090000","id":{delivery},"orderId":4711,'
                '"status":"complete","me":true}')
    line(4711, deliveryStatus="complete")
    # A foreign Paid starts a delivery of an order nobody here knows; the event comes twice, as the
    # original's producers may send it.
    paid = '{"eventType":"Paid","timestamp":"20210223085640","id":9,"status":"paid","orderId":4712,"deliveryId":null,"me":true}'
    topic.write(paid)
    topic.write(paid)
    topic.write("not json at all")
    eventually(lambda: server.api.mypage_of(4712))
    line(4712, deliveryStatus="started")
    eventually(lambda: caught_up(server))
    started = [row for row in server.api.every("deliveries") if row["orderId"] == 4712]
    assert len(started) == 1, started


def test_a_poison_event_is_parked_while_others_go_on_and_the_operator_replays_it(launch, topic):
    server = launch(*topic.flags, *IMPATIENT, "--kafka.partitions", "1")
    api = server.api
    menu = api.menu("Gimbab", price=4500)
    late = api.started_order(menu)["orderId"] + 1
    # What never can be understood; and news of an order that is not there yet.
    topic.write("{", key="77", headers=["type=Ordered"])
    topic.write(json.dumps({"eventType": "DeliveryStarted", "id": 900, "orderId": late, "status": "started"}))

    def parked(**expected):
        told = {name: [event["type"] for event in one["parked"]] for name, one in services(server).items()}
        assert {name: told[name] for name in expected} == expected, told
        return True
    eventually(lambda: parked(payment=["Ordered"], mypage=["Ordered"], order=["DeliveryStarted"]))
    # Its own events wait behind the first of its key; others of the partition go on.
    assert api.order(menu) == late
    api.started_order(menu)
    eventually(lambda: parked(order=["DeliveryStarted", "Paid", "DeliveryStarted"]))
    assert api.read(f"/orders/{late}")["paymentStatus"] is None

    said = run("outbox", "ls", "--url", server.base_url).stdout
    assert re.search(rf"parked  \d+  DeliveryStarted  key {late}  in order after 3 attempts: order-not-found", said), said
    assert "order: 0 unsent, 3 parked, group order lags by 0" in said, said
    assert metric(server, "baedal_parked_events", service="order") == 3
    assert metric(server, "baedal_bus_lag", service="order", group="order") == 0
    # The order is there now. What is poison still stays.
    said = run("outbox", "retry", "--url", server.base_url)
    assert said.returncode == 0 and "order: 3 retried" in said.stdout and "payment: 0 retried" in said.stdout, said
    api.await_order(late, paymentStatus="paid", deliveryStatus="started")
    assert parked(order=[], payment=["Ordered"], mypage=["Ordered"])
    assert metric(server, "baedal_parked_events") == 2


class Load:
    """Clients that order, and cancel some of it, until told to end; every answer is looked at."""

    def __init__(self, api, menu, clients=2):
        self.api, self.menu = api, menu
        self.ordered, self.failures = [], []
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self._order) for _ in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join(timeout=30)
        assert not self.failures, self.failures[:5]

    def _order(self):
        while not self.ending.is_set():
            try:
                answer = self.api.post("/orders", {"menuId": self.menu})
                if answer.status_code != 201:
                    self.failures.append(describe(answer))
                    continue
                self.ordered.append(answer.json()["orderId"])
                if len(self.ordered) % 5 == 0:
                    answer = self.api.patch(f"/orders/{self.ordered[-1]}", {"status": "cancel"})
                    if answer.status_code != 200:
                        self.failures.append(describe(answer))
            except requests.RequestException as failure:
                self.failures.append(str(failure))
            self.ending.wait(0.02)


def rows(server):
    """The view's lines by order, without their links, which name the process."""
    return {row["orderId"]: {**row, "_links": None} for row in server.api.every("mypages")}


def await_bus(api, status):
    """What health says of the bus is what was so at the last look at the brokers."""
    eventually(lambda: api.get("/actuator/health").json()["components"]["bus"]["status"] == status, seconds_max=60)


def test_a_broker_that_is_away_for_seconds_under_load_loses_and_repeats_nothing(launch, broker, topic):
    server = launch(*topic.flags, "--kafka.publish-timeout", "2s")
    view = launch(*topic.flags, "--role", "mypage")
    api = server.api
    menu = api.menu("Gimbab", price=4500)
    with Load(api, menu) as load:
        eventually(lambda: len(load.ordered) > 20)
        broker.stop()
        try:
            before = len(load.ordered)
            eventually(lambda: metric(server, "baedal_outbox_oldest_age_seconds", service="order") > 5, pause=0.1)
            assert len(load.ordered) > before + 20, "orders are taken without a broker"
            # The rule: nothing but its own store decides whether a service can take requests.
            assert api.get("/actuator/health/liveness").status_code == 200
            assert api.get("/actuator/health/readiness").status_code == 200
            health = api.get("/actuator/health").json()
            assert health["components"]["bus"]["status"] == "DOWN", health
            assert "127.0.0.1" not in json.dumps(health)
        finally:
            broker.start()
        back = len(load.ordered)
        eventually(lambda: len(load.ordered) > back + 20)
    check_everything(api, load.ordered)
    eventually(lambda: caught_up(server) and caught_up(view))
    check_order_per_key(topic.records())
    await_bus(api, "UP")
    assert {order: row["status"] for order, row in rows(view).items()} == {
        order["orderId"]: order["status"] for order in api.every("orders")}


def test_added_partitions_and_a_deleted_topic_are_told_and_survived(launch, topic):
    server = launch(*topic.flags, "--kafka.partitions", "1",
                    "--kafka.properties", "topic.metadata.refresh.interval.ms=500")
    server.trouble_allowed = True  # a lost topic is an error in the log
    api = server.api
    menu = api.menu("Gimbab")
    first = api.started_order(menu)["orderId"]
    topic.add_partitions(4)
    eventually(lambda: "the number of partitions changed" in server.log_text())

    def on_new_partitions():
        api.order(menu)
        return {record["partition"] for record in topic.records()} > {0, 1}
    eventually(on_new_partitions, pause=0.2)
    check_everything(api, [first])
    eventually(lambda: caught_up(server))

    topic.delete()
    eventually(lambda: metric(server, "baedal_kafka_topics_lost_total") >= 1)
    assert "the topic is gone" in server.log_text()
    await_bus(api, "UP")  # without an event that would show it
    # Its events are lost; what they had said was done. The new topic carries on.
    last = api.started_order(menu)["orderId"]
    check_everything(api, [first, last])
    eventually(lambda: api.get("/actuator/health").json()["status"] == "UP")


def test_a_view_whose_files_are_gone_is_made_anew_from_the_topic(launch, topic):
    server = launch(*topic.flags)
    view = launch(*topic.flags, "--role", "mypage")
    menu = server.api.menu("Gimbab", price=4500)
    orders = [server.api.started_order(menu)["orderId"] for _ in range(5)]
    eventually(lambda: rows(view) == rows(server) and len(rows(view)) == 5)
    group = services(view)["mypage"]["group"]
    assert group != services(server)["mypage"]["group"], "each view needs every event"

    view.stop()
    orders.append(server.api.started_order(menu)["orderId"])
    view.start()
    eventually(lambda: rows(view) == rows(server) and len(rows(view)) == 6)
    assert services(view)["mypage"]["group"] == group
    assert metric(view, "baedal_kafka_received_total") < metric(server, "baedal_kafka_received_total") / 4, \
        "what it had is not read again"

    view.kill()
    shutil.rmtree(view.data / "mypage")
    assert server.api.patch(f"/orders/{orders[0]}", {"status": "cancel"}).status_code == 200
    view.start()
    orders.append(server.api.started_order(menu)["orderId"])
    eventually(lambda: rows(view) == rows(server) and sorted(rows(view)) == sorted(orders))
    assert services(view)["mypage"]["group"] != group
    check_everything(server.api, orders)
