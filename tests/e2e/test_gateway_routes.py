"""Routes: predicates, filters and weights on the real program, rate limits, and a change of the
routes under load that costs no request.

Method: a routes file in Spring Cloud Gateway's YAML in front of stand-ins that say what they saw.
"""
import datetime
import json
import subprocess
import threading

import pytest

from harness.api import assert_problem
from harness.command import command, environment
from harness.stand_in import StandIn, route, routes_file
from harness.waiting import eventually

TOMORROW = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).isoformat()
YESTERDAY = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)).isoformat()


@pytest.fixture
def pair():
    with StandIn("a") as a, StandIn("b") as b:
        yield a, b


def start(launch, tmp_path, *routes, flags=(), **options):
    return launch("--role", "gateway", "--gateway.routes-file", routes_file(tmp_path, *routes, **options), *flags)


def seen_headers(answer):
    headers = {}
    for name, value in answer.json()["headers"]:
        headers.setdefault(name, []).append(value)
    return headers


@pytest.mark.parametrize("predicate, request_of, other", [
    ("Method=PUT,POST", {"method": "POST"}, {"method": "GET"}),
    ("Header=X-Request-Kind, \\d+", {"headers": {"X-Request-Kind": "12"}}, {"headers": {"X-Request-Kind": "x"}}),
    ("Host=**.example.com", {"headers": {"Host": "shop.example.com:8080"}}, {"headers": {"Host": "example.org"}}),
    ("Query=colour, gr(a|e)y", {"params": {"colour": "grey"}}, {"params": {"colour": "green"}}),
    ("Cookie=taste, swe.t", {"headers": {"Cookie": "a=b; taste=sweet"}}, {"headers": {"Cookie": "taste=sour"}}),
    (f"After={YESTERDAY}", {}, None), (f"After={TOMORROW}", None, {}),
    (f"Before={TOMORROW}", {}, None), (f"Between={YESTERDAY}, {TOMORROW}", {}, None),
    ("RemoteAddr=127.0.0.0/8", {}, None), ("RemoteAddr=10.0.0.0/8", None, {}),
    ("XForwardedRemoteAddr=10.1.1.1", {"headers": {"X-Forwarded-For": "10.1.1.1"}}, {}),
], ids=lambda value: str(value).split("=")[0] if isinstance(value, str) else "")
def test_a_predicate_decides(launch, tmp_path, pair, predicate, request_of, other):
    api = start(launch, tmp_path, route("chosen", pair[0], predicates=["Path=/things", predicate]),
                route("else", pair[1], predicates=["Path=/things"])).api
    for wanted, name in ((request_of, "a"), (other, "b")):
        if wanted is not None:
            answer = api.request(**{"method": "GET", "path": "/things", **wanted})
            assert answer.json()["name"] == name, (predicate, wanted)


def test_weights_share_out_as_they_say(launch, tmp_path, pair):
    api = start(launch, tmp_path, route("new", pair[0], predicates=["Path=/things", "Weight=canary, 1"]),
                route("old", pair[1], predicates=["Path=/things", "Weight=canary, 3"])).api
    count = sum(api.read("/things")["name"] == "a" for _ in range(400))
    assert 50 < count < 150  # 100 on average; beyond six standard deviations


def test_filters_change_the_request_and_the_answer(launch, tmp_path, pair):
    api = start(launch, tmp_path, route(
        "shop", pair[0], predicates=["Path=/shop/{kind}/**"],
        filters=["StripPrefix=1", "RewritePath=/red/(?<rest>.*), /things/$\\{rest}", "AddRequestHeader=X-Kind, {kind}",
                 "AddRequestParameter=by, gateway", "RemoveRequestHeader=X-Secret", "SetResponseHeader=X-Name, hidden",
                 "RewriteLocationResponseHeader", "SecureHeaders"]), default_filters=["AddResponseHeader=X-Via, gw"]).api
    answer = api.get("/shop/red/7?q=1", headers={"X-Secret": "s"})
    seen, headers = answer.json(), seen_headers(answer)
    assert seen["target"] == "/things/7?q=1&by=gateway"
    assert headers["x-kind"] == ["red"] and "x-secret" not in headers
    assert headers["x-forwarded-prefix"] == ["/shop"]
    assert answer.headers["X-Name"] == "hidden" and answer.headers["X-Via"] == "gw"
    assert answer.headers["Location"] == f"{api.base_url}/things/1"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_headers_of_one_hop_are_not_passed_on_and_cannot_take_out_ours(launch, tmp_path, pair):
    api = start(launch, tmp_path, route("all", pair[0], filters=["AddRequestHeader=X-User, kim"])).api
    answer = api.get("/things", headers={
        "Connection": "close, X-Mine, X-User, X-Forwarded-For", "X-Mine": "1", "TE": "trailers", "Keep-Alive": "x",
        "Proxy-Authorization": "secret", "X-Forwarded-For": "6.6.6.6", "X-Kept": "yes"})
    headers = seen_headers(answer)
    for name in ("connection", "x-mine", "te", "keep-alive", "proxy-authorization"):
        assert name not in headers
    assert headers["x-user"] == ["kim"] and headers["x-kept"] == ["yes"]
    assert headers["x-forwarded-for"] == ["127.0.0.1"]
    assert headers["host"] == [f"127.0.0.1:{pair[0].port}"]
    assert headers["forwarded"][0].startswith("proto=http;host=")


