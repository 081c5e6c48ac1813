"""script/deploy on a real cluster: it rolls out role by role, and what does not work is taken back
while the old pods go on serving. BAEDAL_TEST_IMAGE (baedal:dev) is an image the cluster has."""
import json
import os
import shlex
import subprocess
import uuid

import pytest

from containers import ROOT, run

KUBECTL = shlex.split(os.environ.get("KUBECTL", "kubectl"))
IMAGE = os.environ.get("BAEDAL_TEST_IMAGE", "baedal:dev")
ROLE = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {role}
spec:
  selector: {{matchLabels: {{app: {role}}}}}
  strategy: {{rollingUpdate: {{maxUnavailable: 0, maxSurge: 1}}}}
  template:
    metadata:
      labels: {{app: {role}}}
    spec:
      terminationGracePeriodSeconds: 5
      automountServiceAccountToken: false
      containers:
        - name: {role}
          image: baedal:none
          args: [serve, --role, {role}]
          envFrom: [{{configMapRef: {{name: {role}}}}}]
          resources: {{requests: {{cpu: 10m, memory: 32Mi}}}}
          readinessProbe: {{httpGet: {{path: /actuator/health/readiness, port: 8080}}, periodSeconds: 1}}
          volumeMounts: [{{name: data, mountPath: /data}}]
      securityContext: {{fsGroup: 10001}}
      volumes: [{{name: data, emptyDir: {{}}}}]
"""


def kubectl(*words, check=True):
    return run([*KUBECTL, *words], check=check)


@pytest.fixture(scope="module", name="namespace")
def _namespace():
    try:
        reached = subprocess.run([*KUBECTL, "get", "namespaces"], capture_output=True, timeout=30, check=False)
    except OSError as error:
        pytest.skip(f"{KUBECTL[0]} cannot be run: {error.strerror}")
    if reached.returncode != 0:
        pytest.skip(f"no cluster: {reached.stderr.decode().strip()[-200:]}")
    name = f"image-deploy-{uuid.uuid4().hex[:8]}"
    yield name
    kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


@pytest.fixture(scope="module", name="overlay")
def _overlay(tmp_path_factory):
    """Two roles, each with a ConfigMap whose name changes with what is in it."""
    folder = tmp_path_factory.mktemp("overlay")

    def write(gateway_settings, answer="one"):
        lines = ["apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization",
                 "resources: [menu.yaml, gateway.yaml]", "configMapGenerator:",
                 f"  - {{name: menu, literals: ['BAEDAL_KAFKA_GROUP_PREFIX={answer}']}}",
                 f"  - {{name: gateway, literals: ['{gateway_settings}']}}"]
        (folder / "kustomization.yaml").write_text("\n".join([*lines, ""]))
        for role in ("menu", "gateway"):
            (folder / f"{role}.yaml").write_text(ROLE.format(role=role))
        return folder
    return write


def deploy(namespace, folder, image, *options):
    return run(["script/deploy", "--overlay", folder, "--image", image, "--namespace", namespace, *options],
               check=False, env=os.environ | {"KUBECTL": shlex.join(KUBECTL)})


def serving(namespace):
    """(role, image, name of its ConfigMap) of each pod that is ready and stays."""
    found = set()
    for pod in json.loads(kubectl("-n", namespace, "get", "pods", "-o", "json").stdout)["items"]:
        ready = any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"].get("conditions", []))
        if ready and "deletionTimestamp" not in pod["metadata"]:
            container = pod["spec"]["containers"][0]
            found.add((container["name"], container["image"], container["envFrom"][0]["configMapRef"]["name"],
                       pod["metadata"]["name"]))
    return found


@pytest.fixture(scope="module", name="deployed")
def _deployed(namespace, overlay):
    done = deploy(namespace, overlay("BAEDAL_LOG_LEVEL=info"), IMAGE, "--timeout", "120")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.index("menu: rolled out") < done.stdout.index("gateway: rolled out")
    return serving(namespace)


def test_a_second_time_changes_nothing(namespace, overlay, deployed):
    done = deploy(namespace, overlay("BAEDAL_LOG_LEVEL=info"), IMAGE, "--timeout", "120")
    assert done.returncode == 0 and "menu: unchanged" in done.stdout
    assert serving(namespace) == deployed


def test_an_image_that_is_not_there_is_taken_back(namespace, overlay, deployed):
    done = deploy(namespace, overlay("BAEDAL_LOG_LEVEL=info"), "baedal:never-built", "--timeout", "15")
    assert done.returncode == 1
    assert "FAILED: menu did not roll out" in done.stdout and "baedal:never-built" in done.stdout
    assert "menu: back to what it was" in done.stdout
    # The very pods of before: they have not been touched, and the gateway not at all.
    assert serving(namespace) == deployed


def test_a_setting_that_is_refused_takes_back_every_role_that_was_changed(namespace, overlay, deployed):
    done = deploy(namespace, overlay("BAEDAL_HTTP_PORT=eighty", answer="two"), IMAGE, "--timeout", "20")
    assert done.returncode == 1
    assert "menu: rolled out" in done.stdout and "FAILED: gateway" in done.stdout
    assert "http.port" in done.stdout, done.stdout
    assert "gateway: back to what it was" in done.stdout and "menu: back to what it was" in done.stdout
    after = serving(namespace)
    assert {pod[:3] for pod in after} == {pod[:3] for pod in deployed}
    assert {pod for pod in after if pod[0] == "gateway"} == {pod for pod in deployed if pod[0] == "gateway"}


def test_what_the_server_refuses_changes_nothing(namespace, overlay, deployed):
    folder = overlay("BAEDAL_LOG_LEVEL=info")
    before = serving(namespace)
    (folder / "gateway.yaml").write_text(ROLE.format(role="gateway").replace("cpu: 10m", "cpu: lots"))
    done = deploy(namespace, folder, IMAGE, "--timeout", "20")
    assert done.returncode == 1 and "quantit" in done.stderr, done.stderr
    assert serving(namespace) == before


def test_a_wrong_overlay_is_said_so(namespace):
    done = deploy(namespace, ROOT / "docs", IMAGE)
    assert done.returncode == 1 and "kustomization.yaml" in done.stderr
