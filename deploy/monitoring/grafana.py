"""The Grafana dashboard (schema 36: Grafana 9 and later)."""

UNITS = {"short": "short", "percent": "percent", "seconds": "s", "bytes": "bytes",
         "per-second": "reqps", "on-off": "short"}
WIDTH, HEIGHT, ACROSS = 8, 8, 3
SOURCE = {"type": "prometheus", "uid": "${source}"}


def dashboard(rows, alerts):
    panels, top = [], 0
    for row in rows:
        panels.append(_row(row["title"], top, len(panels) + 1))
        top += 1
        for index, panel in enumerate(row["panels"]):
            place = {"x": WIDTH * (index % ACROSS), "y": top + HEIGHT * (index // ACROSS), "w": WIDTH, "h": HEIGHT}
            panels.append(_panel(panel, place, len(panels) + 1, alerts))
        top += HEIGHT * -(-len(row["panels"]) // ACROSS)
    return {
        "uid": "baedal", "title": "Baedal", "tags": ["baedal"], "schemaVersion": 36, "version": 1,
        "editable": True, "graphTooltip": 1, "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"}, "timezone": "",
        "annotations": {"list": [_firing_alerts()]},
        "templating": {"list": _variables()},
        "panels": panels,
    }


def _row(title, top, number):
    return {"id": number, "type": "row", "title": title, "collapsed": False, "panels": [],
            "gridPos": {"x": 0, "y": top, "w": 24, "h": 1}}


def _panel(panel, place, number, alerts):
    text = panel["description"]
    if "alert" in panel:
        page = alerts[panel["alert"]]["annotations"]["runbook_url"]
        text += f"\n\nAlert {panel['alert']}: {page}"
    defaults = {"unit": UNITS[panel["unit"]], "min": 0, "custom": {"lineWidth": 1, "fillOpacity": 10, "showPoints": "never"}}
    if "threshold" in panel:
        defaults["custom"]["thresholdsStyle"] = {"mode": "line"}
        defaults["thresholds"] = {"mode": "absolute", "steps": [
            {"color": "transparent", "value": None}, {"color": "red", "value": panel["threshold"]}]}
    if panel["unit"] == "on-off":
        defaults |= {"max": 1, "decimals": 0}
    return {
        "id": number, "type": "timeseries", "title": panel["title"], "description": text,
        "datasource": SOURCE, "gridPos": place,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
                    "tooltip": {"mode": "multi", "sort": "desc"}},
        "targets": [{"refId": chr(ord("A") + index), "datasource": SOURCE, "expr": query["expr"],
                     "legendFormat": query["legend"], "range": True}
                    for index, query in enumerate(panel["queries"])],
    }


def _variables():
    return [
        {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus", "hide": 0},
        {"name": "job", "label": "Job", "type": "constant", "query": "baedal", "hide": 2},
        {"name": "namespace", "label": "Namespace", "type": "query", "datasource": SOURCE,
         "query": {"query": 'label_values(up{job="$job"}, namespace)', "refId": "namespace"},
         "includeAll": True, "allValue": ".*", "multi": True, "refresh": 2, "sort": 1, "hide": 0,
         "current": {"text": "All", "value": "$__all"}},
    ]


def _firing_alerts():
    return {"name": "Alerts", "datasource": SOURCE, "enable": True, "iconColor": "red",
            "expr": 'ALERTS{alertstate="firing",job="$job"}', "titleFormat": "{{alertname}}",
            "textFormat": "{{severity}}"}
