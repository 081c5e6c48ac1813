"""The whole way of an alert: the real program in trouble, a real Prometheus with the repository's rules,
a real Alertmanager with its routing, and somebody who is told."""
import json

import pytest

from harness.command import ROOT
from harness.server import Server
from harness.waiting import eventually
from watchers import Receiver, Watchers

# The provider's first answer comes too late, and it is not asked again before a minute has passed.
STUCK = "tok_timeout_then_approve"
FLAGS = ("--payment.provider-timeout", "100ms", "--payment.retry-pause-first", "1m", "--payment.retry-pause-max", "1h")


@pytest.fixture(scope="module", name="receiver")
def fixture_receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="module", name="server")
def fixture_server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("watched") / "data", *FLAGS).start()
    yield server
    server.kill()


@pytest.fixture(scope="module", name="watchers")
def fixture_watchers(tmp_path_factory, server, receiver):
    watchers = Watchers(tmp_path_factory.mktemp("watchers") / "all", server.port, receiver)
    eventually(lambda: watchers.ask("query", query='up{job="baedal"} == 1')["result"])
    yield watchers
    watchers.stop()


def test_an_order_whose_delivery_does_not_start_is_told_to_people(server, watchers, receiver):
    # The disk is the machine's, and its minutes are seconds here.
    assert not [one for one in receiver.told if not one[2]["alertname"].startswith("Disk")], "all is well"
    menu = server.api.menu("Gimbab", price=4500)
    server.api.order(menu, paymentToken=STUCK)
    path, labels, annotations = receiver.await_told("PaymentStuck", "firing")
    assert (path, labels["severity"]) == ("/pages", "page")
    assert annotations["runbook_url"] == "docs/runbooks/stuck-payment.md"
    path, labels, annotations = receiver.await_told("DeliveryNotStarted", "firing")
    assert (path, labels["payment"]) == ("/pages", "open")
    assert annotations["summary"] == "An order waits for its delivery to start"


def test_every_rule_and_every_panel_can_be_evaluated(watchers):
    groups = eventually(lambda: evaluated(watchers))
    failed = {rule["name"]: rule["lastError"] for group in groups for rule in group["rules"] if rule["health"] != "ok"}
    assert not failed
    dashboard = json.loads((ROOT / "deploy/monitoring/grafana/dashboard.json").read_text(encoding="utf-8"))
    empty = set()
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            expression = target["expr"].replace("$job", "baedal").replace("$namespace", ".*")
            if not watchers.ask("query", query=expression)["result"]:
                empty.add(panel["title"])
    alone = {"Circuit breakers that are open", "Kafka"}
    is_open = {"Logins", "Logins renewed", "Requests not let in", "Certificate", "Audit log"}
    assert empty == alone | is_open, "what one process has not, without neighbours, Kafka and anybody to keep out"


def evaluated(watchers):
    groups = watchers.ask("rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    return groups if rules and all(rule["health"] != "unknown" for rule in rules) else None


def test_a_process_that_is_gone_is_told_to_people_and_that_it_is_back(server, watchers, receiver):
    port = server.port
    server.kill()
    path, labels, _ = receiver.await_told("ServiceDown", "firing")
    assert (path, labels["role"]) == ("/pages", "all")
    assert not receiver.of("TargetDown", "firing"), "it follows from the other, and says nothing of its own"
    again = Server(server.data, "--http.port", port)
    again.trouble_allowed = True
    again.start()
    try:
        receiver.await_told("ServiceDown", "resolved")
    finally:
        again.kill()
    assert watchers
