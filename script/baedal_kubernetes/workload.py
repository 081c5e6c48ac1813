"""Deployments, StatefulSets and Jobs: what their pods refer to, and what every pod must have."""
from . import settings as values
from .manifest import matches, quantity

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
HEALTH = ("/actuator/health/liveness", "/actuator/health/readiness")
OURS = ("app.kubernetes.io/name", "baedal")
# What a pod may take to end, after preStop, one after the other.
ENDING = ("BAEDAL_SHUTDOWN_DELAY", "BAEDAL_SHUTDOWN_GRACE", "BAEDAL_KAFKA_REVOKE_TIMEOUT",
          "BAEDAL_KAFKA_PUBLISH_TIMEOUT")


def check(document, links):
    yield from _shape(document, links)
    yield from _pod(document, links)
    volumes = {v["name"] for v in document.pod.get("volumes") or []}
    volumes |= {t["metadata"]["name"] for t in document.spec.get("volumeClaimTemplates") or []}
    for container in document.containers:
        where = f"container {container['name']}"
        for part in (_image, _security, _resources, _ports):
            for field, text in part(container):
                yield f"{where}: {field}", text
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"{where}: volumeMounts", f"no volume {mount['name']}"
        for part in (_environment, _files):
            for field, text in part(container, document, links):
                yield f"{where}: {field}", text
    if document.pod_labels.get(OURS[0]) == OURS[1] and document.kind != "Job":
        yield from _server(document, links)
        for container in document.pod.get("containers", []):
            for text in (*_access(container, links), *_accounts(container, document, links)):
                yield f"container {container['name']}: access", text


def _shape(document, links):
    selector = document.spec.get("selector")
    if selector and not matches(selector, document.pod_labels):
        yield "spec.selector", "does not choose its own pod template"
    rolling = (document.spec.get("strategy") or {}).get("rollingUpdate") or {}
    if str(rolling.get("maxUnavailable", "1")) in ("0", "0%") and str(rolling.get("maxSurge", "1")) in ("0", "0%"):
        yield "spec.strategy", "maxUnavailable and maxSurge are both 0: no update can move"
    if document.kind == "StatefulSet" and not links.get("Service", document.spec.get("serviceName")):
        yield "spec.serviceName", f"no Service {document.spec.get('serviceName')}"
    for spread in document.pod.get("topologySpreadConstraints") or []:
        if not matches(spread.get("labelSelector") or {}, document.pod_labels):
            yield "topologySpreadConstraints", "do not choose their own pods"


def _pod(document, links):
    pod = document.pod
    account = pod.get("serviceAccountName", "default")
    if not links.get("ServiceAccount", account):
        yield "serviceAccountName", f"no ServiceAccount {account}"
    if pod.get("automountServiceAccountToken") is not False:
        yield "automountServiceAccountToken", "must be false: no pod here speaks to the API server"
    security = pod.get("securityContext") or {}
    if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
        yield "securityContext", "runAsNonRoot must be true, with a runAsUser"
    if (security.get("seccompProfile") or {}).get("type") != "RuntimeDefault":
        yield "securityContext.seccompProfile", "must be RuntimeDefault"
    for volume in pod.get("volumes") or []:
        for kind, key, name in (("ConfigMap", "configMap", "name"), ("Secret", "secret", "secretName")):
            if key in volume:
                source = volume[key]
                yield from _reference(links, kind, source.get(name), [i["key"] for i in source.get("items", [])], "volumes")
        claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        if claim and not links.get("PersistentVolumeClaim", claim):
            yield "volumes", f"no PersistentVolumeClaim {claim}"


def _image(container):
    name, _, tag = container.get("image", "").rpartition("/")[2].partition(":")
    if not name or "@sha256" not in container["image"] and tag in ("", "latest"):
        yield "image", f"{container.get('image')!r} names no version"


def _security(container):
    security = container.get("securityContext") or {}
    if security.get("allowPrivilegeEscalation") is not False:
        yield "securityContext.allowPrivilegeEscalation", "must be false"
    if security.get("readOnlyRootFilesystem") is not True:
        yield "securityContext.readOnlyRootFilesystem", "must be true"
    if (security.get("capabilities") or {}).get("drop") != ["ALL"] or security.get("privileged"):
        yield "securityContext.capabilities", "must drop ALL, and nothing may be privileged"


def _resources(container):
    resources = container.get("resources") or {}
    for name in ("cpu", "memory"):
        request, limit = ((resources.get(part) or {}).get(name) for part in ("requests", "limits"))
        if request is None or limit is None:
            yield "resources", f"needs a request and a limit of {name}"
            continue
        low, high = quantity(request), quantity(limit)
        if low is not None and high is not None and low > high:
            yield f"resources.limits.{name}", f"{limit} is below the request of {request}"


def _ports(container):
    names = {p.get("name") for p in container.get("ports", [])} | {p.get("containerPort") for p in container.get("ports", [])}
    for probe in PROBES:
        for kind in ("httpGet", "tcpSocket"):
            port = ((container.get(probe) or {}).get(kind) or {}).get("port")
            if port is not None and port not in names:
                yield f"{probe}.{kind}.port", f"the container has no port {port}"


