"""The image is what docs/image.md promises: small, without a shell, for a user without rights, on a
file system that cannot be written to; every role of it runs, is found healthy and stops as it should."""
import json
import os
import re

import pytest

from containers import HARDENED, Container, docker, run

SIZE_MAX = 40_000_000
ROLES = ["menu", "order", "payment", "delivery", "mypage", "gateway"]


def test_it_is_small(image):
    size = image.config["Size"]
    print(f"image: {size / 1e6:.1f} MB unpacked")
    assert size < SIZE_MAX


def test_it_runs_as_a_user_without_rights(image, files):
    assert image.config["Config"]["User"] == "10001:10001"
    data, _ = files["/data"]
    assert (data.uid, data.gid) == (10001, 10001)
    assert list(image.config["Config"]["Volumes"]) == ["/data"]
    # Nothing else in it is anybody's but root's, or raises rights.
    for name, (member, _) in files.items():
        if not name.startswith(("/data", "/dev", "/proc", "/sys")):
            assert (member.uid, member.gid) == (0, 0), name
        assert not member.isfile() or not member.mode & 0o6000, name


def test_there_is_no_shell_and_no_other_program(files):
    programs = {name for name, (member, content) in files.items()
                if member.isfile() and content[:4] == b"\x7fELF" and not re.search(r"\.so(\.|$)", name)}
    assert programs == {"/baedal"}
    assert not [name for name, (_, content) in files.items() if content[:2] == b"#!"]
    assert not [name for name in files if re.match(r"(/usr)?/s?bin(/|$)", name)]


def test_the_program_has_every_object_it_loads_and_no_other(files):
    objects = {name for name in files if re.search(r"\.so(\.|$)", name)}
    listed = set(files["/usr/share/doc/baedal/objects"][1].decode().split())
    assert objects == listed


def test_it_says_what_it_is(image):
    labels = image.config["Config"]["Labels"]
    prefix = "org.opencontainers.image."
    assert {"title", "description", "licenses", "version", "revision", "created", "source"} <= {
        key.removeprefix(prefix) for key in labels}
    revision = labels[prefix + "revision"].removesuffix("-dirty")
    assert re.fullmatch(r"[0-9a-f]{40}", revision)
    if "BAEDAL_TEST_IMAGE" not in os.environ:  # else it may be of another commit
        assert revision == run(["git", "rev-parse", "HEAD"]).stdout.strip()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", labels[prefix + "created"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", labels[prefix + "version"])


def test_it_does_not_start_before_it_is_told_who_may_do_what(image):
    done = docker("run", "--rm", *HARDENED, image.name, check=False)
    assert done.returncode == 2 and "auth.jwks" in done.stderr, done.stderr


def test_it_says_how_it_is_to_be_run(image):
    config = image.config["Config"]
    assert config["Entrypoint"] == ["/baedal"] and config["Cmd"] == ["serve"]
    assert config["Healthcheck"]["Test"] == ["CMD", "/baedal", "health"]
    assert {"BAEDAL_HTTP_ADDRESS=0.0.0.0", "BAEDAL_DATA_DIR=/data", "BAEDAL_LOG_FORMAT=json"} <= set(config["Env"])


def test_the_whole_story_can_be_played_in_it(image):
    with Container(image.name) as everything:
        everything.await_healthy()
        told = everything.exec("/baedal", "demo").stdout
        assert "That is the whole story" in told
        for line in everything.logs().splitlines():
            assert line.startswith("baedal: serving on ") or json.loads(line)["level"] != "ERROR", line


def test_every_role_gets_healthy_and_stops_with_zero_after_sigterm(image):
    elsewhere = ["-e", "BAEDAL_MENU_URL=http://127.0.0.1:1", "-e", "BAEDAL_DELIVERY_URL=http://127.0.0.1:1"]
    roles = [Container(image.name, "serve", "--role", role, options=elsewhere) for role in ROLES]
    try:
        for role in roles:
            role.await_healthy()
        assert [role.stop_by("TERM") for role in roles] == [0] * len(ROLES)
    finally:
        for role in roles:
            role.__exit__()


def test_the_health_check_asks_the_port_that_is_configured(image):
    with Container(image.name, options=["-e", "BAEDAL_HTTP_PORT=9090"]) as elsewhere:
        elsewhere.await_healthy()
        assert elsewhere.exec("/baedal", "health", "--url", "http://127.0.0.1:8080", check=False).returncode != 0


def test_what_was_answered_is_there_after_a_new_container_on_the_same_volume(image):
    volume = docker("volume", "create").stdout.strip()
    try:
        for _ in range(2):
            with Container(image.name, options=["-v", f"{volume}:/data"]) as container:
                container.await_healthy()
                container.exec("/baedal", "demo")
                assert container.stop_by("TERM") == 0
        doctor = docker("run", "--rm", "-v", f"{volume}:/data", image.name, "doctor")
        assert "FAIL" not in doctor.stdout
    finally:
        docker("volume", "rm", "-f", volume)


@pytest.mark.parametrize("path", ["/etc/ssl/certs/ca-certificates.crt", "/usr/share/doc/baedal/LICENSE",
                                  "/etc/os-release", "/etc/nsswitch.conf"])
def test_it_has_what_the_program_needs_beside_itself(files, path):
    assert files[path][1]


def test_the_authorities_are_found_where_openssl_looks(files):
    member, _ = files["/usr/lib/ssl/cert.pem"]
    assert member.linkname == "/etc/ssl/certs/ca-certificates.crt"
    assert b"OPENSSLDIR: \"/usr/lib/ssl\"" in files["/lib/x86_64-linux-gnu/libcrypto.so.3"][1]
