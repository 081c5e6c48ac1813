"""kill -9 of random processes under load, then every invariant: the short form is test_chaos.py, the
long one script/chaos."""
import random
import time

from harness.load import Load, check_promises
from topic import check_order_per_key

PAUSE_SECONDS = (0.3, 3.0)
REFUSALS = (502, 503, 504)


def relay_holder(cluster, role, chance):
    """The instance that carries the outbox of this service, as its database says."""
    database = cluster.options.database(role)
    token = cluster.postgres.psql(database, "SELECT holder FROM relay_lease").strip()
    for instance in cluster.of(role):
        if instance.running and token.startswith(f"{instance.pid}-"):
            return instance
    return chance.choice(cluster.of(role))


def strike(cluster, chance):
    """Kills something; gives its name. The supervisor starts processes again, we the servers."""
    kind = chance.choices(["instance", "relay", "broker", "database"], weights=[12, 4, 1, 1])[0]
    if kind == "broker":
        cluster.kafka.kill()
        time.sleep(chance.uniform(0, 2))
        cluster.kafka.start()
        return "kafka"
    if kind == "database":
        cluster.postgres.kill()
        time.sleep(chance.uniform(0, 2))
        cluster.postgres.start()
        return "postgresql"
    if kind == "relay" and cluster.postgres.running:
        victim = relay_holder(cluster, chance.choice(["order", "payment", "delivery", "menu"]), chance)
    else:
        victim = chance.choice(cluster.instances)
    victim.kill()
    return victim.name if kind == "instance" else f"{victim.name} (relay)"


def run(cluster, seconds, seed, say=lambda words: None):
    """Gives (strikes, orders answered 201); an AssertionError names the promise that was broken."""
    chance = random.Random(seed)
    menu = cluster.api.menu("Gimbab", price=4500)
    cluster.supervise()
    strikes = []
    end = time.monotonic() + seconds
    with Load(cluster.api, menu, [], seed=seed, survive=True, refusals=REFUSALS) as load:
        while time.monotonic() < end:
            load.stop.wait(chance.uniform(*PAUSE_SECONDS))
            strikes.append(strike(cluster, chance))
            say(f"{len(strikes):4} {strikes[-1]:<24} {len(load.ordered)} orders, {load.refused} refusals")
    for instance in cluster.instances:
        cluster.await_running(instance.name)
    say(f"{len(load.ordered)} orders, {len(load.cancelled)} cancelled, {len(load.completed)} delivered: looking at all")
    assert load.ordered and load.cancelled and load.completed, "the load did nothing, this proves nothing"
    check_promises(cluster.api, load.ordered, load.cancelled, load.completed)
    check_order_per_key(cluster.records())
    return strikes, load.ordered
