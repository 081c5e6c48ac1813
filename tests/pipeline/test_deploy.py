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
KINDS = {
    "menu": "kind: Deployment\nspec:\n  strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}\n",
    "mypage": "kind: StatefulSet\nspec:\n  serviceName: mypage\n",
    "gateway": "kind: Deployment\nspec:\n  strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}\n",
}
ROLE = """  selector: {{matchLabels: {{app: {role}}}}}
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
          env: [{{name: BAEDAL_AUTH_MODE, value: open-inside}}]
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
    """Three roles, each with a ConfigMap whose name changes with what is in it."""
    folder = tmp_path_factory.mktemp("overlay")

    def write(**settings):
        lines = ["apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization",
                 "resources: [menu.yaml, mypage.yaml, gateway.yaml]", "configMapGenerator:"]
        for role, kind in KINDS.items():
            lines.append(f"  - {{name: {role}, literals: ['{settings.get(role, 'BAEDAL_LOG_LEVEL=info')}']}}")
            (folder / f"{role}.yaml").write_text(
                f"apiVersion: apps/v1\nmetadata: {{name: {role}}}\n{kind}{ROLE.format(role=role)}")
        (folder / "kustomization.yaml").write_text("\n".join([*lines, ""]))
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
    done = deploy(namespace, overlay(), IMAGE, "--timeout", "180")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.index("menu: rolled out") < done.stdout.index("gateway: rolled out")
    return serving(namespace)


def test_a_second_time_changes_nothing(namespace, overlay, deployed):
    done = deploy(namespace, overlay(), IMAGE, "--timeout", "180")
    assert done.returncode == 0 and "menu: unchanged" in done.stdout
    assert serving(namespace) == deployed


def test_an_image_that_is_not_there_is_taken_back(namespace, overlay, deployed):
    done = deploy(namespace, overlay(), "baedal:never-built", "--timeout", "15")
    assert done.returncode == 1
    assert "FAILED: menu did not roll out" in done.stdout and "baedal:never-built" in done.stdout
    assert "menu: back to what it was" in done.stdout
    # The very pods of before: they have not been touched, and the gateway not at all.
    assert serving(namespace) == deployed


def test_a_setting_that_is_refused_takes_back_every_role_that_was_changed(namespace, overlay, deployed):
    done = deploy(namespace, overlay(gateway="BAEDAL_HTTP_PORT=eighty", mypage="BAEDAL_LOG_LEVEL=warn",
                                     menu="BAEDAL_LOG_LEVEL=warn"), IMAGE, "--timeout", "90")
    assert done.returncode == 1
    assert "menu: rolled out" in done.stdout and "FAILED: gateway" in done.stdout
    assert "http.port" in done.stdout, done.stdout
    for role in KINDS:
        assert f"{role}: back to what it was" in done.stdout
    after = serving(namespace)
    assert {pod[:3] for pod in after} == {pod[:3] for pod in deployed}
    assert {pod for pod in after if pod[0] == "gateway"} == {pod for pod in deployed if pod[0] == "gateway"}


def test_a_pod_of_a_stateful_set_that_never_gets_ready_is_replaced(namespace, overlay, deployed):
    done = deploy(namespace, overlay(mypage="BAEDAL_HTTP_PORT=eighty"), IMAGE, "--timeout", "90")
    assert done.returncode == 1 and "FAILED: mypage" in done.stdout and "http.port" in done.stdout
    assert "mypage: back to what it was" in done.stdout and "gateway" not in done.stdout
    assert {pod[:3] for pod in serving(namespace)} == {pod[:3] for pod in deployed}


def test_what_the_server_refuses_changes_nothing(namespace, overlay, deployed):
    folder = overlay()
    before = serving(namespace)
    refused = (folder / "gateway.yaml").read_text().replace("cpu: 10m", "cpu: lots")
    (folder / "gateway.yaml").write_text(refused)
    done = deploy(namespace, folder, IMAGE, "--timeout", "90")
    assert done.returncode == 1 and "quantit" in done.stderr, done.stderr
    assert serving(namespace) == before


def test_a_wrong_overlay_is_said_so(namespace):
    done = deploy(namespace, ROOT / "docs", IMAGE)
    assert done.returncode == 1 and "kustomization.yaml" in done.stderr
