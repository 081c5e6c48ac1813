"""What `kubectl drain` does to each pod of a node, with two pods of a role on it: the budget lets them go
one after the other, and nobody notices."""
import json
import time

from harness.figures import figure
from harness.kubectl import eventually
from harness.system import is_ready

EVICTED = ["gateway", "order"]


def evict(system, pod):
    """Whether the budget allowed it. The version of the Eviction is the server's."""
    name = pod["metadata"]["name"]
    for version in ("policy/v1", "policy/v1beta1"):
        body = {"apiVersion": version, "kind": "Eviction", "metadata": {"name": name, "namespace": system.namespace}}
        done = system.kubectl("create", "--raw", f"/api/v1/namespaces/{system.namespace}/pods/{name}/eviction", "-f", "-",
                              stdin=json.dumps(body), check=False)
        if done.returncode == 0:
            return True
        if "disruption budget" in done.stderr:
            return False
    raise AssertionError(done.stderr)  # neither version is known


def test_evictions_keep_to_the_budget_and_every_request_is_answered(distributed):
    for role in EVICTED:
        distributed.scale(f"deployment/{role}", 2)
    for role in EVICTED:
        distributed.rolled_out(f"deployment/{role}")
    refused = 0
    begun = time.monotonic()
    with distributed.orders_placed(clients=6) as placed:
        for role in EVICTED:
            pods = distributed.pods(role)
            assert len(pods) == 2
            assert evict(distributed, pods[0])
            refused += not evict(distributed, pods[1])
            eventually(lambda: evict(distributed, pods[1]), 90, pause=1)  # as kubectl drain asks again
            gone = {pod["metadata"]["uid"] for pod in pods}
            eventually(lambda: len(ready := [pod for pod in distributed.pods(role) if is_ready(pod)]) == 2
                       and not gone & {pod["metadata"]["uid"] for pod in ready}, 90)
            eventually(lambda: len(distributed.pods(role, with_dying=True)) == 2, 90)
    assert refused == len(EVICTED), "the second eviction at once must be refused"
    assert not placed.failures, (len(placed.failures), placed.failures[:5])
    distributed.check_promises(placed.orders)
    figure("node drain / PDB", f"both pods of {', '.join(EVICTED)} evicted in {time.monotonic() - begun:.0f} s: the second "
           f"had to wait for the first one's successor; {len(placed.orders)} orders, availability {placed.availability:.2f} %",
           orders=len(placed.orders), availability=placed.availability)
