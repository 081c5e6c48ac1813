"""Delivery answers cancels too slowly: order's circuit breaker opens, cancels are refused at once, and
orders, the gateway and every pod stay well. When delivery is quick again, the breaker closes by itself."""
import json

import prepare
from harness import overlay
from harness.figures import figure
from harness.kubectl import eventually

LIMIT = 0.61  # seconds, as in the course


def cancels(system, orders, at_once=20):
    """{status: [seconds of each]}"""
    text = system.in_tools(f"cd /tmp && python3 cancels.py {at_once}", stdin=json.dumps(orders), seconds_max=180)
    return {int(status): seconds for status, seconds in json.loads(text.splitlines()[-1]).items()}


def breaker_state(system):
    text = system.in_tools("curl -sS http://order:8080/actuator/prometheus")
    lines = [line for line in text.splitlines() if line.startswith("resilience4j_circuitbreaker_state{")
             and 'name="delivery"' in line and float(line.split()[-1]) == 1]
    (line,) = lines
    return line.split('state="')[1].split('"')[0]


def count(system):
    return system.ask("GET", "/orders?size=1")[1]["page"]["totalElements"]


def stand_slow_delivery(system):
    """A proxy before delivery, which order asks instead of it; as quick as delivery at first."""
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "slow-delivery"},
               "spec": {"selector": {"app": "tools"}, "ports": [{"port": 8081}]}}
    system.kubectl("apply", "-f", "-", stdin=json.dumps(service))
    system.in_tools("echo 0 0 > /tmp/delay; cd /tmp; PYTHONPATH=/tmp nohup python3 slow.py < /dev/null > slow.log 2>&1 &")
    eventually(lambda: "standing" in system.in_tools("cat /tmp/slow.log"), 30)
    overlay.apply(prepare.distributed_overlay(system, settings={"order": {
        "BAEDAL_DELIVERY_URL": "http://slow-delivery:8081",
        "BAEDAL_DELIVERY_TIME_LIMIT": f"{int(LIMIT * 1000)}ms"}}))
    system.rolled_out("deployment/order")


def test_the_breaker_opens_orders_go_on_and_it_closes_by_itself(distributed):
    stand_slow_delivery(distributed)
    try:
        before = count(distributed)
        with distributed.orders_placed(clients=4, pause=0.01) as placed:
            eventually(lambda: count(distributed) >= before + 300, 120)
        orders = list(placed.orders)
        quick = cancels(distributed, orders[:20])
        assert (list(quick), breaker_state(distributed)) == ([200], "closed"), quick

        distributed.in_tools("echo 0.8 1.02 > /tmp/delay; sleep 1")
        restarts = distributed.restarts()
        with distributed.orders_placed(clients=4, pause=0.01) as meanwhile:
            slow = cancels(distributed, orders[20:220])
            state = breaker_state(distributed)
        assert state == "open", slow
        # On a busy node an answer may overtake the clock that would have given it up.
        assert len(slow[503]) >= 190 and set(slow) <= {200, 503}, {status: len(seconds) for status, seconds in slow.items()}
        waited = sum(seconds >= LIMIT for seconds in slow[503])
        assert waited < 150, f"{waited} of 200 had to wait for the time limit"
        assert not meanwhile.failures and meanwhile.orders, meanwhile.failures[:3]
        for host in ("order", "gateway"):
            assert distributed.ask("GET", "/actuator/health/readiness", host=host)[0] == 200
        assert distributed.restarts() == restarts

        distributed.in_tools("echo 0 0 > /tmp/delay; sleep 1")
        eventually(lambda: list(cancels(distributed, orders[220:240])) == [200]
                   and breaker_state(distributed) == "closed", 60, pause=1)
        distributed.check_promises([*orders, *meanwhile.orders])
    finally:
        distributed.in_tools("rm -f /tmp/delay")
        distributed.kubectl("delete", "service", "slow-delivery")
    figure("circuit breaker", f"cancels take 0.8–1.02 s, the limit is {LIMIT} s: of 200 cancels {waited} waited for it, "
           f"{len(slow[503]) - waited} were refused at once, the breaker open; {len(meanwhile.orders)} orders meanwhile, all 201; "
           "0 restarts; quick again: closed by itself", waited=waited, orders=len(meanwhile.orders))
