"""Who may do what, from outside, on the real program.

Method: the table role × endpoint × outcome is made from the `x-roles` of api/openapi/baedal.yaml and
tried whole, on a process with the gateway in front, on the services reached directly, and where people
log in. Then the
rules that no table says: own orders, taken deliveries, services among each other, keys that change,
the commands. What must not start is in test_cli.py.
"""
import functools
import re
import shutil
import subprocess

import pytest
import yaml

from harness.api import Api, assert_problem, describe, id_in
from harness.command import ROOT, run
from harness.issuer import Issuer, Key, bearer
from harness.raw_http import exchange
from harness.waiting import eventually

METHODS = ("get", "head", "post", "put", "patch", "delete")
ROLES = ("customer", "courier", "merchant", "operator")
CALLERS = ("nobody", "a token without roles", *ROLES, "service")
# 401 as the answer of /login and /refresh themselves, which anybody may ask: no such login.
LOGIN_ANSWERS = {"login-refused", "login-ended", "login-expired", "refresh-reused"}
SERVICES = ("menu", "order", "payment", "delivery", "mypage")


@functools.cache
def operations():
    """(method, path, who may)."""
    with open(ROOT / "api" / "openapi" / "baedal.yaml", encoding="utf-8") as file:
        paths = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["paths"]
    return [(method.upper(), path, item[method]["x-roles"])
            for path, item in paths.items() for method in METHODS if method in item]


class Caller(Api):
    """A client with a token; it shares nothing with other clients."""

    def __init__(self, base_url, token=None):
        super().__init__(base_url)
        self.token = token

    def request(self, method, path, **options):
        if self.token:
            options["headers"] = bearer(self.token) | (options.get("headers") or {})
        return super().request(method, path, **options)


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    return Issuer(tmp_path_factory.mktemp("issuer"))


@pytest.fixture(scope="module")
def tokens(issuer):
    return {"nobody": None, "a token without roles": issuer.token("none"), "service": issuer.service_token(),
            **{role: issuer.token(f"the-{role}", role) for role in ROLES}}


@pytest.fixture(scope="module")
def everything(module_launch, issuer):
    return module_launch(*issuer.flags)


@pytest.fixture(scope="module")
def services_only(module_launch, issuer):
    return module_launch(*issuer.flags, "--role", ",".join(SERVICES))


@pytest.fixture(scope="module")
def with_accounts(module_launch, issuer, tmp_path_factory):
    """People log in here, too, by a key of the installation's own."""
    key = Key(tmp_path_factory.mktemp("own") / "issuer.pem", "baedal")
    return module_launch(*issuer.flags, "--auth.issuer-key-file", key.file)


def outcome(answer):
    refused = answer.status_code in (401, 403)
    if refused and answer.content and answer.json()["code"] in LOGIN_ANSWERS:
        return "let in"
    return answer.status_code if refused else "let in"


def expected(who_may, caller):
    if who_may == "anyone" or caller in who_may:
        return "let in"
    return 401 if caller == "nobody" else 403


@pytest.mark.parametrize("process", ["everything", "services_only", "with_accounts"])
@pytest.mark.parametrize("caller", CALLERS)
def test_the_whole_table_of_who_may_do_what(request, tokens, process, caller):
    client = Caller(request.getfixturevalue(process).base_url, tokens[caller])
    wrong = []
    for method, path, who_may in operations():
        if (method, path) == ("POST", "/actuator/projections/mypage") and caller == "operator":
            continue  # it would do it, which takes its time: test_the_commands_send_a_token
        concrete = re.sub(r"\{[^}]+\}", "999999", path)
        answer = client.request(method, concrete, data=b"{", headers={"Content-Type": "application/json"})
        if outcome(answer) != expected(who_may, caller):
            wrong.append(f"{method} {path}: {answer.status_code}, and expected {expected(who_may, caller)}")
        if answer.status_code in (401, 403):
            assert answer.headers["WWW-Authenticate"].startswith("Bearer "), describe(answer)
            if method != "HEAD":
                assert_problem(answer, 401, 403)
    assert not wrong, "\n".join(wrong)


