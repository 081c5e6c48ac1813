import io
import os
import subprocess
import tarfile

import pytest

import containers

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def pytest_sessionfinish(session, exitstatus):
    """A run of nothing but skipped tests is told to ctest as what it is."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    ran = sum(len(reporter.stats.get(kind, ())) for kind in ("passed", "failed", "error"))
    if exitstatus == 0 and ran == 0:
        session.exitstatus = SKIPPED


@pytest.fixture(scope="session", name="daemon")
def _daemon():
    reason = containers.why_no_docker()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def image(daemon):
    """That of BAEDAL_TEST_IMAGE, or built from this checkout by script/image."""
    name = os.environ.get("BAEDAL_TEST_IMAGE")
    if not name:
        name = "baedal:test"
        print(containers.run(["script/image", "--tag", name]).stdout)
    return type("Image", (), {"name": name, "config": containers.inspect(name)})


@pytest.fixture(scope="session")
def files(image):
    """The image's file system: name -> (tar member, content)."""
    name = containers.docker("create", image.name).stdout.strip()
    try:
        data = subprocess.run([*containers.CLIENT, "export", name], check=True, capture_output=True).stdout
    finally:
        containers.docker("rm", "-v", name)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {"/" + member.name.rstrip("/"): (member, archive.extractfile(member).read() if member.isfile() else b"")
                for member in archive}
