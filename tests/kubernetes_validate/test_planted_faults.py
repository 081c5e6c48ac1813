"""One fault at a time is put into manifests that are good; the check it belongs to finds it, and names
the file, the object and the field."""
import os
import shutil
import subprocess

import pytest
from baedal_kubernetes.__main__ import check
from baedal_kubernetes.schema import schema_file
from conftest import ROOT

POD = "spec.template.spec"
C0 = f"{POD}.containers.0"

# (what is wrong, overlay, object, path, value or REMOVED, the check that finds it, in the words)
REMOVED = object()
FAULTS = [
    ("a misspelt field", "distributed", "Deployment/order", f"{C0}.livenesProbe", {}, "schema", "livenesProbe"),
    ("a wrong type", "embedded", "Deployment/baedal", "spec.replicas", "three", "schema", "spec.replicas"),
    ("a malformed quantity", "distributed", "Deployment/menu", f"{C0}.resources.limits.memory", "64Mibb", "schema", "64Mibb"),
    ("a required field that is missing", "distributed", "HorizontalPodAutoscaler/delivery", "spec.scaleTargetRef", REMOVED,
     "schema", "scaleTargetRef"),
    ("a version that was removed", "distributed", "HorizontalPodAutoscaler/delivery", "apiVersion", "autoscaling/v2beta2",
     "schema", "autoscaling/v2beta2"),
    ("a kind that does not exist", "distributed", "PodDisruptionBudget/order", "kind", "PodDisruptionBudgets", "schema",
     "PodDisruptionBudgets"),
    ("a Secret that is not base64", "distributed", "Secret/postgres-passwords", "data", {"POSTGRES_PASSWORD": "not base64!"},
     "schema", "data.POSTGRES_PASSWORD: is no base64"),
    ("a field of a newer schema in the wrong place", "production", "NetworkPolicy/gateway", "spec.ingress.0.port", 8080,
     "schema", "port"),
    ("a selector beside its template", "distributed", "Deployment/order", "spec.selector.matchLabels.app", "orders", "links",
     "spec.selector"),
    ("a Service that chooses nothing", "distributed", "Service/menu", "spec.selector.app", "menus", "links", "spec.selector"),
    ("a Service port that no container has", "distributed", "Service/gateway", "spec.ports.0.targetPort", "web", "links", "web"),
    ("a Service port number that no container has", "distributed", "Service/kafka", "spec.ports.0.targetPort", 9094, "links", "9094"),
    ("a probe of a port that is not there", "distributed", "Deployment/order", f"{C0}.readinessProbe.httpGet.port", "web",
     "links", "readinessProbe"),
    ("liveness that asks for the stores", "distributed", "Deployment/order", f"{C0}.livenessProbe.httpGet.path",
     "/actuator/health/readiness", "links", "livenessProbe"),
    ("no startup probe", "production", "StatefulSet/mypage", f"{C0}.startupProbe", REMOVED, "links", "startupProbe"),
    ("a ConfigMap that is missing", "distributed", "Deployment/payment", f"{C0}.envFrom.2.configMapRef.name", "payments",
     "links", "no ConfigMap payments"),
    ("a Secret that is missing", "production", "Deployment/payment", f"{C0}.envFrom.3.secretRef.name", "payment-db", "links",
     "no Secret payment-db"),
    ("a key that its Secret has not", "production", "Deployment/order", f"{C0}.env",
     [{"name": "PGPASSWORD", "valueFrom": {"secretKeyRef": {"name": "order-database", "key": "PASSWORD"}}}], "links",
     "no key PASSWORD"),
    ("a volume that is missing", "distributed", "Deployment/menu", f"{POD}.volumes", [], "links", "no volume data"),
    ("a claim that is missing", "embedded", "Deployment/baedal", f"{POD}.volumes.0.persistentVolumeClaim.claimName", "data",
     "links", "no PersistentVolumeClaim data"),
    ("a certificate that no volume brings", "migration-production", "Job/migrate", f"{POD}.containers.2.volumeMounts",
     [{"name": "data", "mountPath": "/data"}], "links", "no volume is mounted where /etc/baedal/trust/postgres-ca.crt is"),
    ("a certificate under another key", "production", "ConfigMap/baedal-services", "data.PGSSLROOTCERT",
     "/etc/baedal/trust/ca.crt", "links", "no key ca.crt"),
    ("a ServiceAccount that is missing", "distributed", "Deployment/menu", f"{POD}.serviceAccountName", "cook", "links",
     "no ServiceAccount cook"),
    ("a token in the pod", "distributed", "Deployment/menu", f"{POD}.automountServiceAccountToken", True, "links",
     "automountServiceAccountToken"),
    ("root", "distributed", "Deployment/menu", f"{POD}.securityContext.runAsUser", 0, "links", "runAsUser"),
    ("no seccomp profile", "distributed", "StatefulSet/kafka", f"{POD}.securityContext.seccompProfile", REMOVED, "links",
     "seccompProfile"),
    ("a root file system to write on", "distributed", "Deployment/menu", f"{C0}.securityContext.readOnlyRootFilesystem",
     False, "links", "readOnlyRootFilesystem"),
    ("a capability that is kept", "migration-production", "Job/migrate", f"{C0}.securityContext.capabilities.drop",
     ["NET_RAW"], "links", "capabilities"),
    ("an image without a version", "distributed", "Deployment/menu", f"{C0}.image", "baedal", "links", "names no version"),
    ("the image of the day", "distributed", "Deployment/menu", f"{C0}.image", "baedal:latest", "links", "names no version"),
    ("a limit below its request", "distributed", "Deployment/menu", f"{C0}.resources.limits.cpu", "10m", "links", "below the request"),
    ("no limit of memory", "distributed", "Deployment/menu", f"{C0}.resources.limits.memory", REMOVED, "links", "memory"),
    ("too little time to end", "distributed", "Deployment/order", f"{POD}.terminationGracePeriodSeconds", 30, "links", "48 s"),
    ("too long a drain for the time to end", "distributed", "ConfigMap/baedal", "data.BAEDAL_SHUTDOWN_GRACE", "40s", "links",
     "68 s"),
    ("no preStop", "distributed", "Deployment/gateway", f"{C0}.lifecycle", REMOVED, "links", "preStop"),
    ("an update that cannot move", "distributed", "Deployment/menu", "spec.strategy.rollingUpdate.maxSurge", 0, "links",
     "no update can move"),
    ("a setting that does not exist", "distributed", "ConfigMap/baedal", "data.BAEDAL_LOG_LEVLE", "info", "links",
     "BAEDAL_LOG_LEVLE"),
    ("a neighbour that does not exist", "distributed", "ConfigMap/order", "data.BAEDAL_DELIVERY_URL",
     "http://deliveries:8080", "links", "no Service deliveries"),
    ("a broker at the wrong port", "distributed", "ConfigMap/baedal-services", "data.BAEDAL_MESSAGING_BUS",
     "kafka://kafka:9093/baedal", "links", "no port 9093"),
    ("more mypages in the gateway's list than there are", "production", "StatefulSet/mypage", "spec.replicas", 2, "links",
     "no pod mypage-2"),
    ("an autoscaler of nothing", "distributed", "HorizontalPodAutoscaler/delivery", "spec.scaleTargetRef.name", "deliveries",
     "links", "no Deployment deliveries"),
    ("an autoscaler with its bounds crossed", "distributed", "HorizontalPodAutoscaler/delivery", "spec.minReplicas", 11,
     "links", "above maxReplicas"),
    ("an autoscaler against a fixed number", "distributed", "Deployment/delivery", "spec.replicas", 1, "links",
     "undo scaling"),
    ("a budget of nothing", "distributed", "PodDisruptionBudget/order", "spec.selector.matchLabels.app", "orders", "links",
     "spec.selector"),
    ("a budget that keeps a node from being drained", "distributed", "PodDisruptionBudget/order", "spec.maxUnavailable", 0,
     "links", "could not be drained"),
    ("a NetworkPolicy of nothing", "distributed", "NetworkPolicy/kafka", "spec.podSelector.matchLabels.app", "broker", "links",
     "spec.podSelector"),
    ("a NetworkPolicy that lets nobody in", "distributed", "NetworkPolicy/services-from-gateway",
     "spec.ingress.0.from.0.podSelector.matchLabels.app", "gate", "links", "ingress[0].from[0]"),
    ("a NetworkPolicy for a port nobody has", "distributed", "NetworkPolicy/services-to-stores", "spec.egress.0.ports.0.port",
     5433, "links", "5433"),
    ("a spread of other pods", "distributed", "Deployment/menu",
     f"{POD}.topologySpreadConstraints.0.labelSelector.matchLabels.app", "order", "links", "topologySpreadConstraints"),
    ("a StatefulSet without its Service", "distributed", "StatefulSet/postgres", "spec.serviceName", "database", "links",
     "no Service database"),
    ("a door that is open to everybody", "distributed", "ConfigMap/baedal", "data.BAEDAL_AUTH_MODE", "open-inside", "links",
     "is open"),
    ("the profile of one's own machine", "embedded", "ConfigMap/baedal", "data.BAEDAL_PROFILE", "dev", "links", "is open"),
    ("a gateway without a key for tokens", "production", "ConfigMap/gateway", "data.BAEDAL_AUTH_ISSUER_KEY_FILE", REMOVED,
     "links", "nobody whose tokens"),
    ("an issuer without its key set", "distributed", "ConfigMap/baedal-access", "data.BAEDAL_AUTH_JWKS", REMOVED, "links",
     "nobody whose tokens"),
    ("an order that cannot say who it is", "distributed", "ConfigMap/baedal-access", "data.BAEDAL_AUTH_SERVICE_KEY_FILE",
     REMOVED, "links", "no service key"),
    ("a key set under another name", "distributed", "ConfigMap/baedal-access", "data.BAEDAL_AUTH_JWKS",
     "/etc/baedal/access/keys.json", "links", "no key keys.json"),
    ("accounts that go with the pod", "production", "ConfigMap/gateway", "data.BAEDAL_ACCOUNTS_STORE", REMOVED, "links",
     "would go with the pod"),
    ("accounts in a folder", "accounts", "ConfigMap/gateway", "data.BAEDAL_ACCOUNTS_STORE", "sqlite:accounts.db", "links",
     "would go with the pod"),
    ("accounts without a password", "accounts", "Deployment/gateway", f"{C0}.envFrom.2.secretRef.name", "accounts", "links",
     "no Secret accounts"),
    ("accounts by a certificate that no volume brings", "accounts", "ConfigMap/gateway", "data.PGSSLROOTCERT",
     "/etc/trust/postgres-ca.crt", "links", "no volume is mounted"),
    ("a Secret with keys that is missing", "embedded", "Deployment/baedal", f"{POD}.volumes.1.secret.secretName", "issuer",
     "links", "no Secret issuer"),
    ("an Ingress to nowhere", "ingress", "Ingress/gateway", "spec.rules.0.http.paths.0.backend.service.name", "door", "links",
     "no Service door"),
    ("an Ingress to a port that is not there", "ingress", "Ingress/gateway",
     "spec.rules.0.http.paths.0.backend.service.port", {"number": 80}, "links", "no port 80"),
]

