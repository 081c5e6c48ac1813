"""Tests on a real cluster, which prepare.py has set up. Each leaves `distributed` as it found it."""
import json

import pytest

import prepare
from harness import overlay
from harness.kubectl import kubectl
from harness.system import ROLES, System


def pytest_sessionstart(session):  # pylint: disable=unused-argument
    if not prepare.STATE.exists():
        pytest.exit("skipped: no cluster was prepared", returncode=prepare.NOT_HERE)


@pytest.fixture(scope="session")
def state():
    return json.loads(prepare.STATE.read_text())


@pytest.fixture
def distributed(state):
    """The shared system; afterwards it is as it was, and all of it is ready."""
    system = System(state["namespace"], state["images"])
    yield system
    overlay.apply(prepare.distributed_overlay(system))
    for role in ROLES:
        system.scale(f"deployment/{role}", 1)
    system.all_rolled_out()
    system.await_answers()


@pytest.fixture(scope="module")
def embedded(state, request):
    """A namespace of this module's own, for the overlay `embedded`."""
    module = request.module.__name__.removeprefix("test_").replace("_", "-")
    system = System(f"{state['namespace']}-{module}", state["images"])
    kubectl("create", "namespace", system.namespace)
    system.start_tools()
    yield system
    kubectl("delete", "namespace", system.namespace, "--wait=false")


def apply_embedded(system, settings=None):
    folder = overlay.write("embedded", system.namespace, "embedded", {"baedal": system.images["baedal"]},
                           settings={"baedal": {"BAEDAL_MANAGEMENT_DEMO_ENDPOINTS": "true", **(settings or {})}})
    overlay.apply(folder)
    system.rolled_out("deployment/baedal")
    system.take_tokens()
    system.await_answers()
