"""A pod gets requests when it is truly ready, and none when it is not; it is never restarted for what is
wrong elsewhere."""
import time

from harness.figures import figure
from harness.kubectl import eventually
from harness.system import ROLES, is_ready

ON_POSTGRES = ["menu", "order", "payment", "delivery"]


def ready_column(pod):
    """What `kubectl get pods` shows: ("0/1", "Running")."""
    statuses = pod["status"].get("containerStatuses") or [{"ready": False}]
    return f"{sum(status['ready'] for status in statuses)}/{len(statuses)}", pod["status"]["phase"]


def names(pods):
    return {pod["metadata"]["name"] for pod in pods}


def test_pods_whose_store_is_away_leave_the_service_and_come_back_without_a_restart(distributed):
    restarts = distributed.restarts()
    assert all(distributed.endpoints(role) for role in ROLES)
    distributed.scale("statefulset/postgres", 0)
    begun = time.monotonic()
    eventually(lambda: not any(distributed.endpoints(role) for role in ON_POSTGRES), 120)
    left = time.monotonic() - begun
    assert distributed.endpoints("mypage"), "pages need no PostgreSQL"
    assert distributed.ask("GET", "/mypages")[0] == 200
    assert distributed.ask("GET", "/orders")[0] in (502, 503)
    for role in ON_POSTGRES:
        (pod,) = distributed.pods(role)
        assert ready_column(pod) == ("0/1", "Running")
        status, health = distributed.ask("GET", "/actuator/health/liveness", host=pod["status"]["podIP"])
        assert (status, health["status"]) == (200, "UP")

    # A new pod is 0/1 Running for as long as there is nothing it could answer with.
    before = names(distributed.pods("menu"))
    distributed.kubectl("delete", "pod", *before, "--wait=false")
    eventually(lambda: [pod for pod in distributed.pods("menu")
                        if pod["metadata"]["name"] not in before and ready_column(pod) == ("0/1", "Running")])
    (new,) = distributed.pods("menu")
    eventually(lambda: "the start waits" in distributed.kubectl("logs", new["metadata"]["name"]), 60)

    distributed.scale("statefulset/postgres", 1)
    distributed.rolled_out("statefulset/postgres")
    begun = time.monotonic()
    eventually(lambda: all(distributed.endpoints(role) for role in ROLES), 120)
    back = time.monotonic() - begun
    (now,) = distributed.pods("menu")
    assert (ready_column(now), names([now])) == (("1/1", "Running"), names([new])), "the same pod, 1/1 now"
    assert distributed.restarts() == restarts, "nothing was restarted for a PostgreSQL that is away"
    assert distributed.ask("GET", "/orders")[0] == 200
    figure("readiness", f"PostgreSQL away: its pods out of the Service after {left:.0f} s, 0 restarts; "
           f"a new pod stays 0/1 Running; all 1/1 {back:.0f} s after it is back", left=left, back=back)


def test_kafka_away_restarts_nothing_orders_are_taken_and_a_new_page_waits(distributed):
    restarts = distributed.restarts()
    menu = distributed.ask("POST", "/menus", {"menuNm": "Gimbab"})[1]["_links"]["self"]["href"].rsplit("/", 1)[1]
    distributed.scale("statefulset/kafka", 0)
    eventually(lambda: not distributed.pods("kafka", with_dying=True), 120)
    # On a node that has just lost half its pods one answer may be a 503 that says to come again.
    answers = []
    eventually(lambda: answers.append(distributed.ask("POST", "/orders", {"menuId": int(menu), "qty": 1}))
               or answers[-1][0] != 503, 30, what=lambda: answers)
    status, order = answers[-1]
    assert status == 201, answers
    assert distributed.ask("GET", "/mypages")[0] == 200

    # A page made anew has no events to be made from: it takes no customers.
    distributed.scale("deployment/mypage", 2)
    new = eventually(lambda: [pod for pod in distributed.pods("mypage") if ready_column(pod) == ("0/1", "Running")])
    address = eventually(lambda: distributed.pods("mypage")[-1]["status"].get("podIP"))
    eventually(lambda: distributed.ask("GET", "/actuator/health/liveness", host=address)[0] == 200)
    assert distributed.ask("GET", "/actuator/health/readiness", host=address)[0] == 503
    assert address not in distributed.endpoints("mypage")

    distributed.scale("statefulset/kafka", 1)
    distributed.rolled_out("statefulset/kafka")
    begun = time.monotonic()
    eventually(lambda: address in distributed.endpoints("mypage"), 120)
    caught_up = time.monotonic() - begun
    assert distributed.ask("GET", f"/mypages/{order['orderId']}", host=address)[0] in (200, 404)
    distributed.check_promises([order["orderId"]])
    assert names(new) <= names(distributed.pods("mypage"))
    assert distributed.restarts() == restarts, "nothing was restarted for a Kafka that is away"
    figure("readiness", f"Kafka away: orders 201, 0 restarts; a new mypage stays 0/1 Running until it has all events, "
           f"{caught_up:.0f} s after Kafka is back", caught_up=caught_up)


def test_a_new_pod_is_running_before_it_is_ready_and_ready_before_it_is_asked(distributed):
    seen = []

    def watch():
        pods = distributed.pods("gateway")
        if len(pods) < 2:
            return False
        # First the Service, then the pod: what is read later may only be further.
        in_service = distributed.endpoints("gateway")
        pod = distributed.pods("gateway")[-1]
        column, asked = ready_column(pod), pod["status"].get("podIP") in in_service
        if not seen or seen[-1] != (column, asked):
            seen.append((column, asked))
        return asked
    begun = time.monotonic()
    distributed.scale("deployment/gateway", 2)
    eventually(watch, 60, pause=0)
    assert ((("1/1", "Running"), True)) == seen[-1], seen
    assert all(column == ("1/1", "Running") for column, asked in seen if asked), seen
    assert any(column[0] == "0/1" for column, _ in seen), seen
    assert is_ready(distributed.pods("gateway")[-1])
    figure("readiness", f"a new gateway pod: 0/1, then 1/1 and in the Service after {time.monotonic() - begun:.1f} s",
           seconds=time.monotonic() - begun)
