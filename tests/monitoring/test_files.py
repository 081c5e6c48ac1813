"""Rules, dashboards, alarms and runbooks, held against each other. Every check is also run on a copy
of the repository with a fault planted, which it must find."""
import json
import re
import subprocess

import jsonschema
import pytest
import yaml

import cloudformation
import complaints
from harness.command import ROOT

PROMETHEUS = "deploy/monitoring/prometheus"


def test_the_rules_are_rules():
    assert complaints.of_rules(ROOT) == []


def test_a_rule_that_is_none_is_found(planted):
    assert complaints.of_rules(planted(f"{PROMETHEUS}/rules/orders.yaml", "max by (job, namespace) (", "max by (job, namespace ("))


def test_every_alert_fires_when_it_should_and_at_its_limit_does_not():
    assert complaints.of_rule_tests(ROOT) == []
    assert list(complaints.of_test_coverage(ROOT)) == []


@pytest.mark.parametrize("file, old, new", [
    ("orders", "> 300", "> 299"),          # the limit
    ("orders", "> 600", "> 660"),
    ("orders", "for: 1m", "for: 10m"),     # the patience
    ("events", "> 60", ">= 60"),
    ("processes", "< 0.1", "<= 0.1"),
    ("callers", "< 86400", "<= 86400"),
    ("callers", "> 0.8", ">= 0.8"),
    ("callers", "> 100", ">= 100"),
    ("callers", "> 3\n", "> 2\n"),
    ("processes", "severity: page", "severity: ticket"),
])
def test_a_changed_limit_is_found(planted, file, old, new):
    root = planted(f"{PROMETHEUS}/rules/{file}.yaml", old, new)
    assert complaints.run("promtool", "test", "rules", root / PROMETHEUS / "tests" / f"{file}_test.yaml")


def test_an_alert_without_a_test_is_found(planted):
    root = planted(f"{PROMETHEUS}/rules/events.yaml", "alert: TopicLost", "alert: TopicGone")
    assert list(complaints.of_test_coverage(root)) == ["TopicGone never fires in a test", "TopicGone is never silent in a test"]


def test_the_configurations_are_taken(tmp_path):
    assert complaints.of_configurations(ROOT, tmp_path) == []


@pytest.mark.parametrize("path, old, new", [
    (f"{PROMETHEUS}/prometheus.yaml", "metrics_path", "metric_path"),
    (f"{PROMETHEUS}/prometheus-kubernetes.yaml", "action: keep", "action: hold"),
    ("deploy/aws/prometheus.yaml", "scrape_timeout: 10s", "scrape_timeout: 90s"),
    ("deploy/monitoring/alertmanager/alertmanager.yaml", "receiver: pager", "receiver: nobody"),
])
def test_a_broken_configuration_is_found(planted, tmp_path, path, old, new):
    assert complaints.of_configurations(planted(path, old, new), tmp_path)


POD = {
    "__meta_kubernetes_pod_label_app_kubernetes_io_name": "baedal",
    "__meta_kubernetes_pod_label_app_kubernetes_io_component": "order",
    "__meta_kubernetes_pod_annotation_prometheus_io_scrape": "true",
    "__meta_kubernetes_pod_annotation_prometheus_io_path": "/actuator/prometheus",
    "__meta_kubernetes_pod_annotation_prometheus_io_port": "8081",
    "__meta_kubernetes_pod_container_port_name": "http",
    "__meta_kubernetes_pod_phase": "Running",
    "__meta_kubernetes_namespace": "shop",
    "__meta_kubernetes_pod_name": "order-5d9c",
}


@pytest.mark.parametrize("change, role", [
    ({}, "order"),
    ({"__meta_kubernetes_pod_label_app_kubernetes_io_component": "gateway"}, "gateway"),
    ({"__meta_kubernetes_pod_label_app_kubernetes_io_component": "embedded"}, "all"),
    ({"__meta_kubernetes_pod_label_app_kubernetes_io_name": "kafka"}, None),
    ({"__meta_kubernetes_pod_annotation_prometheus_io_scrape": "false"}, None),
    ({"__meta_kubernetes_pod_container_port_name": "debug"}, None),
    ({"__meta_kubernetes_pod_phase": "Succeeded"}, None),
])
def test_pods_become_targets_by_their_annotations_and_labels(tmp_path, change, role):
    """The relabeling is Prometheus's own, run on labels as its Kubernetes discovery gives them."""
    copy = complaints.static_copy_of_kubernetes(ROOT, tmp_path, [POD | change])
    done = subprocess.run(["promtool", "check", "service-discovery", copy, "baedal", "--timeout=1s"],
                          capture_output=True, text=True, timeout=60, check=True)
    target, = json.loads(done.stdout)
    labels = target.get("labels") or {}
    if role is None:
        assert labels == {}
    else:
        assert labels.items() >= {"role": role, "namespace": "shop", "pod": "order-5d9c", "job": "baedal",
                                  "__metrics_path__": "/actuator/prometheus", "__address__": "10.0.0.1:8081"}.items()


def test_what_is_generated_is_up_to_date():
    assert complaints.of_generated_files(ROOT) == []


