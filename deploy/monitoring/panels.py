"""Reads panels.yaml and the rules, and refuses what it does not know."""
import yaml

PANEL_KEYS = {"title", "description", "unit", "queries", "cloudwatch", "alert", "threshold", "alarm"}
QUERY_KEYS = {"expr", "legend"}
CLOUDWATCH_KEYS = {"id", "metric", "stat", "by", "value", "search", "expression", "legend", "hidden", "period"}
ALARM_KEYS = {"of", "stat", "compare", "threshold", "minutes", "missing"}
UNITS = {"short", "percent", "seconds", "bytes", "per-second", "on-off"}
STATS = {"Sum", "Maximum", "Minimum", "Average", "SampleCount"}


class BadPanel(Exception):
    """What is wrong with the list."""


def load_panels(file):
    """[{title, panels: [...]}], checked."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))["rows"]
    titles = set()
    for row in rows:
        for panel in row["panels"]:
            _check(panel)
            if panel["title"] in titles:
                raise BadPanel(f"two panels are called {panel['title']!r}")
            titles.add(panel["title"])
    return rows


def every_panel(rows):
    return [panel for row in rows for panel in row["panels"]]


def load_alerts(folder):
    """Name -> the alerting rule, of all files."""
    alerts = {}
    for file in sorted(folder.glob("*.yaml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    alerts.setdefault(rule["alert"], rule)
    return alerts


def _check(panel):
    name = panel.get("title")
    _known(name, panel, PANEL_KEYS)
    for key in ("title", "description", "unit", "queries", "cloudwatch"):
        if not panel.get(key):
            raise BadPanel(f"{name}: no {key}")
    if panel["unit"] not in UNITS:
        raise BadPanel(f"{name}: unit {panel['unit']!r}")
    for query in panel["queries"]:
        _known(name, query, QUERY_KEYS)
    for query in panel["cloudwatch"]:
        _known(name, query, CLOUDWATCH_KEYS)
        if "metric" in query and query.get("stat") not in STATS:
            raise BadPanel(f"{name}: stat {query.get('stat')!r}")
        if ("metric" in query) == ("expression" in query):
            raise BadPanel(f"{name}: a CloudWatch query is either of a metric or an expression")
    if "alarm" in panel:
        _known(name, panel["alarm"], ALARM_KEYS)
        if "alert" not in panel:
            raise BadPanel(f"{name}: an alarm without the alert it is the same as")


def _known(name, mapping, keys):
    unknown = set(mapping) - keys
    if unknown:
        raise BadPanel(f"{name}: unknown {', '.join(sorted(unknown))}")