# What only a server knows: all at once, each in an object of its own.
SERVER_FAULTS = [
    ("a scheme that does not exist", "Deployment/order", f"{C0}.readinessProbe.httpGet.scheme", "HTP"),
    ("a period below nothing", "Deployment/menu", f"{C0}.livenessProbe.periodSeconds", -1),
    ("a liveness probe that needs two successes", "Deployment/payment", f"{C0}.livenessProbe.successThreshold", 2),
    ("a port beyond all ports", "Service/mypage", "spec.ports.0.port", 99999),
    ("a policy of pulling that does not exist", "Deployment/delivery", f"{C0}.imagePullPolicy", "Sometimes"),
    ("a negative number of evictions", "PodDisruptionBudget/gateway", "spec.maxUnavailable", -1),
    ("a network that is none", "NetworkPolicy/dns", "spec.egress.0.to", [{"ipBlock": {"cidr": "10.0.0.0/99"}}]),
]


def find(documents, wanted):
    """The document; names of ConfigMaps and Secrets without the hash."""
    kind, name = wanted.split("/")
    found = [d for d in documents if d.kind == kind and not d.outside and (
        d.name == name or d.name.rpartition("-")[0] == name and len(d.name.rpartition("-")[2]) == 10)]
    assert len(found) == 1, f"{wanted}: {[d.name for d in found]}"
    return found[0]


