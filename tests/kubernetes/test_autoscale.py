"""The seed's demonstration: under siege, delivery scales out to its maximum, and in again afterwards. With
BAEDAL_RECORD=1 the figures over time become docs/operations/autoscale.{json,svg}."""
import json
import os
import threading
import time

import pytest

import prepare
from harness import overlay
from harness.chart import autoscale_svg
from harness.figures import figure
from harness.kubectl import eventually
from harness.siege import Siege

CLIENTS, MAXIMUM, TARGET = 100, 10, 15
# 15 % of the request are 18m, and a pod that has nothing to do uses about 9m, on a slow machine 12m: there the
# autoscaler's own arithmetic keeps more than one pod. That it scales in is shown by less than half of the maximum.
LEFT_MAX = 4
SIEGE_SECONDS = int(os.environ.get("BAEDAL_SIEGE_SECONDS", "60"))
RECORD = overlay.ROOT / "docs" / "operations"


@pytest.fixture
def autoscaled(distributed):
    overlay.apply(prepare.distributed_overlay(distributed, autoscaler=True))
    yield distributed
    distributed.kubectl("delete", "hpa", "delivery")


class Watch(threading.Thread):
    """What `kubectl get hpa,deploy delivery -w` shows, every second or two."""

    def __init__(self, system):
        super().__init__(daemon=True)
        self.system, self.samples, self.begun, self.over = system, [], time.monotonic(), threading.Event()

    def seconds(self):
        return round(time.monotonic() - self.begun, 1)

    def run(self):
        while not self.over.is_set():
            self.samples.append(self.sample())
            self.over.wait(1)

    def sample(self):
        autoscaler, deployment = self.system.read("get", "hpa/delivery", "deployment/delivery")["items"]
        return {"seconds": self.seconds(), "wanted": deployment["spec"]["replicas"],
                "ready": deployment["status"].get("readyReplicas", 0), "percent": utilization(autoscaler)}


def utilization(autoscaler):
    """In percent of what is requested, whichever version of the API answers."""
    status = autoscaler["status"]
    if "currentCPUUtilizationPercentage" in status:  # autoscaling/v1
        return status["currentCPUUtilizationPercentage"]
    current = [metric["resource"]["current"] for metric in status.get("currentMetrics") or []
               if metric and metric.get("type") == "Resource"]
    return current[0].get("averageUtilization") if current else None


def test_delivery_scales_out_to_ten_under_siege_and_in_again(autoscaled):
    menu = autoscaled.ask("POST", "/menus", {"menuNm": "Gimbab"})[1]["_links"]["self"]["href"].rsplit("/", 1)[1]
    watch = Watch(autoscaled)
    watch.start()
    eventually(lambda: any(sample["percent"] is not None for sample in watch.samples), 120)
    begun = watch.seconds()
    # As in the seed; and couriers look at their deliveries, so that a small node has enough for ten pods.
    place = 'http://gateway:8080/orders POST {"menuId":"%s"}' % menu
    with Siege(autoscaled, CLIENTS, place, "http://gateway:8080/deliveries?size=50") as siege:
        eventually(lambda: any(sample["ready"] == MAXIMUM for sample in watch.samples), 300,
                   what=lambda: f"ten ready pods: {watch.samples[-5:]}")
        out = watch.seconds() - begun
        eventually(lambda: watch.seconds() - begun >= SIEGE_SECONDS, SIEGE_SECONDS + 5)
    ended = watch.seconds()
    assert siege.figures["availability"] == 100.0, siege.figures
    eventually(lambda: watch.samples[-1]["ready"] == watch.samples[-1]["wanted"] <= LEFT_MAX, 400,
               what=lambda: f"at most {LEFT_MAX} pods again: {watch.samples[-5:]}")
    back, left = watch.seconds() - ended, watch.samples[-1]["ready"]
    watch.over.set()
    watch.join()
    orders = autoscaled.check_promises(seconds_max=300)
    if os.environ.get("BAEDAL_RECORD"):
        record(watch.samples, (begun, ended))
    figure("autoscale", f"siege -c{CLIENTS} for {ended - begun:.0f} s: {MAXIMUM} pods ready after {out:.0f} s, {left} again "
           f"{back:.0f} s after its end; availability {siege.figures['availability']:.2f} %, {orders} orders, one delivery each",
           out=out, back=back, left=left, orders=orders)


def record(samples, load):
    RECORD.mkdir(parents=True, exist_ok=True)
    kept = {"load": load, "target": TARGET, "samples": samples}
    (RECORD / "autoscale.json").write_text(json.dumps(kept) + "\n", encoding="utf-8")
    (RECORD / "autoscale.svg").write_text(autoscale_svg(samples, load, TARGET), encoding="utf-8")
