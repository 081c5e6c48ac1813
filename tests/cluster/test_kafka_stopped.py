"""The broker is away for thirty seconds: orders are taken all the same, and everything flows after."""
import time

from harness.api import Api
from harness.load import Load, check_promises
from harness.waiting import eventually
from topic import check_order_per_key

CLUSTER = {"own_servers": True}
AWAY_SECONDS = 30


def test_thirty_seconds_without_kafka_lose_nothing(cluster, api):
    menu = api.menu("Gimbab", price=4500)
    api.started_order(menu)
    with Load(api, menu, [], seed=3) as load:
        eventually(lambda: len(load.ordered) > 20)
        cluster.kafka.stop()
        back_at = time.monotonic() + AWAY_SECONDS
        at_stop = len(load.ordered)
        while time.monotonic() < back_at:
            for instance in cluster.instances:
                assert instance.running, f"{instance.name} ended with {instance.process.returncode}"
                assert instance.status_of("/actuator/health/liveness") == 200, instance.name
            load.stop.wait(1)
        # Whoever takes requests goes on to: the outbox keeps what the broker cannot take.
        for name in ("order-1", "menu-1", "delivery-1"):
            assert cluster[name].status_of() == 200, cluster[name].status_of()
        taken = len(load.ordered) - at_stop
        assert taken > 100, f"{taken} orders in {AWAY_SECONDS} s without Kafka"
        held_up = Api(cluster["order-1"].url).read("/actuator/outbox")["services"][0]
        assert held_up["service"] == "order" and held_up["unsent"], held_up
        cluster.kafka.start()
    check_promises(api, load.ordered, load.cancelled, load.completed)
    check_order_per_key(cluster.records())
