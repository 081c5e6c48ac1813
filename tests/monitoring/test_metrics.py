"""What rules, dashboards and the CloudWatch agent name is what the program exports: names, labels and
the values they select, from real scrapes of real processes. Planted misspellings are found."""
import pytest

import complaints
from harness.command import ROOT
from promql import Selector, named_in

RULES = "deploy/monitoring/prometheus/rules"


def test_an_expression_is_read_as_prometheus_reads_it():
    named = named_in('max by (a, b) (rate(x_total{k="v}",l=~"m|n"}[5m])) > on (c) group_left () y or 2 * z{} offset 5m')
    assert named.selectors == [Selector("x_total", (("k", "=", "v}"), ("l", "=~", "m|n"))), Selector("y", ()), Selector("z", ())]
    assert named.grouping == {"a", "b", "c"}


def test_everything_that_rules_and_dashboards_name_is_exported(scraped):
    assert list(complaints.of_expressions(ROOT, scraped)) == []


@pytest.mark.parametrize("file, old, new, complaint", [
    ("orders", "baedal_payments_oldest_age_seconds", "baedal_payment_oldest_age_seconds", "which the program does not export"),
    ("events", "(baedal_parked_events{", "(baedal_parked_events{topic=\"a\",", "has no label topic"),
    ("processes", "open|forced_open", "opened|forced_open", "no series with state 'opened'"),
    ("events", "max by (job, namespace, service) (baedal_parked_events", "max by (job, namespace, queue) (baedal_parked_events", "groups by queue"),
    ("processes", "disk_free_bytes", "disk_free", "which the program does not export"),
    ("callers", 'outcome="reused"', 'outcome="stolen"', "no series with outcome 'stolen'"),
    ("budgets", "job:baedal_requests_failed:ratio_rate6h", "job:baedal_requests_failed:ratio_rate9h", "which the program does not export"),
    ("recording", 'le="0.25"', 'le="0.3"', "no series with le '0.3'"),
    ("recording", "SERVER_ERROR", "SERVER_FAULT", "no series with outcome 'SERVER_FAULT'"),
])
def test_a_misspelling_in_a_rule_is_found(planted, scraped, file, old, new, complaint):
    found = list(complaints.of_expressions(planted(f"{RULES}/{file}.yaml", old, new), scraped))
    assert found and all(complaint in one for one in found), found


def test_a_misspelling_in_the_dashboard_is_found(planted, scraped):
    root = planted("deploy/monitoring/grafana/dashboard.json", "baedal_relay_lease", "baedal_relay_leases")
    assert "dashboard: Who relays names baedal_relay_leases, which the program does not export" in complaints.of_expressions(root, scraped)


def test_everything_that_cloudwatch_is_sent_is_exported(scraped_by_the_agent):
    assert list(complaints.of_cloudwatch(ROOT, scraped_by_the_agent)) == []


@pytest.mark.parametrize("file, old, new, complaint", [
    ("cloudwatch-agent.json", "^baedal_bus_lag$", "^baedal_bus_leg$", "the agent is told of baedal_bus_leg"),
    ("cloudwatch-agent.json", '"payment"', '"payments"', "the agent looks for payments"),
    ("dashboard.json", '"429"', '"430"', "no series with {'status': '430'}"),
    ("cloudwatch-agent.json", "POST;/orders", "POST;/order", "no series of http_server_requests_seconds_count matches"),
    ("alarms.yaml", "MetricName: baedal_store_up", "MetricName: baedal_stores_up", "which the agent does not send"),
    ("alarms.yaml", "Value: declined", "Value: refused", "no series with {'outcome': 'refused'}"),
])
def test_a_misspelling_for_cloudwatch_is_found(planted, scraped_by_the_agent, file, old, new, complaint):
    found = list(complaints.of_cloudwatch(planted(f"deploy/aws/{file}", old, new), scraped_by_the_agent))
    assert any(complaint in one for one in found), found


def test_the_agent_would_lose_the_requests_without_asking_for_summaries(scraped, scraped_by_the_agent):
    """It drops metrics of type histogram whole."""
    assert "http_server_requests_seconds_bucket" in scraped
    assert "http_server_requests_seconds_bucket" not in scraped_by_the_agent
    assert "http_server_requests_seconds_count" in scraped_by_the_agent
