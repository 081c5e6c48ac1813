"""The checks: each gives what is wrong below `root`, and nothing when all is well. The tests run them
on the repository, and on copies of it with a fault planted."""
import json
import re
import subprocess

import yaml

from promql import named_in

RULES = "deploy/monitoring/prometheus/rules"
TESTS = "deploy/monitoring/prometheus/tests"
RUNBOOKS = "docs/runbooks"
# What Prometheus adds to what it scrapes, by its configurations in the repository.
TARGET_LABELS = {"job", "instance", "role", "namespace", "pod"}
OWN_METRICS = {"up": set(), "ALERTS": {"alertname", "alertstate", "severity"}}
PLAIN = re.compile(r"[\w/]+(\|[\w/]+)*$")
DASHBOARD_VARIABLE = re.compile(r"\$\w+")


def rules_of(root):
    """(file, rule), in order."""
    for file in sorted((root / RULES).glob("*.yaml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                yield file.name, rule


def alerts_of(root):
    return {rule["alert"]: rule for _, rule in rules_of(root) if "alert" in rule}


def run(*words, cwd=None):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120, cwd=cwd, check=False)
    return [] if done.returncode == 0 else [f"{words[0]}: {done.stdout}{done.stderr}"]


def of_rules(root):
    return run("promtool", "check", "rules", *sorted((root / RULES).glob("*.yaml")))


def of_rule_tests(root):
    return run("promtool", "test", "rules", *sorted((root / TESTS).glob("*.yaml")))


def of_configurations(root, folder):
    """Debian's promtool has no Kubernetes discovery: that part is made static, its relabeling kept."""
    found = run("promtool", "check", "config", root / "deploy/monitoring/prometheus/prometheus.yaml")
    found += run("promtool", "check", "config", root / "deploy/aws/prometheus.yaml")
    found += run("promtool", "check", "config", static_copy_of_kubernetes(root, folder, [{}]))
    return found + run("amtool", "check-config", root / "deploy/monitoring/alertmanager/alertmanager.yaml")


def static_copy_of_kubernetes(root, folder, pods):
    """The configuration for Kubernetes with these pods instead of its discovery."""
    file = root / "deploy/monitoring/prometheus/prometheus-kubernetes.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    document["rule_files"] = [str(root / RULES / "*.yaml")]
    job, = document["scrape_configs"]
    assert job.pop("kubernetes_sd_configs") == [{"role": "pod"}]
    job["static_configs"] = [{"targets": ["10.0.0.1:8080"], "labels": pod} for pod in pods]
    copy = folder / "prometheus-kubernetes.yaml"
    copy.write_text(yaml.safe_dump(document), encoding="utf-8")
    return copy


def of_test_coverage(root):
    """Every alert is seen firing, and seen not firing, in a unit test."""
    firing, silent = set(), set()
    for file in (root / TESTS).glob("*.yaml"):
        for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]:
            for check in test["alert_rule_test"]:
                (firing if check["exp_alerts"] else silent).add(check["alertname"])
    for alert in alerts_of(root):
        if alert not in firing:
            yield f"{alert} never fires in a test"
        if alert not in silent:
            yield f"{alert} is never silent in a test"


def of_generated_files(root):
    return run(root / "deploy/monitoring/generate", "--check", root)


def of_alert_fields(root):
    for name, rule in alerts_of(root).items():
        if rule.get("labels", {}).get("severity") not in ("page", "ticket"):
            yield f"{name} is neither a page nor a ticket"
        for field in ("summary", "description", "runbook_url"):
            if not rule.get("annotations", {}).get(field):
                yield f"{name} has no {field}"


def of_runbooks(root):
    """Every alert has its page, which says what pages say; every page an alert, or a reason."""
    index = (root / RUNBOOKS / "README.md").read_text(encoding="utf-8")
    pages = {file.name for file in (root / RUNBOOKS).glob("*.md")} - {"README.md"}
    used = set()
    for name, rule in alerts_of(root).items():
        page = rule["annotations"]["runbook_url"].removeprefix(f"{RUNBOOKS}/")
        used.add(page)
        if page not in pages:
            yield f"{name} names the page {page}, which is not there"
            continue
        text = (root / RUNBOOKS / page).read_text(encoding="utf-8")
        if f"`{name}`" not in text:
            yield f"{page} does not name the alert {name}"
        if not re.search(rf"^\| `{name}` \| \w+ \| .*\({page}\) \|$", index, re.M):
            yield f"docs/runbooks/README.md does not lead from {name} to {page}"
        for words in ("**What it means**", "**Do**"):
            if words not in text:
                yield f"{page} says nothing of {words}"
        if not re.search(r"\bbaedal (health|doctor|outbox|config|projection|migrate)\b", text):
            yield f"{page} shows no command that helps"
    for page in sorted(pages - used):
        if "No alert leads here" not in (root / RUNBOOKS / page).read_text(encoding="utf-8"):
            yield f"{page} belongs to no alert and says not why"