def plant(document, path, value):
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = document.body
    for part in parents:
        place = place[part]
    if value is REMOVED:
        del place[last]
    else:
        assert not (isinstance(place, dict) and place.get(last) == value), "nothing would change"
        place[last] = value


def test_there_are_enough_of_them_and_each_is_planted_once():
    names = [fault[0] for fault in FAULTS + SERVER_FAULTS]
    assert len(names) == len(set(names)) >= 25


@pytest.mark.parametrize("fault", FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_planted_fault_is_found_by_the_check_it_belongs_to(fresh, schema, fault):
    _, overlay, wanted, path, value, by, words = fault
    documents = fresh(overlay)
    plant(find(documents, wanted), path, value)
    found = check(documents, schema)
    assert found and {one.check for one in found} == {by}, [str(one) for one in found]
    assert any(words in str(one) for one in found), [str(one) for one in found]
    for one in found:
        assert (ROOT / one.file).exists() and one.field and "/" in one.object


def test_faults_that_only_a_server_knows_are_found_by_it(fresh, schema, server):
    documents = fresh("distributed")
    for _, wanted, path, value in SERVER_FAULTS:
        plant(find(documents, wanted), path, value)
    assert [str(one) for one in check(documents, schema)] == [], "the others cannot know"
    found = server.check([d for d in documents if not d.outside])
    assert {one.object for one in found} == {wanted for _, wanted, _, _ in SERVER_FAULTS}, [str(one) for one in found]


@pytest.fixture
def checkout(tmp_path):
    """As much of a checkout as the command needs, to be damaged."""
    for part in ("script/baedal_kubernetes", "deploy/kubernetes"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("secrets", "__pycache__"))
    (tmp_path / "docs").mkdir()
    for file in ("script/kubernetes-validate", "script/kubernetes-secrets", "script/access-keys", "docs/configuration.md"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def validate(checkout, *words, **environment):
    return subprocess.run([checkout / "script/kubernetes-validate", *words], capture_output=True, text=True, check=False,
                          env=os.environ | {"KUBERNETES_SCHEMA": str(schema_file())} | environment)


def replace(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_the_command_fails_and_names_file_object_and_field(checkout):
    embedded = checkout / "deploy/kubernetes/overlays/embedded"
    good = validate(checkout, "--offline", "deploy/kubernetes/overlays/embedded")
    assert (good.returncode, good.stdout.splitlines()[0]) == (0, "deploy/kubernetes/overlays/embedded: 8 objects, 0 faults")
    assert "server: not asked" in good.stdout
    replace(embedded / "baedal.yaml", "claimName: baedal-data", "claimName: data")
    replace(embedded / "network.yaml", "podSelector", "podSelektor")
    bad = validate(checkout, "--offline", "deploy/kubernetes/overlays/embedded")
    assert bad.returncode == 1
    folder = "deploy/kubernetes/overlays/embedded"
    assert f"{folder}/baedal.yaml: Deployment/baedal: volumes: no PersistentVolumeClaim data [links]" in bad.stdout
    assert f"{folder}/network.yaml: NetworkPolicy/baedal: spec: " in bad.stdout


def test_an_overlay_that_cannot_be_rendered_is_a_fault(checkout):
    replace(checkout / "deploy/kubernetes/overlays/embedded/kustomization.yaml", "network.yaml", "netwrk.yaml")
    bad = validate(checkout, "--offline", "deploy/kubernetes/overlays/embedded")
    assert bad.returncode == 1
    assert "netwrk.yaml" in bad.stderr


def test_a_server_that_is_required_and_does_not_answer_is_a_failure(checkout, tmp_path):
    nobody = tmp_path / "kubeconfig"
    nobody.write_text('{"apiVersion": "v1", "kind": "Config", "clusters": [{"name": "x", "cluster": '
                      '{"server": "http://127.0.0.1:1"}}], "contexts": [{"name": "x", "context": {"cluster": "x", "user": ""}}], '
                      '"current-context": "x"}')
    words = validate(checkout, "--require-server", "deploy/kubernetes/overlays/embedded", KUBECTL="kubectl", KUBECONFIG=str(nobody))
    assert words.returncode == 1
    assert "server: none answers, not checked" in words.stdout
    assert "a server was required" in words.stderr