def _environment(container, _document, links):
    for source in container.get("envFrom", []):
        for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
            if key in source and not source[key].get("optional"):
                yield from _reference(links, kind, source[key].get("name"), [], "envFrom")
    for variable in container.get("env", []):
        for kind, key in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
            reference = (variable.get("valueFrom") or {}).get(key)
            if reference:
                yield from _reference(links, kind, reference.get("name"), [reference.get("key")], f"env {variable['name']}")
        if variable["name"].startswith("BAEDAL_") and variable["name"] not in links.settings:
            yield f"env {variable['name']}", "is no setting of Baedal (docs/configuration.md)"
    for name, value in links.environment(container).items():
        for host, port in values.addresses(name, value):
            text = _unreachable(host, port, links)
            if text:
                yield f"environment {name}", text


def _files(container, document, links):
    """Settings that name a file or a folder: a volume is mounted there, and its Secret has that key."""
    secrets = {v["name"]: v["secret"].get("secretName") for v in document.pod.get("volumes") or [] if "secret" in v}
    for name, value in links.environment(container).items():
        if not name.startswith(("BAEDAL_", "PG")) or not str(value or "").startswith("/"):
            continue
        mounts = [m for m in container.get("volumeMounts", []) if f"{value}/".startswith(f"{m['mountPath'].rstrip('/')}/")]
        if not mounts:
            yield f"environment {name}", f"no volume is mounted where {value} is"
            continue
        nearest = max(mounts, key=lambda mount: len(mount["mountPath"]))
        if nearest["name"] in secrets:
            key = value.removeprefix(nearest["mountPath"].rstrip("/") + "/")
            yield from _reference(links, "Secret", secrets[nearest["name"]], [key], f"environment {name}")


def _access(container, links):
    """Nobody may do anything without saying who they are; and the process would start (docs/access.md)."""
    environment = links.environment(container)

    def given(name):
        return _given(environment, name)
    if environment.get("BAEDAL_AUTH_MODE", "required") != "required" or environment.get("BAEDAL_PROFILE") == "dev":
        yield "is open: whoever reaches the pod may do everything"
    if not given("BAEDAL_AUTH_ISSUER_KEY") and not (given("BAEDAL_AUTH_ISSUER") and given("BAEDAL_AUTH_JWKS")):
        yield "names nobody whose tokens are taken: an issuer with its key set, or a key of the installation's own"
    if environment.get("BAEDAL_ROLES") == "order" and not given("BAEDAL_AUTH_SERVICE_KEY"):
        yield "has no service key: menu and delivery would not know who calls"


def _accounts(container, document, links):
    """People's accounts outlive the pod that keeps them, and all gateways know the same."""
    environment = links.environment(container)
    store = environment.get("BAEDAL_ACCOUNTS_STORE", links.settings["BAEDAL_ACCOUNTS_STORE"])
    if not _given(environment, "BAEDAL_AUTH_ISSUER_KEY") or not store.startswith("sqlite:"):
        return
    claims = {v["name"] for v in document.pod.get("volumes") or [] if "persistentVolumeClaim" in v}
    folders = {m["mountPath"]: m["name"] for m in container.get("volumeMounts", [])}
    if folders.get(environment.get("BAEDAL_DATA_DIR")) not in claims:
        yield "accounts would go with the pod: BAEDAL_ACCOUNTS_STORE must be on PostgreSQL, or empty"


def _given(environment, name):
    return environment.get(name, "") != "" or environment.get(name + "_FILE", "") != ""


def _unreachable(host, port, links):
    """Why nobody answers at an address inside the namespace; None for one outside of it."""
    first, _, rest = host.partition(".")
    if rest and not links.get("Service", rest):
        return None
    service = links.get("Service", rest or host)
    if not service:
        return f"no Service {host}"
    if port not in [p.get("port") for p in service.spec.get("ports", [])]:
        return f"Service {service.name} has no port {port}"
    if rest:
        owner, _, ordinal = first.rpartition("-")
        pods = links.get("StatefulSet", owner)
        if not pods or not ordinal.isdigit() or int(ordinal) >= pods.replicas:
            return f"there is no pod {first}"
    return None


def _reference(links, kind, name, keys, field):
    target = links.get(kind, name)
    if not target:
        yield field, f"no {kind} {name}"
        return
    have = {**(target.body.get("data") or {}), **(target.body.get("stringData") or {})}
    for key in keys:
        if key not in have:
            yield field, f"{kind} {name} has no key {key}"


def _server(document, links):
    """What a container that serves must have besides: probes, and time to end."""
    for container in document.pod.get("containers", []):
        where = f"container {container['name']}"
        for probe in PROBES:
            path = ((container.get(probe) or {}).get("httpGet") or {}).get("path")
            if path != HEALTH[probe == "readinessProbe"]:
                yield f"{where}: {probe}", f"must ask {HEALTH[probe == 'readinessProbe']}"
        hook = ((container.get("lifecycle") or {}).get("preStop") or {}).get("exec") or {}
        command = hook.get("command") or []
        if command[:2] != ["/baedal", "sleep"] or not command[2:] or not str(command[2]).isdigit():
            yield f"{where}: lifecycle.preStop", "must be [/baedal, sleep, SECONDS]"
            continue
        environment = links.environment(container)
        needed = int(command[2]) + sum(
            values.seconds(environment.get(name) or links.settings[name]) or 0 for name in ENDING)
        if document.pod.get("terminationGracePeriodSeconds", 30) <= needed:
            yield "terminationGracePeriodSeconds", f"must be above the {needed:g} s that preStop and an orderly stop may take"
