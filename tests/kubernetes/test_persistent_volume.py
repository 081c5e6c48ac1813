"""The pod of the overlay `embedded` is deleted and made again: everything is there."""
from conftest import apply_embedded
from harness.figures import figure
from harness.kubectl import eventually
from harness.system import is_ready


def test_all_orders_are_there_after_the_pod_was_deleted_and_made_again(embedded):
    apply_embedded(embedded)
    with embedded.orders_placed(clients=4, pause=0.01) as placed:
        eventually(lambda: embedded.ask("GET", "/orders?size=1")[1]["page"]["totalElements"] >= 100)
        (pod,) = embedded.pods("baedal")
        claim = embedded.read("get", "pvc", "baedal-data")
        assert claim["status"]["phase"] == "Bound"
        embedded.kubectl("delete", "pod", pod["metadata"]["name"], "--wait=false")
        eventually(lambda: [new for new in embedded.pods("baedal") if is_ready(new)
                            and new["metadata"]["uid"] != pod["metadata"]["uid"]])
    assert len(placed.orders) >= 100
    there = embedded.check_promises(placed.orders)
    assert there >= len(placed.orders)
    figure("persistent volume", f"pod deleted while orders were placed: all {len(placed.orders)} that were answered "
           f"201 are there in the new pod", orders=len(placed.orders))