def test_who_brings_no_login_is_let_in_to_refresh_and_told_that_there_is_none(with_accounts, everything, tokens):
    for token in (None, tokens["customer"]):
        answer = Caller(with_accounts.base_url, token).post("/refresh")
        assert assert_problem(answer, 401)["code"] == "login-ended"
        assert assert_problem(Caller(everything.base_url, token).post("/refresh"), 404)["code"] == "no-accounts"


def test_the_document_asks_for_a_token_where_not_anyone_may():
    with open(ROOT / "api" / "openapi" / "baedal.yaml", encoding="utf-8") as file:
        paths = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["paths"]
    for method, path, who_may in operations():
        operation = paths[path][method.lower()]
        assert ("security" in operation) == (who_may != "anyone"), f"{method} {path}"
        assert "401" in operation["responses"], f"{method} {path}: a token that is not taken is 401 anywhere"
        assert "403" in operation["responses"] or who_may == "anyone", f"{method} {path}"


def test_every_operation_says_who_may_and_operators_may_all_that_is_for_people():
    for method, path, who_may in operations():
        assert who_may == "anyone" or set(who_may) <= {*ROLES, "service"}, f"{method} {path}"
        if who_may != "anyone" and set(who_may) & {"customer", "merchant"}:
            assert "operator" in who_may, f"{method} {path}"


@pytest.mark.parametrize("path", ["/nowhere", "/orders/1/2/3", "/orders//1/x", "/ORDERS"])
def test_what_no_document_knows_is_told_to_nobody(everything, tokens, path):
    assert Caller(everything.base_url).get(path).status_code == 401
    assert Caller(everything.base_url, tokens["operator"]).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/%6Frders", "/orders/", "/orders?x=/menus"])
def test_another_spelling_of_a_path_opens_nothing(everything, path):
    assert Caller(everything.base_url).post(path, {}).status_code == 401


@pytest.mark.parametrize("path", ["/menus%2F1", "/menus/..%2Forders", "/menus/../orders"])
def test_a_path_that_could_be_read_in_two_ways_is_read_by_nobody(everything, tokens, path):
    for token in (None, tokens["operator"]):
        line = f"Authorization: Bearer {token}\r\n" if token else ""
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\n{line}Content-Length: 2\r\n\r\n{{}}"
        assert exchange(everything.port, head.encode()) == 400


def test_a_customer_has_their_own_orders_and_learns_nothing_of_others(everything, issuer, tokens):
    merchant = Caller(everything.base_url, tokens["merchant"])
    operator = Caller(everything.base_url, tokens["operator"])
    kim, lee = (Caller(everything.base_url, issuer.token(name, "customer")) for name in ("kim", "lee"))
    menu = merchant.menu("Gimbab", price=4500)
    order = kim.order(menu)
    operator.await_order(order, deliveryStatus="started")
    assert kim.read(f"/orders/{order}")["paymentStatus"] == "paid"
    for method, body in (("GET", None), ("HEAD", None), ("PATCH", {"status": "cancel"}), ("PUT", {"status": "cancel"})):
        assert lee.request(method, f"/orders/{order}", json=body).status_code == 404
    assert lee.read("/orders")["page"]["totalElements"] == 0
    assert [id_in(item["_links"]["self"]["href"]) for item in kim.read("/orders")["_embedded"]["orders"]] == [order]
    eventually(lambda: kim.read(f"/mypages/{order}"))
    assert lee.get(f"/mypages/{order}").status_code == 404
    assert lee.get(f"/mypages/{order}/stream").status_code == 404
    assert kim.get(f"/mypages/{order}/events").status_code == 200
    assert lee.get(f"/mypages/{order}/events").status_code == 404
    assert lee.get("/mypages/search/findByOrderId", params={"orderId": order}).status_code == 404
    assert lee.read("/mypages")["_embedded"]["mypages"] == []
    assert kim.patch(f"/orders/{order}", {"status": "cancel"}).status_code == 200