def test_a_rate_limit_tells_what_is_left_and_outlives_a_reload(launch, tmp_path, pair):
    limit = {"name": "RequestRateLimiter", "args": {
        "redis-rate-limiter.replenishRate": 1, "redis-rate-limiter.burstCapacity": 60,
        "redis-rate-limiter.requestedTokens": 20, "key-header": "X-User"}}
    api = start(launch, tmp_path, route("all", pair[0], filters=[limit])).api
    kim = {"X-User": "kim"}
    left = [api.get("/things", headers=kim) for _ in range(3)]
    assert [answer.status_code for answer in left] == [200] * 3
    assert [int(answer.headers["X-RateLimit-Remaining"]) // 20 for answer in left] == [2, 1, 0]
    assert left[0].headers["X-RateLimit-Burst-Capacity"] == "60"
    assert left[0].headers["X-RateLimit-Replenish-Rate"] == "1"
    assert left[0].headers["X-RateLimit-Requested-Tokens"] == "20"
    assert api.post("/actuator/gateway/refresh").status_code == 200
    refused = api.get("/things", headers=kim)
    assert_problem(refused, 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 20
    assert "X-RateLimit-Remaining" in refused.headers
    assert api.get("/things", headers={"X-User": "lee"}).status_code == 200
    assert_problem(api.get("/things"), 403)
    assert len(pair[0].asked) == 4


def test_behind_a_proxy_each_client_has_a_limit_of_its_own(launch, tmp_path, pair):
    limit = {"name": "RequestRateLimiter", "args": {"redis-rate-limiter.replenishRate": 1,
                                                    "redis-rate-limiter.burstCapacity": 50,
                                                    "redis-rate-limiter.requestedTokens": 50}}
    api = start(launch, tmp_path, route("all", pair[0], filters=[limit]),
                flags=("--http.trusted-proxies", "127.0.0.1")).api
    for client in ("192.0.2.1", "192.0.2.2"):
        headers = {"X-Forwarded-For": client}
        assert [api.get("/things", headers=headers).status_code for _ in range(2)] == [200, 429]


def test_a_fallback_answers_for_a_service_that_does_not(launch, tmp_path, pair):
    with StandIn() as gone:
        pass
    broken = {"name": "CircuitBreaker", "args": {"name": "orders", "fallbackUri": "forward:/things/fallback"}}
    api = start(launch, tmp_path, route("orders", gone, predicates=["Path=/orders/**"], filters=[broken]),
                route("fallback", pair[0], predicates=["Path=/things/**"], filters=["FallbackHeaders"])).api
    answer = api.get("/orders/1")
    assert answer.status_code == 200 and answer.json()["target"] == "/things/fallback"
    assert seen_headers(answer)["execution-exception-message"] == ["not connected"]
    # A body that was on its way to the service is not sent on to the fallback.
    assert api.post("/orders/2", data=b"x" * 200_000).json()["body"] == ""


def test_routes_change_under_load_and_no_request_is_lost(launch, tmp_path, pair):
    file = routes_file(tmp_path, route("all", pair[0]))
    api = launch("--role", "gateway", "--gateway.routes-file", file).api
    failures, count, stop = [], [0], threading.Event()

    def ask():
        while not stop.is_set():
            answer = api.post("/things", {"n": count[0]})
            count[0] += 1
            if answer.status_code != 200:
                failures.append(answer.text)

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        for number in range(20):
            routes_file(tmp_path, route("all", pair[number % 2], pair[0]))
            assert api.post("/actuator/gateway/refresh").status_code == 200
            before = count[0]
            eventually(lambda: count[0] > before + 5)
        bad = json.loads(file.read_text())
        bad["spring"]["cloud"]["gateway"]["routes"][0]["filters"] = ["Teleport=moon"]
        file.write_text(json.dumps(bad))
        refused = api.post("/actuator/gateway/refresh")
        assert_problem(refused, 400)
        assert "Teleport" in refused.text
        before = count[0]
        eventually(lambda: count[0] > before + 20)
    finally:
        stop.set()
        for client in clients:
            client.join()
    assert not failures, failures[:3]
    assert pair[1].asked


def test_the_routes_are_shown_as_spring_cloud_gateway_shows_them(launch, tmp_path, pair):
    api = start(launch, tmp_path, {"id": "order", "uri": pair[0].url, "predicates": ["Path=/orders/**"],
                                   "filters": ["StripPrefix=1"]}).api
    assert api.read("/actuator/gateway/routes") == [{
        "predicate": "Paths: [/orders/**], match trailing slash: true", "route_id": "order",
        "filters": ["[[StripPrefix parts = '1'], order = 1]"], "uri": pair[0].url, "order": 0}]
    assert api.read("/actuator/gateway/routes/order")["route_id"] == "order"
    assert api.get("/actuator/gateway/routes/nothing").status_code == 404


@pytest.mark.parametrize("broken, word", [
    ("spring: {cloud: {gateway: {routes: [{id: a, uri: 'http://a', predicates: ['Moon=full']}]}}}", "Moon"),
    ("spring: [", "YAML"), ("nothing: here", "routes"),
    ("spring: {cloud: {gateway: {routes: [{id: a, uri: 'https://a'}]}}}", "https")])
def test_a_gateway_with_a_mistake_in_its_routes_does_not_start(tmp_path, broken, word):
    file = tmp_path / "routes.yml"
    file.write_text(broken)
    ended = subprocess.run([*command(), "serve", "--port", "0", "--data", str(tmp_path / "data"), "--role",
                            "gateway", "--gateway.routes-file", str(file)], env=environment(),
                           capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1 and word in ended.stderr
