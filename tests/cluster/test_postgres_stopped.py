"""The database server dies under load: refusals at once, no crash, back by itself, no 201 lost."""
import time

from harness.api import assert_problem
from harness.load import Load, check_promises
from harness.waiting import eventually

CLUSTER = {"own_servers": True}
REFUSAL_SECONDS_MAX = 8.0


def test_postgres_gone_is_refused_at_once_and_healed_by_itself(cluster, api):
    menu = api.menu("Gimbab", price=4500)
    api.started_order(menu)
    with Load(api, menu, [], seed=4) as load:
        for _ in range(2):
            eventually(lambda before=len(load.ordered): len(load.ordered) > before + 50)
            cluster.postgres.kill()
            eventually(lambda: api.post("/orders", {"menuId": menu}).status_code == 503)
            begun = time.monotonic()
            answer = api.post("/orders", {"menuId": menu})
            assert_problem(answer, 503)
            assert int(answer.headers["Retry-After"]) >= 1
            assert time.monotonic() - begun < REFUSAL_SECONDS_MAX
            eventually(lambda: cluster["order-1"].status_of() == 503)
            for instance in cluster.instances:
                assert instance.running, f"{instance.name} ended with {instance.process.returncode}"
                assert instance.status_of("/actuator/health/liveness") == 200, instance.name
            cluster.postgres.start()
            for instance in cluster.instances:
                instance.await_ready()
    cluster.allowed_errors += ["database", "store"]
    check_promises(api, load.ordered, load.cancelled, load.completed)
