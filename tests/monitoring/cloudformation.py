"""The part of CloudFormation's and CloudWatch's own schemas that is used here, strictly: what is not
named is not allowed. From AWS's reference of AWS::CloudWatch::Alarm and of the dashboard's body."""

TEXT = {"type": "string", "minLength": 1}
DIMENSIONS = {"type": "array", "maxItems": 30, "items": {
    "type": "object", "additionalProperties": False, "required": ["Name", "Value"],
    "properties": {"Name": TEXT | {"maxLength": 255}, "Value": TEXT | {"maxLength": 255}}}}
STATISTIC = {"enum": ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]}
PERIOD = {"type": "integer", "multipleOf": 60, "minimum": 60, "maximum": 86400}
IDENTIFIER = {"type": "string", "pattern": "^[a-z][a-zA-Z0-9_]*$", "maxLength": 255}
REFERENCES = {"type": "array", "items": {
    "type": "object", "additionalProperties": False, "required": ["Ref"], "properties": {"Ref": TEXT}}}

QUERY = {
    "type": "object", "additionalProperties": False, "required": ["Id", "ReturnData"],
    "oneOf": [{"required": ["Expression"]}, {"required": ["MetricStat"]}],
    "properties": {
        "Id": IDENTIFIER, "ReturnData": {"type": "boolean"}, "Expression": TEXT | {"maxLength": 2048},
        "MetricStat": {
            "type": "object", "additionalProperties": False, "required": ["Metric", "Period", "Stat"],
            "properties": {"Period": PERIOD, "Stat": STATISTIC, "Metric": {
                "type": "object", "additionalProperties": False, "required": ["Namespace", "MetricName", "Dimensions"],
                "properties": {"Namespace": TEXT, "MetricName": TEXT, "Dimensions": DIMENSIONS}}}}}}

ALARM = {
    "type": "object", "additionalProperties": False,
    "required": ["AlarmName", "AlarmDescription", "ComparisonOperator", "Threshold", "EvaluationPeriods", "TreatMissingData", "AlarmActions"],
    "oneOf": [
        {"required": ["Namespace", "MetricName", "Statistic", "Period", "Dimensions"], "not": {"required": ["Metrics"]}},
        {"required": ["Metrics"], "not": {"anyOf": [{"required": [name]} for name in ("Namespace", "MetricName", "Statistic", "Period", "Dimensions")]}}],
    "properties": {
        "AlarmName": TEXT | {"maxLength": 255}, "AlarmDescription": TEXT | {"maxLength": 1024},
        "ComparisonOperator": {"enum": ["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"]},
        "Threshold": {"type": "number"}, "EvaluationPeriods": {"type": "integer", "minimum": 1},
        "DatapointsToAlarm": {"type": "integer", "minimum": 1},
        "TreatMissingData": {"enum": ["breaching", "notBreaching", "ignore", "missing"]},
        "AlarmActions": REFERENCES, "OKActions": REFERENCES,
        "Namespace": TEXT, "MetricName": TEXT, "Statistic": STATISTIC, "Period": PERIOD, "Dimensions": DIMENSIONS,
        "Metrics": {"type": "array", "minItems": 1, "maxItems": 20, "items": QUERY}}}

TEMPLATE = {
    "type": "object", "additionalProperties": False, "required": ["AWSTemplateFormatVersion", "Resources"],
    "properties": {
        "AWSTemplateFormatVersion": {"const": "2010-09-09"}, "Description": TEXT | {"maxLength": 1024},
        "Parameters": {"type": "object", "patternProperties": {"^[A-Za-z0-9]+$": {
            "type": "object", "additionalProperties": False, "required": ["Type"],
            "properties": {"Type": {"const": "String"}, "Description": TEXT, "AllowedPattern": TEXT}}}},
        "Resources": {"type": "object", "minProperties": 1, "maxProperties": 500, "additionalProperties": False,
                      "patternProperties": {"^[A-Za-z0-9]{1,255}$": {
                          "type": "object", "additionalProperties": False, "required": ["Type", "Properties"],
                          "properties": {"Type": {"const": "AWS::CloudWatch::Alarm"}, "Properties": ALARM}}}}}}

