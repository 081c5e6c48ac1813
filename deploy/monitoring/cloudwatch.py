"""What CloudWatch needs: the agent's configuration, a dashboard, alarms as CloudFormation."""
import yaml

from panels import every_panel

NAMESPACE = "Baedal"
JOB = "baedal"
PERIOD = 60  # seconds, and the agent's scrape interval
REGION = "ap-northeast-2"
# Only where customers come in, so that a request is counted once; only what is theirs.
EDGE = "(gateway|all)"
EDGE_METRIC = "http_server_requests_seconds_"
EDGE_URI = "/(menus|orders|payments|deliveries|mypages).*"
UNITS = {"seconds": "Seconds", "bytes": "Bytes"}
WIDTH, HEIGHT, ACROSS = 8, 6, 3
OPERATORS = {">": "GreaterThanThreshold", "<": "LessThanThreshold"}


def agent(rows):
    """Section `logs` of the agent's configuration: which metrics become CloudWatch's, by which
    labels. The rest of the scrape only goes to the log group."""
    declarations = {}
    units = {}
    for metric, labels in sorted(_dimension_sets(rows)):
        declarations.setdefault((_matcher(metric, labels), tuple(labels)), []).append(f"^{metric}$")
        unit = next((name for suffix, name in UNITS.items() if metric.endswith(f"_{suffix}")), None)
        if unit:
            units[metric] = unit
    units["http_server_requests_seconds_max"] = "Seconds"
    return {"agent": {"metrics_collection_interval": PERIOD}, "logs": {
        "metrics_collected": {"prometheus": {
            "log_group_name": "/baedal/prometheus",
            "prometheus_config_path": "/opt/aws/amazon-cloudwatch-agent/etc/prometheus.yaml",
            "emf_processor": {
                "metric_declaration_dedup": True,
                "metric_namespace": NAMESPACE,
                "metric_unit": dict(sorted(units.items())),
                "metric_declaration": [
                    {"source_labels": list(sources), "label_matcher": pattern,
                     "dimensions": [["job", *labels]], "metric_selectors": selectors}
                    for ((sources, pattern), labels), selectors in declarations.items()]}}},
        "force_flush_interval": 5}}


def _dimension_sets(rows):
    """{(metric, labels)}: what panels and alarms look at."""
    wanted = set()
    for panel in every_panel(rows):
        for query in panel["cloudwatch"]:
            if "metric" in query:
                wanted.add((query["metric"], _labels(query["by"])))
        alarm = panel.get("alarm")
        if alarm and "stat" in alarm:
            wanted.add((alarm["of"], ()))
    return wanted


def _labels(by):
    return () if by in ("all", "edge") else tuple(by.split(","))


def _matcher(metric, labels):
    """(source labels, pattern over their values joined by `;`)."""
    if not metric.startswith(EDGE_METRIC):
        return ("job",), f"^{JOB}$"
    if "uri" in labels:
        return ("job", "role", "method", "uri"), f"^{JOB};{EDGE};POST;/orders$"
    if labels == ("status",):  # what is not let in has no route yet
        return ("job", "role"), f"^{JOB};{EDGE}$"
    return ("job", "role", "uri"), f"^{JOB};{EDGE};{EDGE_URI}$"