@pytest.mark.parametrize("path, old, new", [
    ("deploy/monitoring/panels.yaml", "title: Disk", "title: Room"),
    ("deploy/monitoring/grafana/dashboard.json", "baedal_bus_lag", "baedal_bus_leg"),
    ("deploy/aws/alarms.yaml", "Threshold: 300", "Threshold: 3000"),
    ("deploy/aws/dashboard.json", '"stat": "Maximum"', '"stat": "Average"'),
    ("deploy/aws/cloudwatch-agent.json", "^baedal_bus_lag$", "^baedal_.*$"),
    ("deploy/monitoring/prometheus/rules/events.yaml", "for: 10m", "for: 20m"),
])
def test_a_generated_file_that_was_edited_and_a_list_that_was_not_followed_are_found(planted, path, old, new):
    assert complaints.of_generated_files(planted(path, old, new))


@pytest.mark.parametrize("old, new", [
    ("unit: bytes", "unit: litres"), ("stat: Maximum", "stat: Longest"), ("legend: oldest", "colour: red"),
    ("title: Memory", "title: Disk"),
])
def test_the_generator_refuses_what_it_does_not_know(planted, old, new):
    root = planted("deploy/monitoring/panels.yaml", old, new)
    done = subprocess.run([root / "deploy/monitoring/generate", root], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "BadPanel" in done.stderr


def test_what_cloudwatch_is_given_has_the_form_it_takes():
    aws = ROOT / "deploy" / "aws"
    template = yaml.safe_load((aws / "alarms.yaml").read_text(encoding="utf-8"))
    jsonschema.validate(template, cloudformation.TEMPLATE)
    for name, resource in template["Resources"].items():
        queries = resource["Properties"].get("Metrics", ())
        if queries:
            assert [query["ReturnData"] for query in queries].count(True) == 1, name
            assert len({query["MetricStat"]["Period"] for query in queries if "MetricStat" in query}) == 1, name
    jsonschema.validate(json.loads((aws / "dashboard.json").read_text(encoding="utf-8")), cloudformation.DASHBOARD)
    jsonschema.validate(json.loads((aws / "cloudwatch-agent.json").read_text(encoding="utf-8")), cloudformation.AGENT)


@pytest.mark.parametrize("file, schema, old, new", [
    ("alarms.yaml", cloudformation.TEMPLATE, "TreatMissingData", "MissingData"),
    ("alarms.yaml", cloudformation.TEMPLATE, "LessThanThreshold", "Less"),
    ("alarms.yaml", cloudformation.TEMPLATE, "Type: AWS::CloudWatch::Alarm", "Type: AWS::CloudWatch::Alarms"),
    ("dashboard.json", cloudformation.DASHBOARD, '"timeSeries"', '"timeseries"'),
    ("cloudwatch-agent.json", cloudformation.AGENT, '"metric_selectors"', '"metrics"'),
])
def test_a_form_that_aws_would_refuse_is_found(planted, file, schema, old, new):
    root = planted(f"deploy/aws/{file}", old, new)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load((root / "deploy/aws" / file).read_text(encoding="utf-8")), schema)


def test_alarms_have_the_limits_of_their_alerts():
    """A share is a percentage in panels and alarms."""
    alerts = complaints.alerts_of(ROOT)
    rows = yaml.safe_load((ROOT / "deploy/monitoring/panels.yaml").read_text(encoding="utf-8"))["rows"]
    compared = 0
    for panel in (panel for row in rows for panel in row["panels"] if "alarm" in panel):
        limit, compare = panel["alarm"]["threshold"], panel["alarm"]["compare"]
        expression = alerts[panel["alert"]]["expr"].replace("(14.4 * 0.001)", "0.0144")
        if (compare, limit) == ("<", 1):
            assert "== 0" in expression or panel["alert"] == "ServiceDown", panel["title"]
            continue
        if panel["alert"] == "BreakerOpen":
            assert "== 1" in expression and (compare, limit) == (">", 0)
            continue
        numbers = {float(number) for number in re.findall(rf"{compare} ([\d.]+)", expression)}
        assert numbers & {float(limit), limit / 100}, f"{panel['title']}: {limit}, and {panel['alert']} says {expression}"
        compared += 1
    assert compared > 8


def test_every_panel_is_on_the_page_as_the_list_describes_it():
    page = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
    rows = yaml.safe_load((ROOT / "deploy/monitoring/panels.yaml").read_text(encoding="utf-8"))["rows"]
    for panel in (panel for row in rows for panel in row["panels"]):
        alert = f"`{panel['alert']}`" if "alert" in panel else ""
        assert f"| {panel['title']} | {panel['description']} | {alert} |" in page


def test_every_alert_says_what_it_is_and_where_to_read_on():
    assert list(complaints.of_alert_fields(ROOT)) == []


def test_an_alert_that_says_not_how_bad_it_is_is_found(planted):
    root = planted(f"{PROMETHEUS}/rules/events.yaml", "severity: ticket", "severity: bad")
    assert list(complaints.of_alert_fields(root)) == ["ParkedEvents is neither a page nor a ticket"]


def test_every_alert_has_its_page_and_every_page_its_alert():
    assert list(complaints.of_runbooks(ROOT)) == []


@pytest.mark.parametrize("path, old, new", [
    (f"{PROMETHEUS}/rules/orders.yaml", "stuck-payment.md", "stuck-payments.md"),
    ("docs/runbooks/stuck-payment.md", "`PaymentStuck`", "the alert"),
    ("docs/runbooks/README.md", "| `PaymentStuck` |", "| `PaymentsStuck` |"),
    ("docs/runbooks/view-differs.md", "No alert leads here", "Nobody comes here"),
])
def test_a_page_that_is_missing_and_one_that_is_left_over_are_found(planted, path, old, new):
    assert list(complaints.of_runbooks(planted(path, old, new)))
