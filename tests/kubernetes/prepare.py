#!/usr/bin/python3
"""What the tests on a cluster share: images, and the overlay `distributed` in a namespace of its own.
  prepare.py images   builds the images
  prepare.py start    applies the overlay, waits until everything is ready, writes STATE
  prepare.py stop     deletes the namespace
  prepare.py figures  prints what the tests measured

KUBECTL is the kubectl to use (default: kubectl, which goes by KUBECONFIG), IMAGE_BUILD how an image is
built and brought to the cluster (default: docker build), DOCKER the client of the daemon that then has
it. Images that are there already are named by BAEDAL_IMAGE and BAEDAL_IMAGE_NEXT (the same program
under two tags), BAEDAL_POSTGRES_IMAGE, BAEDAL_KAFKA_IMAGE and BAEDAL_TOOLS_IMAGE."""
import json
import os
import shlex
import subprocess
import sys
import time

from harness import figures, overlay
from harness.kubectl import kubectl, reachable
from harness.system import System

STATE = overlay.WORK / "state.json"
WITHOUT_AUTOSCALER = {"$patch": "delete", "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
                      "metadata": {"name": "delivery"}}
NOT_HERE = 77  # what ctest knows as "skipped"
# Name in the manifests: (variable, as built here). `next` is what is rolled out in place of `baedal`.
IMAGES = {"baedal": ("BAEDAL_IMAGE", "baedal:test-v1"), "next": ("BAEDAL_IMAGE_NEXT", "baedal:test-v2"),
          "postgres": ("BAEDAL_POSTGRES_IMAGE", "baedal/postgres:dev"),
          "apache/kafka": ("BAEDAL_KAFKA_IMAGE", "baedal/kafka:dev"),
          "tools": ("BAEDAL_TOOLS_IMAGE", "baedal/tools:dev")}


def images():
    """Name in the manifests → image."""
    return {name: os.environ.get(variable, built) for name, (variable, built) in IMAGES.items()}


def build_images():
    """What the environment does not name; baedal:dev too, which the tests of the image itself look at."""
    try:
        run(*shlex.split(os.environ.get("DOCKER", "docker")), "version", stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as failure:
        print(f"skipped: there is no Docker daemon to build images with ({failure}). Set DOCKER and IMAGE_BUILD.")
        return NOT_HERE
    if not {"BAEDAL_IMAGE", "BAEDAL_IMAGE_NEXT"} <= os.environ.keys():
        run("script/image", "--tag", "baedal:dev", "--tag", IMAGES["baedal"][1], "--tag", IMAGES["next"][1])
    others = [built.split("/")[1].split(":")[0] for variable, built in IMAGES.values()
              if "/" in built and variable not in os.environ]
    if others:
        run("script/local-images", *others)
    return 0


def run(*command, **options):
    print("+", *command, flush=True)
    subprocess.run(command, cwd=overlay.ROOT, check=True, **options)


def start():
    problem = reachable()
    if problem:
        print(f"skipped: no Kubernetes cluster is reachable ({problem}). Set KUBECONFIG, or KUBECTL.")
        return NOT_HERE
    stop()
    figures.forget()
    run("script/kubernetes-secrets")
    namespace = f"baedal-test-{os.getpid()}"
    STATE.parent.mkdir(parents=True, exist_ok=True)
    STATE.write_text(json.dumps({"namespace": namespace, "images": images()}))
    kubectl("create", "namespace", namespace)
    system = System(namespace, images())
    system.start_tools()
    begun = time.monotonic()
    overlay.apply(distributed_overlay(system))
    system.all_rolled_out()
    figures.figure("deploy", f"overlay `distributed`: from nothing to every pod Ready in {time.monotonic() - begun:.0f} s",
                   seconds=time.monotonic() - begun)
    system.take_tokens()
    return 0


def distributed_overlay(system, settings=None, patches=(), autoscaler=False):
    """The overlay as the tests use it: but for the test of the autoscaler without it, as in the seed."""
    if not autoscaler:
        patches = [*patches, ({"kind": "HorizontalPodAutoscaler"}, WITHOUT_AUTOSCALER)]
    used = {name: image for name, image in system.images.items() if name not in ("next", "tools")}
    return overlay.write("distributed", system.namespace, "distributed", used,
                         settings=settings, patches=patches)


def stop():
    if not STATE.exists():
        return 0
    namespace = json.loads(STATE.read_text())["namespace"]
    kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false", check=False)
    STATE.unlink()
    return 0


def print_figures():
    for one in figures.all_figures():
        print(f"{one['row']:>18}  {one['figure']}")
    return 0


if __name__ == "__main__":
    sys.exit({"images": build_images, "start": start, "stop": stop, "figures": print_figures}[sys.argv[1]]())
