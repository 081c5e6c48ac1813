"""kill -9 of random processes under load, then every invariant: the short form is test_chaos.py, the
long one script/chaos."""
import argparse
import contextlib
import pathlib
import random
import shutil
import sys
import tempfile
import time

import requests

from cluster_under_test import BINARY, ClusterUnderTest
from baedal_cluster import layout
from baedal_cluster.process import ClusterError
from harness.load import Load, check_promises
from topic import check_order_per_key

PAUSE_SECONDS = (0.3, 3.0)
REFUSALS = (502, 503, 504)


def relay_holder(cluster, role, chance):
    """The instance that carries the outbox of this service, as its metrics say."""
    for instance in cluster.of(role):
        with contextlib.suppress(requests.RequestException):  # it may be starting again
            if cluster.metric(instance.name, "baedal_relay_lease", service=role) == 1:
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
    if kind == "relay":
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
        cluster.await_ready(instance.name)
    say(f"{len(load.ordered)} orders, {len(load.cancelled)} cancelled, {len(load.completed)} delivered: looking at all")
    assert load.ordered and load.cancelled and load.completed, "the load did nothing, this proves nothing"
    check_promises(cluster.api, load.ordered, load.cancelled, load.completed)
    check_order_per_key(cluster.records())
    return strikes, load.ordered


def main():
    parser = argparse.ArgumentParser(prog="script/chaos", add_help=False)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    asked = parser.parse_args()
    say = lambda words: print(words, flush=True)
    with tempfile.TemporaryDirectory(prefix="baedal-chaos-") as folder:
        cluster = ClusterUnderTest(layout.Options(data=pathlib.Path(folder), binary=BINARY))
        try:
            cluster.start()
            say(f"seed {asked.seed}, {asked.seconds} seconds")
            strikes, ordered = run(cluster, asked.seconds, asked.seed, say)
            say(f"no promise broken: {len(strikes)} kills, {len(ordered)} orders")
            return 0
        except (AssertionError, ClusterError) as broken:
            say(f"BROKEN with seed {asked.seed}: {broken}")
            shutil.copytree(cluster.data / "log", "/tmp/baedal-chaos-log", dirs_exist_ok=True)
            say("the logs of all processes are in /tmp/baedal-chaos-log")
            return 1
        finally:
            cluster.remove()


if __name__ == "__main__":
    sys.exit(main())