def test_a_courier_completes_what_they_have_taken(everything, issuer, tokens):
    customer = Caller(everything.base_url, tokens["customer"])
    kang, shin = (Caller(everything.base_url, issuer.token(name, "courier")) for name in ("kang", "shin"))
    order = customer.started_order(Caller(everything.base_url, tokens["merchant"]).menu("Juice"))
    delivery = f"/deliveries/{order['deliveryId']}"
    assert_problem(kang.patch(delivery, {"status": "complete"}), 409)
    assert kang.post(f"{delivery}/claim").status_code == 204
    assert_problem(shin.post(f"{delivery}/claim"), 409)
    assert_problem(shin.patch(delivery, {"status": "complete"}), 409)
    assert kang.patch(delivery, {"status": "complete"}).status_code == 200
    customer.await_order(order["orderId"], deliveryStatus="complete")


def test_services_say_to_each_other_who_they_are(launch, issuer, tokens):
    delivery = launch(*issuer.flags, "--role", "delivery")
    order = launch(*issuer.flags, "--role", "menu,order", "--delivery.url", delivery.base_url)
    placed = Caller(order.base_url, tokens["customer"]).order(Caller(order.base_url, tokens["merchant"]).menu("Tea"))
    ask = {"orderId": placed}
    assert Caller(delivery.base_url).post("/deliveries/cancellations", ask).status_code == 401
    assert Caller(delivery.base_url, tokens["operator"]).post("/deliveries/cancellations", ask).status_code == 403
    stranger = Key(issuer.folder / "stranger.pem", "service")
    forged = stranger.sign({"iss": "baedal-services", "aud": "baedal-services", "sub": "order", "exp": 2**33})
    assert Caller(delivery.base_url, forged).post("/deliveries/cancellations", ask).status_code == 401
    cancelled = Caller(order.base_url, tokens["customer"]).patch(f"/orders/{placed}", {"status": "cancel"})
    assert cancelled.status_code == 200, describe(cancelled)


def test_a_gateway_hands_the_token_on_and_each_service_looks_again(launch, issuer, tokens):
    menu = launch(*issuer.flags, "--role", "menu")
    gateway = launch(*issuer.flags, "--role", "gateway", "--gateway.instances", f"menu={menu.base_url}")
    assert Caller(gateway.base_url, tokens["merchant"]).menu("Soup") == 1
    assert Caller(gateway.base_url, tokens["customer"]).post("/menus", {"menuNm": "x"}).status_code == 403
    assert Caller(menu.base_url).post("/menus", {"menuNm": "x"}).status_code == 401
    outbox = f"/actuator/fleet/127.0.0.1:{menu.port}/outbox"
    for role, status in ((None, 401), ("merchant", 403), ("operator", 200)):
        answer = Caller(gateway.base_url, role and tokens[role]).get(outbox)
        assert answer.status_code == status, describe(answer)
    assert Caller(menu.base_url).get("/actuator/outbox").status_code == 401, "by its port it asks as well"


def test_a_route_that_rewrites_paths_is_no_way_around(launch, issuer, tokens, tmp_path):
    routes = tmp_path / "routes.yml"
    routes.write_text("""
spring:
  cloud:
    gateway:
      routes:
        - id: back
          uri: http://order:8080
          predicates: [Path=/menus/back/**]
          filters: ['RewritePath=/menus/back/?(?<rest>.*), /$\\{rest}']
""")
    server = launch(*issuer.flags, "--gateway.routes-file", routes)
    assert Caller(server.base_url).get("/menus/back/orders").status_code == 401
    assert Caller(server.base_url, tokens["courier"]).get("/menus/back/orders").status_code == 403
    assert Caller(server.base_url, tokens["customer"]).get("/menus/back/orders").status_code == 200


def test_keys_change_while_it_runs(launch, tmp_path):
    issuer = Issuer(tmp_path / "issuer")
    server = launch(*issuer.flags)
    first = issuer.token("han", "operator")
    assert Caller(server.base_url, first).get("/payments").status_code == 200
    issuer.rotate()
    second = issuer.token("han", "operator")
    eventually(lambda: Caller(server.base_url, second).read("/payments"))
    assert Caller(server.base_url, first).get("/payments").status_code == 200
    issuer.rotate(keep=False)

    def first_is_gone():
        answer = assert_problem(Caller(server.base_url, first).get("/payments"), 401)
        assert answer["code"] == "token-key-unknown"
        return True
    assert eventually(first_is_gone)


