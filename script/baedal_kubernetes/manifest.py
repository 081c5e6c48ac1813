"""Rendered objects, with the file each came from, and what checks ask of them."""
import dataclasses
import decimal
import re

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job")
_UNITS = {"": 1, "m": "1e-3", "k": "1e3", "M": "1e6", "G": "1e9", "T": "1e12",
          "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


@dataclasses.dataclass
class Document:
    """One object. `file` is where it was written, or the kustomization that generates it."""
    body: dict
    file: str
    outside: bool = False  # expected of others; not part of what is applied

    @property
    def kind(self):
        return self.body.get("kind", "")

    @property
    def name(self):
        return (self.body.get("metadata") or {}).get("name", "")

    @property
    def spec(self):
        return self.body.get("spec") or {}

    @property
    def replicas(self):
        return self.spec.get("replicas", 1)

    @property
    def pod(self):
        """The pod's spec, of a workload."""
        return (self.spec.get("template") or {}).get("spec") or {}

    @property
    def pod_labels(self):
        return ((self.spec.get("template") or {}).get("metadata") or {}).get("labels") or {}

    @property
    def containers(self):
        return [*self.pod.get("initContainers", []), *self.pod.get("containers", [])]

    def port_numbers(self):
        return {port.get("containerPort") for c in self.containers for port in c.get("ports", [])}

    def port_names(self):
        return {port.get("name") for c in self.containers for port in c.get("ports", [])}

    def has_port(self, port):
        return port in (self.port_names() if isinstance(port, str) else self.port_numbers())


@dataclasses.dataclass(frozen=True)
class Fault:
    check: str  # schema, links or server
    file: str
    object: str  # Kind/name
    field: str
    text: str

    def __str__(self):
        return f"{self.file}: {self.object}: {self.field}: {self.text} [{self.check}]"


def quantity(value):
    """A number of processors or bytes; None when malformed, which is the schema's affair."""
    match = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(value))
    if not match or match[2] not in _UNITS:
        return None
    return decimal.Decimal(match[1]) * decimal.Decimal(_UNITS[match[2]])


def matches(selector, labels):
    """Whether a label selector chooses these labels. An empty one chooses everything."""
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_expression_holds(e, labels) for e in selector.get("matchExpressions") or [])


def _expression_holds(expression, labels):
    value, values = labels.get(expression["key"]), expression.get("values", [])
    return {"In": value in values, "NotIn": value not in values,
            "Exists": value is not None, "DoesNotExist": value is None}[expression["operator"]]
