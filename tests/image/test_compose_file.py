"""deploy/compose says what it should, as docker-compose reads it; no Docker is needed for that."""
import os
import shutil

import pytest
import yaml

from containers import ROOT, run

ROLES = ["menu", "order", "payment", "delivery", "mypage", "gateway"]


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
            assert not any(word in name for word in ("PASSWORD", "KEY", "TOKEN")) or name.endswith("_FILE"), name
            assert "@postgres" not in str(value) or ":" not in str(value).split("//")[1].split("@")[0]
    tracked = run(["git", "ls-files", "deploy/compose"]).stdout.split()
    assert not [path for path in tracked if "secrets/" in path or path.endswith("/.env")]


def test_nobody_may_do_anything_without_a_token_and_the_gateway_alone_can_make_one(config):
    for role in ROLES:
        service = config["services"][role]
        assert "BAEDAL_AUTH_MODE" not in service["environment"] and "BAEDAL_PROFILE" not in service["environment"]
        files = {secret if isinstance(secret, str) else secret["source"] for secret in service["secrets"]}
        if role == "gateway":
            assert files == {"issuer-key"}
            assert service["environment"]["BAEDAL_AUTH_ISSUER_KEY_FILE"] == "/run/secrets/issuer-key"
        else:
            assert {"issuer-jwks", "service-key"} == files - {f"{role}-database"}
            assert service["environment"]["BAEDAL_AUTH_JWKS"] == "/run/secrets/issuer-jwks"
            assert service["environment"]["BAEDAL_AUTH_SERVICE_KEY_FILE"] == "/run/secrets/service-key"


def test_who_did_what_is_kept_and_no_client_may_ask_without_bound(config):
    for role in ROLES:
        service = config["services"][role]
        audit = service["environment"]["BAEDAL_AUDIT_FILE"]
        # The root is read-only: a file is in the volume, and outlives the container.
        assert audit == ("/data/audit.jsonl" if role == "gateway" else "-"), role
        assert any(volume.split(":")[:2] == [role, "/data"] for volume in map(str, service["volumes"])), role
    gateway = config["services"]["gateway"]["environment"]
    for name in ("BAEDAL_HTTP_CONNECTIONS_PER_ADDRESS_MAX", "BAEDAL_GATEWAY_RATE_LIMIT", "BAEDAL_GATEWAY_RATE_LIMIT_BURST"):
        assert int(gateway[name]) > 0, name


def test_the_secrets_are_their_owners_alone_and_stay_what_they_are(secrets):
    folder = ROOT / "deploy" / "compose" / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert {"issuer.pem", "jwks.json", "service.pem", "postgres-password"} <= set(before)
    run(["script/compose", "secrets"])
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_each_starts_when_what_it_needs_is_ready(config):
    for name in ("menu", "order", "payment", "delivery"):
        needs = config["services"][name]["depends_on"]
        assert needs[f"{name}-migration"]["condition"] == "service_completed_successfully"
        assert needs["kafka"]["condition"] == "service_healthy"
    gateway = config["services"]["gateway"]["depends_on"]
    assert {name: need["condition"] for name, need in gateway.items()} == dict.fromkeys(
        [role for role in ROLES if role != "gateway"], "service_healthy")
