"""An event that cannot be handled is parked after its attempts, while others of its partition go on;
the operator lists it and has it tried again, at the instances or through the gateway, which reaches each."""
import json
import subprocess

from cluster_under_test import BINARY
from harness.api import assert_problem
from harness.command import environment
from harness.invariants import check_everything
from harness.waiting import eventually

CLUSTER = {"flags": ("--messaging.subscriber.attempts-max", "4")}


def produce(cluster, key, payload, *headers):
    """As a foreign producer does: through kcat."""
    flags = [word for header in headers for word in ("-H", header)]
    done = subprocess.run(["kcat", "-P", "-b", cluster.kafka.address, "-t", cluster.options.name, "-k", str(key),
                           "-X", "partitioner=murmur2_random", *flags],
                          input=payload, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def baedal(*words):
    done = subprocess.run([str(BINARY), *words], capture_output=True, text=True, check=False,
                          env=environment(), timeout=30)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def parked(cluster, service):
    """What the command line lists, at whichever instance had it; they share the service's store."""
    return baedal("outbox", "ls", "--url", cluster[f"{service}-1"].url)


def test_a_poison_event_is_parked_listed_and_tried_again_and_holds_up_nobody(cluster, api):
    menu = api.menu("Gimbab", price=4500)
    order = api.started_order(menu)
    poison = json.dumps({"eventType": "Paid", "timestamp": "20261122120000", "orderId": "no number", "me": True})
    for _ in range(2):
        produce(cluster, order["orderId"], poison, "type=Paid", "ce_id=poison-1", "ce_type=Paid",
                "ce_source=foreign", "content-type=application/json")
    orders = [api.order(menu) for _ in range(60)]

    # Every partition, that of the poison event too, goes on.
    check_everything(api, orders)

    for service in ("delivery", "order"):
        def listed(service=service):
            text = parked(cluster, service)
            assert "malformed-event" in text, text
            return text
        assert eventually(listed).count("malformed-event") == 1, "twice on the topic is one event"
        baedal("outbox", "retry", "--service", service, "--url", cluster[f"{service}-1"].url)
        assert "malformed-event" in parked(cluster, service), "what still fails stays parked"


def test_through_the_gateway_every_instance_is_looked_at_and_acted_on(cluster, api):
    """After the test above: the poison event stays parked by who takes in payments, in every store of theirs."""
    services = [instance for instance in cluster.instances if instance.role != "gateway"]
    fleet = {one["instance"]: one for one in api.read("/actuator/fleet")["_embedded"]["instances"]}
    assert set(fleet) == {"self", *(instance.url.removeprefix("http://") for instance in services)}

    def told(instance, what):
        return api.get(fleet[instance.url.removeprefix("http://")]["_links"][what]["href"])
    for instance in services:
        assert fleet[instance.url.removeprefix("http://")]["services"] == [instance.role]
        assert told(instance, "health").json()["status"] == "UP"
        expected = instance.role in ("delivery", "order", "mypage")

        def parked_there(instance=instance, expected=expected):
            [outbox] = told(instance, "outbox").json()["services"]
            assert outbox["service"] == instance.role
            assert ("poison-1" in [event["eventId"] for event in outbox["parked"]]) == expected, instance.name
            return True
        eventually(parked_there)
        assert f'baedal_store_up{{service="{instance.role}"}} 1' in told(instance, "prometheus").text

    one, other = cluster.of("order")
    retry = fleet[one.url.removeprefix("http://")]["_links"]["retry"]["href"].replace("{service}", "order")
    assert api.post(retry).status_code == 200
    [outbox] = told(other, "outbox").json()["services"]
    assert "poison-1" in [event["eventId"] for event in outbox["parked"]], "what still fails stays parked"

    one.stop()
    assert_problem(told(one, "health"), 503)
    assert told(other, "health").json()["status"] == "UP"
    one.start().await_ready()
    assert eventually(lambda: told(one, "health").json())["status"] == "UP"