def dashboard(rows, region=REGION):
    widgets, top = [], 0
    for row in rows:
        widgets.append({"type": "text", "x": 0, "y": top, "width": 24, "height": 1,
                        "properties": {"markdown": f"## {row['title']}"}})
        top += 1
        for index, panel in enumerate(row["panels"]):
            widgets.append({"type": "metric", "x": WIDTH * (index % ACROSS), "y": top + HEIGHT * (index // ACROSS),
                            "width": WIDTH, "height": HEIGHT, "properties": _widget(panel, region)})
        top += HEIGHT * -(-len(row["panels"]) // ACROSS)
    return {"start": "-PT6H", "widgets": widgets}


def _widget(panel, region):
    properties = {"title": panel["title"], "view": "timeSeries", "stacked": False, "region": region,
                  "period": PERIOD, "yAxis": {"left": {"min": 0}},
                  "metrics": [_line(query, index) for index, query in enumerate(panel["cloudwatch"])]}
    if "threshold" in panel:
        properties["annotations"] = {"horizontal": [{"label": panel.get("alert", "limit"), "value": panel["threshold"]}]}
    return properties


def _line(query, index):
    options = {"id": query.get("id", f"q{index}")}
    if "legend" in query:
        options["label"] = query["legend"]
    if query.get("hidden"):
        options["visible"] = False
    if "expression" in query:
        return [{"expression": query["expression"], **options}]
    if query.get("search"):
        schema = ",".join([NAMESPACE, "job", *_labels(query["by"])])
        search = f"SEARCH('{{{schema}}} MetricName=\"{query['metric']}\" job=\"{JOB}\"', '{query['stat']}', {PERIOD})"
        return [{"expression": search, **options}]
    names = [part for dimension in _dimensions(query) for part in (dimension["Name"], dimension["Value"])]
    return [NAMESPACE, query["metric"], *names, {"stat": query["stat"], "period": query.get("period", PERIOD), **options}]


def _dimensions(query):
    pairs = zip(_labels(query["by"]), query["value"].split(",") if "value" in query else ())
    return [{"Name": "job", "Value": JOB}, *({"Name": name, "Value": value} for name, value in pairs)]


def alarms(rows, alerts):
    resources = {panel["alert"]: _alarm(panel, alerts[panel["alert"]])
                 for panel in every_panel(rows) if "alarm" in panel}
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Alarms of Baedal, over the metrics that the CloudWatch agent sends.",
        "Parameters": {"Topic": {
            "Type": "String", "Description": "ARN of the SNS topic that tells people.",
            "AllowedPattern": "^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+$"}},
        "Resources": resources,
    }
    head = "# Made by deploy/monitoring/generate from panels.yaml; do not edit it by hand.\n"
    return head + yaml.safe_dump(template, sort_keys=False, width=110, allow_unicode=True)


def _alarm(panel, rule):
    alarm = panel["alarm"]
    page = rule["annotations"]["runbook_url"]
    properties = {
        "AlarmName": f"baedal-{panel['alert']}",
        "AlarmDescription": f"{panel['title']}. {panel['description']} What to do: {page}",
        "ComparisonOperator": OPERATORS[alarm["compare"]],
        "Threshold": alarm["threshold"],
        "TreatMissingData": alarm["missing"],
        "AlarmActions": [{"Ref": "Topic"}],
        "OKActions": [{"Ref": "Topic"}],
    }
    period = max([PERIOD, *(query.get("period", PERIOD) for query in panel["cloudwatch"])])
    properties["EvaluationPeriods"] = properties["DatapointsToAlarm"] = max(1, alarm["minutes"] * 60 // period)
    if "stat" in alarm:
        properties |= {"Namespace": NAMESPACE, "MetricName": alarm["of"], "Statistic": alarm["stat"],
                       "Period": PERIOD, "Dimensions": [{"Name": "job", "Value": JOB}]}
    else:
        properties["Metrics"] = _metric_math(panel, alarm["of"])
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}


def _metric_math(panel, wanted):
    """What has an id and can stand in an alarm, with the wanted one as its result."""
    queries = []
    for query in panel["cloudwatch"]:
        if "id" not in query or query.get("search"):
            continue
        entry = {"Id": query["id"], "ReturnData": query["id"] == wanted}
        if "expression" in query:
            entry["Expression"] = query["expression"]
        else:
            entry["MetricStat"] = {
                "Metric": {"Namespace": NAMESPACE, "MetricName": query["metric"], "Dimensions": _dimensions(query)},
                "Period": query.get("period", PERIOD), "Stat": query["stat"]}
        queries.append(entry)
    return queries
