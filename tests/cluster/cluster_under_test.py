"""A cluster, as tests see it: its gateway, its topic, its metrics, its logs."""
import os
import pathlib

import servers
from baedal_cluster.cluster import Cluster
from harness.api import Api
from harness.server import LOG_TROUBLE

BINARY = pathlib.Path(os.environ.get("BAEDAL_BINARY") or servers.ROOT / "build/release/src/main/baedal")


class ClusterUnderTest(Cluster):
    """A cluster with readers that are not its own: HTTP, kcat, the logs."""

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
