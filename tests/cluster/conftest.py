"""Fixtures: a whole cluster per test file, on the servers that all such tests share or, where a test
stops them, on its own. At the end every process must stop well, and no log may hold an error."""
import os
import pathlib
import uuid

import pytest

import servers
from baedal_cluster import layout
from baedal_cluster.cluster import Cluster
from harness.api import Api
from harness.server import LOG_TROUBLE

BINARY = pathlib.Path(os.environ.get("BAEDAL_BINARY") or servers.ROOT / "build/release/src/main/baedal")
SHARED_SERVERS = os.environ.get("BAEDAL_CLUSTER_SERVERS")


class ClusterUnderTest(Cluster):
    """A cluster, as tests see it."""

    @property
    def api(self):
        return Api(self.url)

    def records(self):
        """Every event on the topic, as kcat reads it."""
        return self.kafka.records(self.options.name)

    def metric(self, instance, name, **labels):
        """Sum of a metric's samples that carry these labels, at one instance."""
        answer = Api(self[instance].url).get("/actuator/prometheus")
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(float(line.rsplit(" ", 1)[1]) for line in answer.text.splitlines()
                   if line.startswith((name + "{", name + " ")) and all(label in line for label in wanted))

    def check_logs(self, allowed=()):
        for log in sorted((self.data / "log").glob("*.log")):
            for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
                if LOG_TROUBLE.search(line) and not any(word in line for word in allowed):
                    raise AssertionError(f"{log.name}: {line}")


@pytest.fixture(scope="module")
def make_cluster(tmp_path_factory):
    """make_cluster(own_servers=True, …Options) starts a cluster; all are ended after the file."""
    made = []

    def make(own_servers=False, **options):
        name = "t" + uuid.uuid4().hex[:12]
        options = layout.Options(data=tmp_path_factory.mktemp("cluster"), binary=BINARY, name=name, **options)
        shared = servers.of(SHARED_SERVERS) if SHARED_SERVERS and not own_servers else (None, None)
        cluster = ClusterUnderTest(options, *shared)
        cluster.allowed_errors = []
        made.append(cluster)
        return cluster.start()

    yield make
    failures = []
    for cluster in made:
        try:
            cluster.stop()
            cluster.check_logs(cluster.allowed_errors)
        except Exception as failure:  # pylint: disable=broad-except
            failures.append(str(failure))
        finally:
            cluster.remove()
    assert not failures, "\n".join(failures)


@pytest.fixture(scope="module")
def cluster(make_cluster, request):
    """The file's cluster; CLUSTER of the test file are its options."""
    return make_cluster(**getattr(request.module, "CLUSTER", {}))


@pytest.fixture
def api(cluster):
    return cluster.api
