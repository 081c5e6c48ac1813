"""deploy/compose: the file says what it should, and what it says runs: the story of the README by
httpie among the containers. The servers beside Baedal are those of script/local-images."""
import json
import os
import shutil
import uuid

import pytest
import yaml

import containers
from containers import ROOT, run

ROLES = ["menu", "order", "payment", "delivery", "mypage", "gateway"]
STORY = r"""
set -e
answers() { http --ignore-stdin --check-status --body "$@"; }
until_is() {  # what, where, filter: asked again until it is so
  for _ in $(seq 600); do [ "$(curl -s "$2" | jq -r "$3")" = "$1" ] && return; sleep 0.1; done
  echo "$2 $3 never became $1" >&2; exit 1
}
g=http://gateway:8080
answers $g/menus menuNm=Gimbab price=4500 | jq -ec '[.menuId, .price] == [1, 4500]'
answers $g/menus menuNm=Juice price=3000 | jq -ec '.menuId == 2'
answers $g/orders menuId=1 menuNm=Gimbab qty=1 | jq -ec '[.orderId, .status] == [1, "ordered"]'
answers $g/orders menuId=2 menuNm=Juice qty=1 | jq -ec '.orderId == 2'
until_is started $g/orders/1 .deliveryStatus
until_is started $g/orders/2 .deliveryStatus
second=$(answers $g/orders/2 | jq .deliveryId)
answers PATCH $g/deliveries/$second status=complete | jq -ec '.status == "complete"'
until_is complete $g/orders/2 .deliveryStatus
answers PATCH $g/orders/1 status=cancel | jq -ec '[.status, .deliveryStatus] == ["cancel", "cancelled"]'
until_is 'cancel cancelled refunded,ordered complete paid' $g/mypages \
  '[._embedded.mypages[] | [.status, .deliveryStatus, .paymentStatus] | join(" ")] | join(",")'
"""


@pytest.fixture(scope="module", name="secrets")
def _secrets():
    """Those the file names must be there for it to be read; the folder is nobody's in a checkout of CI."""
    run(["script/compose", "secrets"])


def configuration(*options):
    if not shutil.which("docker-compose"):
        pytest.skip("docker-compose is not installed")
    environment = os.environ | {"COMPOSE": "docker-compose"}
    return yaml.safe_load(run(["script/compose", *options, "config"], env=environment).stdout)


@pytest.fixture(scope="module", name="config")
def _config(secrets):
    return configuration()


def in_order(value):
    """docker-compose gives some lists in any order."""
    return sorted(map(str, value)) if isinstance(value, list) else value


def test_docker_compose_accepts_both_files(config, secrets):
    assert set(ROLES) <= set(config["services"])
    local = configuration("--local-images")["services"]
    assert local["postgres"]["image"] == "baedal/postgres:dev" and local["kafka"]["image"] == "baedal/kafka:dev"
    # They take the place of the official ones, and nothing else differs.
    for name, service in config["services"].items():
        for key in service.keys() - {"image", "networks"}:
            assert in_order(local[name][key]) == in_order(service[key]), (name, key)


def test_the_official_images_are_named(config):
    images = {name: service["image"] for name, service in config["services"].items()}
    assert images["postgres"] == "postgres:15" and images["kafka"] == "apache/kafka:3.9.1"
    assert {images[role] for role in ROLES} == {"baedal:dev"}


def test_everything_is_locked_down_and_has_limits(config):
    for name, service in config["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"] and service["pids_limit"], name
        assert "privileged" not in service and "cap_add" not in service, name


def test_only_the_gateway_is_reached_from_outside_and_only_by_loopback(config):
    ports = {name: service["ports"] for name, service in config["services"].items() if "ports" in service}
    assert list(ports) == ["gateway"]
    assert str(ports["gateway"][0]).startswith("127.0.0.1:")
    assert config["networks"]["inside"]["internal"] is True


def test_no_secret_is_in_the_environment_or_the_repository(config):
    for service in config["services"].values():
        for name, value in service.get("environment", {}).items():
            assert "PASSWORD" not in name or name.endswith("_FILE"), name
            assert "@postgres" not in str(value) or ":" not in str(value).split("//")[1].split("@")[0]
    tracked = run(["git", "ls-files", "deploy/compose"]).stdout.split()
    assert not [path for path in tracked if "secrets/" in path or path.endswith("/.env")]


def test_each_starts_when_what_it_needs_is_ready(config):
    for name in ("menu", "order", "payment", "delivery"):
        needs = config["services"][name]["depends_on"]
        assert needs[f"{name}-migration"]["condition"] == "service_completed_successfully"
        assert needs["kafka"]["condition"] == "service_healthy"
    gateway = config["services"]["gateway"]["depends_on"]
    assert {name: need["condition"] for name, need in gateway.items()} == dict.fromkeys(
        [role for role in ROLES if role != "gateway"], "service_healthy")


def test_the_story_is_right_among_the_containers(image):
    run(["script/local-images", "--tag", "test"])
    environment = os.environ | {
        "COMPOSE_PROJECT_NAME": f"baedal-test-{uuid.uuid4().hex[:8]}", "BAEDAL_PORT": "0",
        "BAEDAL_IMAGE": image.name, "BAEDAL_LOCAL_TAG": "test"}
    compose = ["script/compose", "--local-images"]
    try:
        up = run([*compose, "up"], env=environment)
        assert "baedal: http://127.0.0.1:" in up.stdout
        told = run([*compose, "tools", "bash", "-c", STORY], env=environment)
        assert "false" not in told.stdout, told.stdout
        log = run([*compose, "logs", "--no-color"], env=environment).stdout
        assert '"level":"ERROR"' not in log, log[-4000:]
    finally:
        run([*compose, "down", "--volumes"], env=environment)
    assert not json.loads(containers.docker("ps", "-a", "--format", "{{json .Names}}", "--filter",
                                            f"name={environment['COMPOSE_PROJECT_NAME']}").stdout or "null")
