"""Several instances behind one route: shared load, one that is killed, one that fails, one that is
not ready, clients that stay with theirs, and the circuit breaker when nobody answers.

Method: stand-ins behind the real program; what a client sees, and what each stand-in was asked.
"""
import concurrent.futures
import socket
import time

import pytest

from harness.api import assert_problem
from harness.stand_in import StandIn, route, routes_file
from harness.waiting import eventually


@pytest.fixture
def pair():
    with StandIn("a") as a, StandIn("b") as b:
        yield a, b


def start(launch, tmp_path, *flags, **routes):
    """A gateway with these routes: name=(instances…), or name=a whole route."""
    written = [value if isinstance(value, dict) else
               route(name, *value, predicates=[f"Path=/things/**,/{name}/**"]) for name, value in routes.items()]
    return launch("--role", "gateway", "--gateway.routes-file", routes_file(tmp_path, *written), *flags)


def names(api, count, path="/things"):
    return [api.read(path)["name"] for _ in range(count)]


def test_instances_share_the_requests_and_the_busy_one_gets_fewer(launch, tmp_path, pair):
    a, b = pair
    api = start(launch, tmp_path, all=pair).api
    assert sorted(names(api, 20)) == ["a"] * 10 + ["b"] * 10
    a.hold.clear()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        held = [pool.submit(api.get, "/things") for _ in range(4)]
        eventually(lambda: len(a.asked) + len(b.asked) >= 24 and any(not call.done() for call in held))
        assert names(api, 6) == ["b"] * 6
        a.hold.set()
        assert all(call.result().status_code == 200 for call in held)


def test_one_of_two_is_killed_under_load_and_no_request_is_lost(launch, tmp_path, pair):
    """POSTs too: those that could not connect were processed by nobody, and go to the other one."""
    a, b = pair
    api = start(launch, tmp_path, "--gateway.check-interval", "200ms", all=pair).api
    names(api, 4)
    a._server.shutdown()
    a._server.server_close()  # no new connections; those in use answer what they are asked
    for connection in list(a._connections):
        connection.shutdown(socket.SHUT_RDWR)
    for number in range(50):
        answer = api.post("/things", {"number": number}, headers={"X-Number": str(number)})
        assert answer.status_code == 200 and answer.json()["name"] == "b"
    with StandIn("a again", port=a.port):
        eventually(lambda: "a again" in names(api, 4))


def test_one_that_fails_is_left_alone_and_asked_again_later(launch, tmp_path, pair):
    a, b = pair
    api = start(launch, tmp_path, "--gateway.ejection-failures", "3", "--gateway.ejection-time", "1s",
                "--gateway.check-interval", "0s", all=pair).api
    a.status = 500
    answers = [api.get("/things").status_code for _ in range(40)]
    assert answers.count(500) == 3
    a.status = 200
    eventually(lambda: "a" in names(api, 4))


def test_one_that_is_not_ready_gets_no_requests(launch, tmp_path, pair):
    a, _ = pair
    api = start(launch, tmp_path, "--gateway.check-interval", "50ms", all=pair).api
    a.healthy = False
    eventually(lambda: names(api, 8) == ["b"] * 8)
    a.healthy = True
    eventually(lambda: "a" in names(api, 4))


def test_when_all_fail_all_are_asked(launch, tmp_path, pair):
    api = start(launch, tmp_path, "--gateway.check-interval", "50ms", "--gateway.ejection-failures", "1",
                all=pair).api
    for stand_in in pair:
        stand_in.healthy, stand_in.status = False, 500
    for _ in range(10):
        assert api.get("/things").status_code == 500


