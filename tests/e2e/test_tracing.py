"""Traces: one for an order, from the request to the last service that heard of it, through the
gateway, over calls and over events, exported as OTLP. And a collector that is away, refuses or hangs
costs spans, and nothing else.

Method: runs of the program on loopback and a collector in this process that takes nothing but
what the specification allows.
"""
import os
import re
import secrets

import pytest

from harness.api import describe
from harness.collector import Collector
from harness.command import run
from harness.kafka import Broker
from harness.waiting import eventually

pytestmark = pytest.mark.skipif("BAEDAL_E2E_COMMAND" in os.environ, reason="starts processes of its own")

SERVICES = ("menu", "order", "payment", "delivery", "mypage")


@pytest.fixture(name="collector")
def fixture_collector():
    with Collector() as collector:
        yield collector


def new_trace(sampled=True):
    """(trace id, the header of a client that began it)"""
    trace = secrets.token_hex(16)
    return trace, {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-0{int(sampled)}"}


def place(api, menu, headers=None):
    answer = api.post("/orders", {"menuId": menu, "qty": 1, "paymentToken": "tok_approve"}, headers=headers)
    assert answer.status_code == 201, describe(answer)
    return answer.json()["orderId"]


def handler(span):
    """The service whose group it is: "order", "TOPIC-order", "mypage-…"."""
    return re.search(r"\b(order|payment|delivery|mypage)\b", span.attributes["messaging.consumer.group.name"]).group(1)


def processed(collector, trace):
    """(service that handled it, event) of a trace."""
    return {(handler(span), span.attributes["cloudevents.event_type"])
            for span in collector.spans(trace=trace, kind="CONSUMER")}


# Who hears of what until an order is on its way.
PLACED = {("payment", "Ordered"), ("mypage", "Ordered"), ("order", "Paid"), ("delivery", "Paid"), ("mypage", "Paid"),
          ("order", "DeliveryStarted"), ("mypage", "DeliveryStarted")}


def whole(collector, trace, groups=PLACED):
    def reached():
        seen = processed(collector, trace)
        assert groups <= seen, f"missing: {groups - seen}"
        spans = collector.spans(trace=trace)
        ids = {span.id for span in spans}
        orphans = [span for span in spans if span.parent not in ids]
        assert len(orphans) == 1, f"not yet one tree: {orphans}"
        return spans
    return eventually(reached)


def path_to_root(spans, span):
    by_id = {one.id: one for one in spans}
    path = [span]
    while path[-1].parent in by_id:
        path.append(by_id[path[-1].parent])
    return path


def words(span):
    event = span.attributes.get("cloudevents.event_type")
    return f"{span.name} {event}" if event else span.name


def test_one_process_one_order_one_trace(launch, collector):
    api = launch(*collector.flags).api
    menu = api.menu("Gimbab", price=3500)
    trace, headers = new_trace()
    order = place(api, menu, headers)
    spans = whole(collector, trace)
    servers = [span for span in spans if span.kind == "SERVER"]
    assert len(servers) == 1, "passed on within the process it is one request"
    request = servers[0]
    assert request.name == "POST /orders" and request.service == "baedal"
    assert request.parent == headers["traceparent"].split("-")[2]
    assert request.attributes["http.route"] == "/orders"
    assert request.attributes["http.response.status_code"] == 201
    assert request.attributes["url.path"] == "/orders"
    assert request.attributes["baedal.order_id"] == order
    consumers = [span for span in spans if span.kind == "CONSUMER"]
    assert {span.attributes["baedal.order_id"] for span in consumers} == {order}
    last, = (span for span in consumers if span.attributes["cloudevents.event_type"] == "DeliveryStarted"
             and handler(span) == "mypage")
    assert [words(span) for span in reversed(path_to_root(spans, last))] == [
        "POST /orders", "publish events Ordered", "process events Ordered", "publish events Paid",
        "process events Paid", "publish events DeliveryStarted", "process events DeliveryStarted"]
    assert "tok_approve" not in str([span.raw for span in spans])


def test_a_request_without_a_trace_begins_one_and_a_broken_one_is_begun_anew(launch, collector):
    api = launch(*collector.flags).api
    for headers in ({}, {"traceparent": "00-" + "0" * 32 + "-" + "1" * 16 + "-01"}, {"traceparent": "nonsense"}):
        known = {span.trace for span in collector.spans()}
        api.read("/menus", headers=headers)
        root = eventually(lambda: [span for span in collector.spans(name="GET /menus") if span.trace not in known])[0]
        assert root.parent is None


def test_what_was_not_sampled_elsewhere_is_not_exported_and_probes_are_not(launch, collector):
    api = launch(*collector.flags).api
    menu = api.menu("Gimbab")
    trace, headers = new_trace(sampled=False)
    order = place(api, menu, headers)
    for path in ("/actuator/health", "/actuator/prometheus", "/livez"):
        assert api.get(path).status_code == 200
    api.await_mypage(order, deliveryStatus="started")
    marker, headers = new_trace()
    api.read("/menus", headers=headers)
    eventually(lambda: collector.spans(trace=marker))
    assert not collector.spans(trace=trace)
    assert not [span for span in collector.spans() if "/actuator" in span.name or "livez" in span.name]


def test_through_the_gateway_to_a_cancel_that_is_decided_elsewhere(launch, collector):
    """gateway -> order -> delivery, each a process of its own, and menu's answer to order."""
    ports = {}
    for role in ("menu", "delivery"):
        ports[role] = launch("--role", role, *collector.flags).base_url
    order = launch("--role", "order", "--menu.url", ports["menu"], "--delivery.url", ports["delivery"],
                   *collector.flags).base_url
    ports["order"] = order
    instances = ",".join(f"{name}={url}" for name, url in ports.items())
    api = launch("--role", "gateway", "--gateway.instances", instances, *collector.flags).api
    menu = api.menu("Gimbab")
    placing, headers = new_trace()
    number = place(api, menu, {**headers, "tracestate": "other=1"})
    trace, headers = new_trace()
    answer = api.patch(f"/orders/{number}", {"status": "cancel"}, headers=headers)
    assert answer.status_code == 200, describe(answer)

    def decided():
        spans = collector.spans(trace=trace)
        asked = [span for span in spans if span.service == "baedal-delivery" and span.kind == "SERVER"]
        assert asked and len([span for span in spans if span.kind == "SERVER"]) == 3
        return spans, asked[0]

    spans, asked = eventually(decided)
    path = [f"{span.service} {span.kind}" for span in reversed(path_to_root(spans, asked))]
    assert path == ["baedal-gateway SERVER", "baedal-gateway CLIENT", "baedal-order SERVER", "baedal-order CLIENT",
                    "baedal-delivery SERVER"]
    call, = (span for span in spans if span.service == "baedal-order" and span.kind == "CLIENT")
    assert call.attributes["url.full"] == f"{ports['delivery']}/deliveries/cancellations"
    assert call.attributes["http.response.status_code"] == 200
    known = eventually(lambda: collector.spans(trace=placing, service="baedal-menu", kind="SERVER"))
    assert known[0].name == "GET /menus/{id}" and known[0].raw["traceState"] == "other=1"


@pytest.mark.skipif("BAEDAL_SKIP_BROKER" in os.environ, reason="no broker here")
def test_over_kafka_an_order_is_one_trace(launch, collector, tmp_path_factory):
    broker = Broker(tmp_path_factory.mktemp("kafka")).start()
    try:
        topic = broker.topic("traced")
        first = launch("--role", "menu,order,mypage", "--delivery.url", "http://127.0.0.1:1", *topic.flags, *collector.flags)
        launch("--role", "payment,delivery", *topic.flags, *collector.flags)
        api = first.api
        menu = api.menu("Gimbab", price=3500)
        trace, headers = new_trace()
        order = place(api, menu, headers)
        api.await_mypage(order, deliveryStatus="started")
        spans = whole(collector, trace)
        assert {span.service for span in spans} == {"baedal-menu-order-mypage", "baedal-payment-delivery"}
        publish, = (span for span in spans if span.kind == "PRODUCER" and span.attributes["cloudevents.event_type"] == "Paid")
        assert publish.name == "publish traced" and publish.attributes["messaging.system"] == "kafka"
        record, = (one for one in topic.records() if one["headers"]["type"] == "Paid")
        assert record["headers"]["traceparent"] == f"00-{trace}-{publish.id}-01"
    finally:
        for server in launch.servers:
            server.stop()
        broker.stop()


def metric(api, outcome):
    for line in api.get("/actuator/prometheus").text.splitlines():
        if line.startswith("baedal_tracing_spans_total") and f'outcome="{outcome}"' in line:
            return float(line.rsplit(" ", 1)[1])
    raise AssertionError("no such metric")


@pytest.mark.parametrize("trouble", ["away", "refuses", "hangs"])
def test_a_collector_in_trouble_changes_nothing_for_customers(launch, collector, trouble):
    flags = list(collector.flags) + ["--tracing.queue-max", "20", "--tracing.batch-max", "5"]
    if trouble == "away":
        flags[1] = "http://127.0.0.1:1/v1/traces"
    elif trouble == "refuses":
        collector.status = 400
    else:
        collector.hold.clear()
    server = launch(*flags)
    api = server.api
    menu = api.menu("Gimbab")
    orders = [place(api, menu) for _ in range(20)]
    for order in orders:
        api.await_mypage(order, deliveryStatus="started")
    eventually(lambda: metric(api, "dropped") + metric(api, "failed") > 0)
    assert metric(api, "exported") == 0
    assert api.read("/actuator/health/readiness")["status"] == "UP"
    server.stop()


def test_a_collector_that_comes_back_is_told_again(launch, collector):
    collector.status = 503
    api = launch(*collector.flags).api
    trace, headers = new_trace()
    api.read("/menus", headers=headers)
    eventually(lambda: collector.requests > 0)
    collector.status = 200
    eventually(lambda: collector.spans(trace=trace))
    assert metric(api, "exported") >= 1 and metric(api, "failed") == 0


def test_what_waits_at_the_end_is_sent_and_its_headers_with_it(launch, collector):
    server = launch(*collector.flags, "--tracing.export-interval", "5m", "--tracing.service-name", "kimbap",
                    env={"BAEDAL_TRACING_OTLP_HEADERS": "api-key=s3cret"})
    trace, headers = new_trace()
    server.api.read("/menus", headers=headers)
    server.stop()
    assert [span.service for span in collector.spans(trace=trace, kind="SERVER")] == ["kimbap"]
    assert collector.headers[0]["api-key"] == "s3cret"
    assert "s3cret" not in server.log_text()


@pytest.mark.parametrize("endpoint", ["collector:4318", "https://collector:4318/v1/traces", "http://collector:4318",
                                      "http://user" + ":s3cret@collector/v1/traces"])
def test_an_endpoint_that_is_none_is_refused(endpoint):
    done = run("config", "check", "--tracing.otlp-endpoint", endpoint)
    assert done.returncode == 1 and "tracing.otlp-endpoint" in done.stderr, (done.returncode, done.stderr)
    assert "s3cret" not in done.stdout + done.stderr
