"""Every overlay rendered once, and the schema."""
import copy
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script"))

from baedal_kubernetes.render import Renderer, overlays  # noqa: E402
from baedal_kubernetes.schema import Schema, schema_file  # noqa: E402
from baedal_kubernetes.server import Server  # noqa: E402


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    """Overlay's last name -> documents. migration/production is "migration-production"."""
    renderer = Renderer(tmp_path_factory.mktemp("rendered"))
    return {overlay.removeprefix("deploy/kubernetes/").removeprefix("overlays/").replace("/", "-"): renderer.render(overlay)
            for overlay in overlays()}


@pytest.fixture
def fresh(rendered):
    """A function: an overlay's documents, to be damaged."""
    return lambda overlay: copy.deepcopy(rendered[overlay])


@pytest.fixture(scope="session")
def schema():
    return Schema(schema_file())


@pytest.fixture(scope="session")
def server():
    found = Server("default")
    if not found.is_reachable:
        pytest.skip("no API server answers: KUBECTL and KUBECONFIG say where one is")
    return found
