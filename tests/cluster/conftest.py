"""Fixtures: a whole cluster per test file, on the servers that all such tests share or, where a test
stops them, on its own. At the end every process must stop well, and no log may hold an error."""
import os
import uuid

import pytest

import servers
from baedal_cluster import layout
from cluster_under_test import BINARY, ClusterUnderTest

SHARED_SERVERS = os.environ.get("BAEDAL_CLUSTER_SERVERS")


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