def test_a_client_stays_with_its_instance_where_each_has_a_view_of_its_own(launch, tmp_path, pair):
    api = start(launch, tmp_path, "--http.trusted-proxies", "127.0.0.1", "--gateway.check-interval", "50ms",
                all=route("all", *pair, affinity="client")).api

    def of(client):
        seen = {api.read("/things", headers={"X-Forwarded-For": f"6.6.6.6, {client}"})["name"] for _ in range(4)}
        assert len(seen) == 1
        return seen.pop()

    clients = [f"192.0.2.{number}" for number in range(20)]
    before = {client: of(client) for client in clients}
    assert set(before.values()) == {"a", "b"}
    pair[0].healthy = False
    eventually(lambda: {of(client) for client in clients} == {"b"})
    pair[0].healthy = True
    eventually(lambda: {client: of(client) for client in clients} == before)


def test_nobody_there_is_503_at_once_without_an_address(launch, tmp_path):
    with StandIn() as gone:
        pass
    api = start(launch, tmp_path, gone=(gone,)).api
    for _ in range(3):
        answer = api.get("/gone/1")
        assert_problem(answer, 503)
        assert int(answer.headers["Retry-After"]) >= 1
        assert "127.0.0.1" not in answer.text and str(gone.port) not in answer.text
        assert not any(str(gone.port) in value for value in answer.headers.values())


def test_a_name_without_instances_is_503(launch, tmp_path):
    lost = {"id": "lost", "uri": "lb://lost", "predicates": ["Path=/lost/**"]}
    unknown = {"id": "far", "uri": "http://no-such-host.invalid:8080", "predicates": ["Path=/far/**"]}
    api = start(launch, tmp_path, lost=lost, far=unknown).api
    for path in ("/lost/1", "/far/1"):
        assert_problem(api.get(path), 503)
        assert "invalid" not in api.get(path).text


def test_an_answer_too_late_is_504_and_by_the_limit_of_its_route(launch, tmp_path, pair):
    a, _ = pair
    api = start(launch, tmp_path, "--gateway.response-timeout", "20s",
                slow=route("slow", a, predicates=["Path=/slow/**"], response_timeout=100)).api
    a.hold.clear()
    began = time.monotonic()
    answer = api.get("/slow/1")
    assert_problem(answer, 504)
    assert time.monotonic() - began < 15
    assert "127.0.0.1" not in answer.text
    a.hold.set()
    assert api.get("/slow/1").status_code == 200


def breaker(api, name, field="state"):
    health = api.get("/actuator/health").json()
    return (health.get("components") or health["details"])[f"{name}Breaker"]["details"][field]


def test_the_breaker_of_a_service_opens_spares_it_and_closes(launch, tmp_path, pair):
    a, _ = pair
    server = start(launch, tmp_path, "--circuit-breaker.minimum-number-of-calls", "5",
                   "--circuit-breaker.wait-duration-in-open-state", "500ms",
                   "--circuit-breaker.permitted-number-of-calls-in-half-open-state", "2",
                   "--management.health.show-details", "always",
                   slow={**route("slow", a, predicates=["Path=/slow/**"], response_timeout=50),
                         "uri": "http://tortoise:8080"})
    api = server.api
    a.hold.clear()
    assert [api.get("/slow").status_code for _ in range(5)] == [504] * 5
    asked = len(a.asked)
    refused = api.get("/slow")
    assert_problem(refused, 503)
    assert "Retry-After" in refused.headers and len(a.asked) == asked
    assert breaker(api, "gateway-tortoise") == "OPEN"
    metrics = api.get("/actuator/prometheus").text
    assert 'resilience4j_circuitbreaker_state{name="gateway-tortoise",state="open"} 1' in metrics
    a.hold.set()
    eventually(lambda: api.get("/slow").status_code == 200)
    eventually(lambda: api.get("/slow").status_code == 200 and breaker(api, "gateway-tortoise") == "CLOSED")
    assert "circuit breaker changed" in server.log_text()


def test_answers_of_5xx_are_the_services_own_affair(launch, tmp_path, pair):
    a, _ = pair
    api = start(launch, tmp_path, "--circuit-breaker.minimum-number-of-calls", "5", all=(a,)).api
    a.status = 503
    for _ in range(10):
        assert api.get("/things").json()["name"] == "a"