def test_a_token_that_is_not_taken_says_why_and_is_repeated_nowhere(everything, issuer):
    expired = issuer.token("kim", "customer", lasts=-3600)
    for token, code in ((expired, "token-expired"), (issuer.token("kim", aud="other"), "token-foreign"),
                        (issuer.token("kim", iss="https://evil.test"), "token-foreign"),
                        (issuer.token("kim", nbf=2**33), "token-early"), ("x.y.z", "token-malformed")):
        answer = Caller(everything.base_url, token).get("/menus")
        assert assert_problem(answer, 401)["code"] == code
        assert code in answer.headers["WWW-Authenticate"]
        assert token not in answer.text and token not in everything.log_text()


def test_health_and_metrics_are_for_probes_the_rest_of_management_for_operators(everything, tokens):
    nobody, operator = Caller(everything.base_url), Caller(everything.base_url, tokens["operator"])
    for path in ("/livez", "/readyz", "/actuator/health", "/actuator/health/readiness", "/actuator/prometheus"):
        assert nobody.get(path).status_code == 200, path
    for path in ("/actuator", "/actuator/info", "/actuator/metrics", "/actuator/loggers", "/actuator/outbox"):
        assert nobody.get(path).status_code == 401, path
        assert operator.get(path).status_code == 200, path


def test_the_commands_send_a_token(everything, tokens):
    asked = ("outbox", "ls", "--url", everything.base_url)
    refused = run(*asked)
    assert refused.returncode == 1 and "401" in refused.stderr
    done = run(*asked, env={"BAEDAL_AUTH_TOKEN": tokens["operator"]})
    assert done.returncode == 0, done.stderr
    rebuilt = run("projection", "rebuild", "mypage", "--url", everything.base_url,
                  env={"BAEDAL_AUTH_TOKEN": tokens["operator"]})
    assert rebuilt.returncode == 0, rebuilt.stderr
    shown = run("config", "print", env={"BAEDAL_AUTH_TOKEN": tokens["operator"]})
    assert tokens["operator"] not in shown.stdout + shown.stderr


def test_an_installation_makes_its_own_tokens(launch, tmp_path):
    key = Key(tmp_path / "issuer.pem", "baedal")
    own = ("--auth.issuer-key-file", key.file)
    server = launch("--profile", "standard", *own)
    made = run("token", "--for", "kim", "--as", "customer,merchant", *own)
    assert made.returncode == 0, made.stderr
    kim = Caller(server.base_url, made.stdout.strip())
    assert kim.read("/me") == {"subject": "kim", "roles": ["customer", "merchant"], "open": False, "login": True}
    assert kim.order(kim.menu("Gimbab")) == 1
    assert kim.get("/payments").status_code == 403
    asked = ("outbox", "ls", "--url", server.base_url)
    assert run(*asked).returncode == 1
    done = run(*asked, *own)
    assert done.returncode == 0, f"whoever has the key needs no token: {done.stderr}"
    assert run("token", "--for", "kim", "--as", "king", *own).returncode == 2
    assert run("token", "--for", "kim").returncode == 2


@pytest.mark.skipif(not shutil.which("http"), reason="httpie is not installed")
def test_the_seeds_lines_work_with_a_token(everything, tokens):
    """As in the seed, with `-A bearer -a TOKEN` before the rest."""
    def http(caller, *words):
        done = subprocess.run(["http", "--ignore-stdin", "--headers", "-A", "bearer", "-a", tokens[caller], *words],
                              capture_output=True, text=True, timeout=30, check=False)
        return done.stdout.splitlines()[0]
    menu = Caller(everything.base_url, tokens["merchant"]).menu("Coffee")
    url = everything.base_url
    assert "201" in http("merchant", "POST", f"{url}/menus", "menuNm=Gimbab")
    assert "201" in http("customer", "POST", f"{url}/orders", f"menuId={menu}", "menuNm=Coffee", "qty=1")
    assert "200" in http("customer", f"{url}/orders")
    assert "200" in http("customer", f"{url}/mypages")
    assert "403" in http("customer", "POST", f"{url}/menus", "menuNm=Gimbab")