PLACE = {"x": {"type": "integer", "minimum": 0, "maximum": 23}, "y": {"type": "integer", "minimum": 0},
         "width": {"type": "integer", "minimum": 1, "maximum": 24}, "height": {"type": "integer", "minimum": 1, "maximum": 1000}}
LINE_OPTIONS = {
    "type": "object", "additionalProperties": False, "required": ["id"],
    "properties": {"id": IDENTIFIER, "label": TEXT, "visible": {"type": "boolean"}, "expression": TEXT,
                   "stat": STATISTIC, "period": PERIOD}}
METRIC_WIDGET = {
    "type": "object", "additionalProperties": False, "required": ["title", "view", "region", "metrics", "period"],
    "properties": {
        "title": TEXT, "view": {"const": "timeSeries"}, "stacked": {"type": "boolean"}, "region": {"type": "string", "pattern": "^[a-z]{2}(-[a-z]+)+-[0-9]$"},
        "period": PERIOD, "yAxis": {"type": "object"},
        "metrics": {"type": "array", "minItems": 1, "maxItems": 500, "items": {
            "type": "array", "minItems": 1, "items": {"anyOf": [TEXT, LINE_OPTIONS]}}},
        "annotations": {"type": "object", "additionalProperties": False, "properties": {"horizontal": {"type": "array", "items": {
            "type": "object", "additionalProperties": False, "required": ["value"], "properties": {"label": TEXT, "value": {"type": "number"}}}}}}}}
DASHBOARD = {
    "type": "object", "additionalProperties": False, "required": ["widgets"],
    "properties": {"start": {"type": "string", "pattern": "^-PT[0-9]+[HM]$"}, "widgets": {"type": "array", "maxItems": 500, "items": {"oneOf": [
        {"type": "object", "additionalProperties": False, "required": ["type", "properties"], "properties": PLACE | {
            "type": {"const": "metric"}, "properties": METRIC_WIDGET}},
        {"type": "object", "additionalProperties": False, "required": ["type", "properties"], "properties": PLACE | {
            "type": {"const": "text"}, "properties": {"type": "object", "additionalProperties": False, "required": ["markdown"], "properties": {"markdown": TEXT}}}}]}}}}

AGENT = {
    "type": "object", "additionalProperties": False, "required": ["logs"],
    "properties": {
        "agent": {"type": "object", "additionalProperties": False, "properties": {"metrics_collection_interval": {"type": "integer", "minimum": 1}}},
        "logs": {"type": "object", "additionalProperties": False, "required": ["metrics_collected"], "properties": {
            "force_flush_interval": {"type": "integer", "minimum": 1},
            "metrics_collected": {"type": "object", "additionalProperties": False, "required": ["prometheus"], "properties": {"prometheus": {
                "type": "object", "additionalProperties": False, "required": ["prometheus_config_path", "emf_processor"], "properties": {
                    "cluster_name": TEXT, "log_group_name": TEXT, "prometheus_config_path": TEXT,
                    "emf_processor": {"type": "object", "additionalProperties": False, "required": ["metric_declaration"], "properties": {
                        "metric_declaration_dedup": {"type": "boolean"}, "metric_namespace": TEXT,
                        "metric_unit": {"type": "object", "additionalProperties": {"enum": ["Seconds", "Bytes", "Count", "Percent"]}},
                        "metric_declaration": {"type": "array", "minItems": 1, "items": {
                            "type": "object", "additionalProperties": False,
                            "required": ["source_labels", "label_matcher", "dimensions", "metric_selectors"],
                            "properties": {
                                "source_labels": {"type": "array", "minItems": 1, "items": TEXT}, "label_matcher": TEXT,
                                "dimensions": {"type": "array", "items": {"type": "array", "maxItems": 29, "items": TEXT}},
                                "metric_selectors": {"type": "array", "minItems": 1, "items": TEXT}}}}}}}}}}}}}}
