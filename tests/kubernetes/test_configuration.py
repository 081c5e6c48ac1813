"""Values of ConfigMap and Secret take effect by a rollout; a bad or missing one stops it with a sentence
that names it, while the old pods go on serving."""
import time

import prepare
from harness import overlay
from harness.figures import figure
from harness.kubectl import eventually


def new_pod(system, old):
    """A pod of menu that is none of the old ones."""
    return eventually(lambda: [pod for pod in system.pods("menu") if pod["metadata"]["uid"] not in old])[0]


def uids(system):
    return {pod["metadata"]["uid"] for pod in system.pods("menu")}


def apply(system, **settings):
    overlay.apply(prepare.distributed_overlay(system, settings={"menu": settings}))


def test_a_changed_value_takes_effect_by_a_rollout(distributed):
    menu = "/menus/" + distributed.ask("POST", "/menus", {"menuNm": "Gimbab", "price": 4500})[1]["_links"]["self"]["href"].rsplit("/", 1)[1]
    assert "price" in distributed.ask("GET", menu)[1]
    before = uids(distributed)
    begun = time.monotonic()
    apply(distributed, BAEDAL_HTTP_REPRESENTATION="seed")
    distributed.rolled_out("deployment/menu")
    assert not before & uids(distributed)
    # The original knows no price. The old pod answers until it has seen off its last connection.
    eventually(lambda: "price" not in distributed.ask("GET", menu)[1], 60)
    seconds = time.monotonic() - begun
    figure("ConfigMap / Secret", f"a changed value is in effect {seconds:.0f} s after `kubectl apply`, by a rollout",
           seconds=seconds)


def test_a_bad_value_stops_the_rollout_with_a_sentence_and_the_old_pods_serve(distributed):
    before = uids(distributed)
    apply(distributed, BAEDAL_STORE_QUEUE_MAX="many")
    pod = new_pod(distributed, before)
    name = pod["metadata"]["name"]

    def sentence():
        log = distributed.kubectl("logs", name, check=False).stdout
        return [line for line in log.splitlines() if "store.queue-max" in line]
    said = eventually(sentence, 60)[0]
    assert "many" in said
    assert not [status for status in eventually(lambda: distributed.pods("menu")[-1]["status"]["containerStatuses"])
                if status["ready"]]
    assert before <= uids(distributed), "the old pods are still there"
    assert distributed.ask("POST", "/menus", {"menuNm": "Juice"})[0] == 201
    distributed.kubectl("rollout", "undo", "deployment/menu")
    distributed.rolled_out("deployment/menu")
    figure("ConfigMap / Secret", f"a bad value: the new pod ends with \"{said.strip()[:110]}\", the old one serves; "
           "`kubectl rollout undo` puts it right")


def test_a_missing_secret_stops_the_rollout_with_a_message_and_the_old_pods_serve(distributed):
    before = uids(distributed)
    patch = [{"op": "replace", "path": "/spec/template/spec/containers/0/envFrom/3/secretRef/name", "value": "forgotten"}]
    overlay.apply(prepare.distributed_overlay(distributed, patches=[({"kind": "Deployment", "name": "menu"}, patch)]))
    pod = new_pod(distributed, before)

    def waiting():
        statuses = distributed.read("get", "pod", pod["metadata"]["name"])["status"].get("containerStatuses") or [{}]
        return statuses[0].get("state", {}).get("waiting", {})
    eventually(lambda: waiting().get("reason") == "CreateContainerConfigError", 60)
    message = waiting()["message"]
    assert "forgotten" in message
    assert distributed.ask("POST", "/menus", {"menuNm": "Juice"})[0] == 201
    figure("ConfigMap / Secret", f"a missing Secret: CreateContainerConfigError, \"{message}\"; the old pod serves")


def test_a_wrong_password_keeps_the_new_pod_unready_and_says_why(distributed):
    overlay.apply(prepare.distributed_overlay(distributed))
    distributed.rolled_out("deployment/menu")
    before = uids(distributed)
    patch = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "menu"}, "spec": {"template": {"spec": {
        "containers": [{"name": "menu", "env": [{"name": "PGPASSWORD", "value": "not-it"}]}]}}}}
    overlay.apply(prepare.distributed_overlay(distributed, patches=[({"kind": "Deployment", "name": "menu"}, patch)]))
    name = new_pod(distributed, before)["metadata"]["name"]
    eventually(lambda: "password authentication failed" in distributed.kubectl("logs", name, check=False).stdout, 60)
    assert "not-it" not in distributed.kubectl("logs", name)
    assert distributed.ask("POST", "/menus", {"menuNm": "Juice"})[0] == 201