def of_expressions(root, scrape):
    """Everything rules and dashboard name is in a real scrape, or recorded by a rule."""
    recorded = {rule["record"]: named_in(rule["expr"]).grouping for _, rule in rules_of(root) if "record" in rule}
    for source, expression in _expressions(root):
        named = named_in(DASHBOARD_VARIABLE.sub("x", expression))
        known = set(TARGET_LABELS)
        for selector in named.selectors:
            yield from _of_selector(source, selector, scrape, recorded)
            known |= _labels(selector.metric, scrape, recorded)
        for label in named.grouping - known - {"le"}:
            yield f"{source} groups by {label}, which none of its metrics has"


def _expressions(root):
    for file, rule in rules_of(root):
        yield f"{file}: {rule.get('alert') or rule['record']}", rule["expr"]
    dashboard = json.loads((root / "deploy/monitoring/grafana/dashboard.json").read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield f"dashboard: {panel['title']}", target["expr"]


def _labels(metric, scrape, recorded):
    return recorded.get(metric) or OWN_METRICS.get(metric) or scrape.labels(metric)


def _of_selector(source, selector, scrape, recorded):
    if selector.metric in OWN_METRICS:
        return
    if selector.metric not in scrape and selector.metric not in recorded:
        yield f"{source} names {selector.metric}, which the program does not export"
        return
    for label, operator, value in selector.matchers:
        if label in TARGET_LABELS:
            continue
        if label not in _labels(selector.metric, scrape, recorded):
            yield f"{source}: {selector.metric} has no label {label}"
        elif operator in ("=", "=~") and (operator == "=" or PLAIN.match(value)):
            for word in value.split("|"):
                if word not in scrape.values(selector.metric, label):
                    yield f"{source}: {selector.metric} has no series with {label} {word!r}"


def of_cloudwatch(root, scrape):
    """What the agent is told to send is in a scrape made as it makes it, with those labels."""
    agent = json.loads((root / "deploy/aws/cloudwatch-agent.json").read_text(encoding="utf-8"))
    processor = agent["logs"]["metrics_collected"]["prometheus"]["emf_processor"]
    sent = {}  # metric -> dimension sets
    for declaration in processor["metric_declaration"]:
        for metric in (selector.strip("^$") for selector in declaration["metric_selectors"]):
            if metric not in scrape:
                yield f"the agent is told of {metric}, which the program does not export"
                continue
            known = scrape.labels(metric) | TARGET_LABELS
            for label in {*declaration["source_labels"], *sum(declaration["dimensions"], [])} - known:
                yield f"the agent looks for {label} at {metric}"
            if not _declared_series(declaration, metric, scrape):
                yield f"no series of {metric} matches {declaration['label_matcher']}"
            sent.setdefault(metric, set()).update(tuple(sorted(names)) for names in declaration["dimensions"])
    for metric in set(processor["metric_unit"]) - set(sent):
        yield f"the agent has a unit for {metric}, which it does not send"
    yield from _of_what_is_looked_at(root, sent, scrape)


def _declared_series(declaration, metric, scrape):
    pattern = re.compile(declaration["label_matcher"])
    for name, labels, _ in scrape.samples:
        for role in ("all", "gateway", "order"):
            seen = labels | {"job": "baedal", "role": role}
            if name == metric and pattern.search(";".join(seen.get(label, "") for label in declaration["source_labels"])):
                return True
    return False


def looked_at(root):
    """(where, metric, {dimension: value, or None in a search}) of the dashboard and the alarms."""
    dashboard = json.loads((root / "deploy/aws/dashboard.json").read_text(encoding="utf-8"))
    for widget in dashboard["widgets"]:
        for line in widget["properties"].get("metrics", ()):
            title = widget["properties"]["title"]
            if len(line) == 1:
                search = re.match(r"SEARCH\('\{Baedal,([\w,]+)\} MetricName=\"(\w+)\"", line[0]["expression"])
                if search:
                    yield title, search.group(2), dict.fromkeys(search.group(1).split(","))
                continue
            yield title, line[1], dict(zip(line[2:-1:2], line[3:-1:2]))
    template = yaml.safe_load((root / "deploy/aws/alarms.yaml").read_text(encoding="utf-8"))
    for name, resource in template["Resources"].items():
        properties = resource["Properties"]
        metrics = [query["MetricStat"]["Metric"] for query in properties.get("Metrics", ()) if "MetricStat" in query]
        for metric in metrics or [properties]:
            yield name, metric["MetricName"], {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]}


def _of_what_is_looked_at(root, sent, scrape):
    for where, metric, dimensions in looked_at(root):
        if tuple(sorted(dimensions)) not in sent.get(metric, ()):
            yield f"{where} looks at {metric} by {sorted(dimensions)}, which the agent does not send"
            continue
        wanted = {name: value for name, value in dimensions.items() if value and name not in TARGET_LABELS}
        if not scrape.has_series(metric, wanted):
            yield f"{where}: {metric} has no series with {wanted}"
