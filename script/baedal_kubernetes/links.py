"""What manifests say of each other: names that nothing defines, selectors that choose nothing, numbers that
contradict. A server accepts all of these, or cannot know them."""
from . import network, workload
from .manifest import WORKLOADS, Fault, matches


class Links:
    """All documents of one overlay, and what they find in each other."""

    def __init__(self, documents, settings):
        """`settings`: environment names and defaults, as of settings.known()."""
        self.documents = documents
        self.settings = settings
        self.workloads = [d for d in documents if d.kind in WORKLOADS]
        self._by_name = {(d.kind, d.name): d for d in documents}

    def check(self, document):
        """The faults of one document."""
        found = {
            "Service": network.service, "Ingress": network.ingress, "NetworkPolicy": network.policy,
            "HorizontalPodAutoscaler": _autoscaler, "PodDisruptionBudget": _budget, "ConfigMap": _settings,
            "Secret": _settings,
        }.get(document.kind, workload.check if document in self.workloads else _nothing)
        return [Fault("links", document.file, f"{document.kind}/{document.name}", field, text)
                for field, text in found(document, self)]

    def get(self, kind, name):
        return self._by_name.get((kind, name))

    def chosen(self, selector):
        """The workloads whose pods a label selector chooses."""
        return [w for w in self.workloads if matches(selector or {}, w.pod_labels)]

    def environment(self, container):
        """What a container finds in its environment, later sources winning; None for what the
        cluster fills in."""
        values = {}
        for source in container.get("envFrom", []):
            for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
                target = self.get(kind, (source.get(key) or {}).get("name"))
                if target:
                    values |= data_of(target)
        return values | {v["name"]: v.get("value") for v in container.get("env", [])}


def data_of(document):
    """Keys and values of a ConfigMap or Secret; encoded values as None, nobody need see them."""
    return {**(document.body.get("data") or {}), **(document.body.get("stringData") or {})} \
        if document.kind == "ConfigMap" or document.outside else dict.fromkeys(
            [*(document.body.get("data") or {}), *(document.body.get("stringData") or {})])


def _nothing(_document, _links):
    return []


def _settings(document, links):
    for name in data_of(document):
        if name.startswith("BAEDAL_") and name not in links.settings:
            yield f"data.{name}", "is no setting of Baedal (docs/configuration.md)"


def _autoscaler(document, links):
    reference = document.spec.get("scaleTargetRef") or {}
    target = links.get(reference.get("kind"), reference.get("name"))
    low, high = document.spec.get("minReplicas", 1), document.spec.get("maxReplicas", 0)
    if not isinstance(low, int) or not isinstance(high, int) or low > high:
        yield "spec.minReplicas", "is above maxReplicas"
    if not target:
        yield "spec.scaleTargetRef", f"no {reference.get('kind')} {reference.get('name')}"
        return
    if "replicas" in target.spec:
        yield "spec.scaleTargetRef", f"{target.kind} {target.name} has a number of replicas: each apply would undo scaling"
    for metric in document.spec.get("metrics", []):
        resource = metric.get("resource") or {}
        if (resource.get("target") or {}).get("type") != "Utilization":
            continue
        for container in target.containers:
            if resource.get("name") not in ((container.get("resources") or {}).get("requests") or {}):
                yield "spec.metrics", f"container {container['name']} of {target.name} requests no {resource.get('name')}"


def _budget(document, links):
    chosen = links.chosen(document.spec.get("selector"))
    if not chosen:
        yield "spec.selector", "chooses no pod template"
    least, most = document.spec.get("minAvailable"), document.spec.get("maxUnavailable")
    for target in chosen:
        if most in (0, "0%") or least == "100%" or (isinstance(least, int) and least >= target.replicas):
            yield "spec", f"no pod of {target.name} could ever be evicted: a node could not be drained"
