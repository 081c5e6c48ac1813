"""A process that hangs, or says that it is down, is started again by Kubernetes; orders that were
answered 201 are all there afterwards."""
import time

import prepare
from harness import overlay
from harness.figures import figure
from harness.kubectl import eventually


def restarts_of(system, uid):
    """Of the container `order` of that pod."""
    return [status["restartCount"] for pod in system.pods("order") if pod["metadata"]["uid"] == uid
            for status in pod["status"]["containerStatuses"] if status["name"] == "order"]


def test_a_process_that_hangs_is_started_again_and_no_order_is_lost(distributed):
    """A second container of the same user, which sees the first one's processes, stops it."""
    spanner = {"name": "spanner", "image": distributed.images["tools"], "command": ["sleep", "infinity"],
               "imagePullPolicy": "IfNotPresent",
               "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                                   "capabilities": {"drop": ["ALL"]}}}
    patch = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "order"}, "spec": {
        "replicas": 2, "template": {"spec": {"shareProcessNamespace": True, "terminationGracePeriodSeconds": 10,
                                             "containers": [{"name": "order"}, spanner]}}}}
    overlay.apply(prepare.distributed_overlay(distributed, patches=[({"kind": "Deployment", "name": "order"}, patch)]))
    distributed.rolled_out("deployment/order")
    hung = distributed.pods("order")[0]
    address, uid = hung["status"]["podIP"], hung["metadata"]["uid"]
    with distributed.orders_placed(clients=4) as placed:
        distributed.kubectl("exec", hung["metadata"]["name"], "-c", "spanner", "--", "pkill", "-STOP", "-x", "baedal")
        begun = time.monotonic()
        eventually(lambda: address not in distributed.endpoints("order"), 60)
        out = time.monotonic() - begun
        eventually(lambda: restarts_of(distributed, uid) == [1], 120)
        eventually(lambda: address in distributed.endpoints("order"), 60)
        healed = time.monotonic() - begun
    distributed.check_promises(placed.orders)
    figure("self-healing", f"SIGSTOP: out of the Service after {out:.0f} s, started again and back after {healed:.0f} s; "
           f"{len(placed.orders)} orders placed meanwhile, none lost", out=out, healed=healed, orders=len(placed.orders))


def test_a_process_that_says_it_is_down_is_started_again(distributed):
    pod = eventually(lambda: distributed.pods("order"))[0]
    uid, address = pod["metadata"]["uid"], pod["status"]["podIP"]
    before = restarts_of(distributed, uid)[0]
    assert distributed.ask("PUT", "/actuator/down", host=address) == (200, {"status": "DOWN"})
    begun = time.monotonic()
    eventually(lambda: restarts_of(distributed, uid) == [before + 1], 120)
    eventually(lambda: address in distributed.endpoints("order"), 60)
    figure("self-healing", f"PUT /actuator/down: RESTARTS {before} → {before + 1}, ready again after "
           f"{time.monotonic() - begun:.0f} s", seconds=time.monotonic() - begun)
