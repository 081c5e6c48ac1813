"""The manifests as they are: no fault, and settings that the program itself accepts."""
import os
import subprocess

import pytest
from baedal_kubernetes import settings
from baedal_kubernetes.__main__ import check
from baedal_kubernetes.links import Links
from baedal_kubernetes.manifest import quantity

OVERLAYS = ["accounts", "distributed", "embedded", "ingress", "production", "migration-distributed", "migration-production"]


def test_these_are_all_overlays(rendered):
    assert sorted(rendered) == sorted(OVERLAYS)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_check_finds_a_fault(rendered, schema, overlay):
    assert [str(fault) for fault in check(rendered[overlay], schema)] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_server_finds_no_fault(rendered, server, overlay):
    assert [str(fault) for fault in server.check([d for d in rendered[overlay] if not d.outside])] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_program_accepts_what_it_finds_in_its_environment(rendered, tmp_path, overlay):
    links = Links(rendered[overlay], settings.known())
    for workload in links.workloads:
        for container in workload.containers:
            if not container["image"].rpartition("/")[2].startswith("baedal:"):
                continue
            environment = {name: "from-a-secret" if value is None else value
                           for name, value in links.environment(container).items()}
            environment["BAEDAL_DATA_DIR"] = str(tmp_path)
            # That these are where a Secret is mounted is the links' affair.
            secrets = [name for name in environment if name.startswith("BAEDAL_") and name.endswith("_FILE")]
            for name in set(secrets) - {"BAEDAL_AUDIT_FILE"}:
                environment[name] = str(tmp_path / name)
                (tmp_path / name).write_text("from-a-secret\n")
            done = subprocess.run([os.environ["BAEDAL_BINARY"], "config", "check"], env=environment,
                                  capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{workload.name}: {done.stderr}"


@pytest.mark.parametrize("overlay", ["production", "ingress", "accounts"])
def test_production_keeps_who_did_what_and_bounds_what_one_address_may_ask(rendered, overlay):
    links = Links(rendered[overlay], settings.known())
    environments = {workload.name: links.environment(workload.containers[0]) for workload in links.workloads}
    # Files of a pod go with it; what it prints is the collector's.
    assert {name for name, environment in environments.items() if environment.get("BAEDAL_AUDIT_FILE") == "-"} == \
        {"gateway", "menu", "order", "payment", "delivery", "mypage"}
    gateway = environments["gateway"]
    for name in ("BAEDAL_HTTP_CONNECTIONS_PER_ADDRESS_MAX", "BAEDAL_GATEWAY_RATE_LIMIT", "BAEDAL_GATEWAY_RATE_LIMIT_BURST"):
        assert int(gateway[name]) > 0, name
    # Such bounds need the customers' addresses: kept on the way, or told by who is before the gateway.
    service = next(d.spec for d in rendered[overlay] if d.kind == "Service" and d.name == "gateway")
    assert service.get("externalTrafficPolicy") == ("Local" if service["type"] == "LoadBalancer" else None)
    assert service["type"] == "LoadBalancer" or gateway["BAEDAL_HTTP_TRUSTED_PROXIES"]


@pytest.mark.parametrize("overlay", ["distributed", "production"])
def test_an_overlay_is_migrated_by_its_own_image(rendered, overlay):
    def images(documents):
        return {c["image"] for w in Links(documents, {}).workloads for c in w.containers if "/baedal:" in f"/{c['image']}"}

    assert len(images(rendered[overlay])) == 1
    assert images(rendered[f"migration-{overlay}"]) == images(rendered[overlay])


def test_ten_deliveries_with_all_others_fit_a_node_of_two_processors(rendered):
    milli = 0
    for workload in Links(rendered["distributed"], {}).workloads:
        request = sum(quantity(c["resources"]["requests"]["cpu"]) for c in workload.pod["containers"])
        # One more of each while it is updated.
        milli += 1000 * request * (11 if workload.name == "delivery" else 1 if workload.kind == "StatefulSet" else 2)
    assert milli < 2000
