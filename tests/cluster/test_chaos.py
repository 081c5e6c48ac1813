"""kill -9 of services, relay holders, the broker and the database under load, in its short form
(the long one is script/chaos): no promise is broken."""
import chaos

CLUSTER = {"own_servers": True}
SECONDS = 40
SEED = 7


def test_kills_of_anything_under_load_break_no_promise(cluster):
    cluster.allowed_errors += ["database", "store", "kafka", "bus"]
    strikes, orders = chaos.run(cluster, SECONDS, SEED, say=print)
    assert len(strikes) >= 10 and len(orders) >= 100
