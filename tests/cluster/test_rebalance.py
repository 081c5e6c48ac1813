"""An instance is killed while the partitions of its group are being given out anew: no event is lost,
none takes effect twice, and each order's events keep their order."""
import re

import pytest

from harness.api import Api
from harness.invariants import SAME_ON_MYPAGE
from harness.load import Load, check_promises
from harness.waiting import eventually
from topic import check_order_per_key

CLUSTER = {"copies": {"delivery": 3, "mypage": 3}}


def rebalances(*instances):
    """How often these have given up or been given partitions, be it none."""
    return sum(len(re.findall("partitions (went|came) group=delivery", instance.log.read_text(encoding="utf-8")))
               for instance in instances)


def rows_of(instance):
    return {row["orderId"]: {name: row[name] for name in SAME_ON_MYPAGE}
            for row in Api(instance.url).every("mypages")}


@pytest.mark.parametrize("victim", ["delivery-1", "delivery-3"])
def test_an_instance_killed_in_a_rebalance_costs_nothing(cluster, api, victim):
    menu = api.menu("Gimbab", price=4500)
    joiner, stayer = cluster["delivery-3"], cluster["delivery-2"]
    joiner.stop()
    with Load(api, menu, [], seed=victim, survive=True, refusals=(502, 503)) as load:
        eventually(lambda: len(load.ordered) > 50)
        before = rebalances(stayer, cluster["delivery-1"])
        # Another name than before: a member the group does not know, so that all of it joins again.
        joiner.command[joiner.command.index("--kafka.instance-id") + 1] = f"delivery-3-for-{victim}"
        joiner.start()
        eventually(lambda: rebalances(stayer, cluster["delivery-1"]) > before, pause=0.001)
        cluster[victim].kill()
        cluster["mypage-3"].kill()
        eventually(lambda at=len(load.ordered): len(load.ordered) > at + 50)
        cluster[victim].start().await_ready()
        cluster["mypage-3"].start().await_ready()
    check_promises(api, load.ordered, load.cancelled, load.completed)
    check_order_per_key(cluster.records())


def test_all_views_say_the_same(cluster, api):
    def same():
        first, *others = [rows_of(instance) for instance in cluster.of("mypage")]
        assert first and all(rows == first for rows in others)
        return True
    eventually(same, pause=0.2)
