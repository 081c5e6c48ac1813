"""The operator's endpoints under the names Spring Boot gives them, for every service."""
import re

import pytest

from harness.api import describe
from harness.waiting import eventually

SERVER_FLAGS = ("--management.health.show-details", "always")
DEMO = ("--management.demo-endpoints", "true")


@pytest.fixture(scope="module")
def used(api):
    """An API that has answered something of every kind."""
    menu = api.menu("Gimbab", price=100)
    order = api.started_order(menu)
    api.read(f"/orders/{order['orderId']}")
    api.get("/orders/999999")
    api.post("/orders", {"menuId": 999999})
    return api


def test_health_is_up_with_its_groups(api):
    answer = api.get("/actuator/health")
    assert answer.status_code == 200, describe(answer)
    assert re.match(r"application/(vnd\.spring-boot\.actuator\.v[23]\+)?json", answer.headers["Content-Type"])
    assert answer.json()["status"] == "UP"
    assert {"liveness", "readiness"} <= set(answer.json()["groups"])
    assert all(component["status"] == "UP" for component in answer.json()["components"].values())


def test_health_shows_no_details_by_default(launch):
    health = launch().api.await_up()
    assert health["status"] == "UP" and "components" not in health and "details" not in health


@pytest.mark.parametrize("path", ["/actuator/health/liveness", "/actuator/health/readiness", "/livez", "/readyz"])
def test_the_probes_are_up(api, path):
    assert api.read(path)["status"] == "UP"


def test_an_unknown_health_path_is_404(api):
    assert api.get("/actuator/health/dreams").status_code == 404


def test_the_index_links_to_the_endpoints(api):
    links = api.read("/actuator")["_links"]
    assert {"self", "health", "info", "metrics", "prometheus", "outbox"} <= set(links)
    # A gateway alone has none.
    assert isinstance(api.read(links["outbox"]["href"])["services"], list)
    assert links["health"] == {"href": f"{api.base_url}/actuator/health", "templated": False}
    for name in ("health", "info", "metrics", "prometheus"):
        assert api.get(links[name]["href"]).status_code == 200, name


def test_info_tells_the_build(api):
    info = api.read("/actuator/info")
    assert re.match(r"\d+\.\d+", info["build"]["version"])


def test_metrics_are_listed_and_read_by_name_and_tag(used):
    names = used.read("/actuator/metrics")["names"]
    assert "http.server.requests" in names
    metric = used.read("/actuator/metrics/http.server.requests?tag=uri:/orders/%7Bid%7D&tag=status:404")
    assert metric["name"] == "http.server.requests" and metric["baseUnit"] == "seconds"
    statistics = {entry["statistic"]: entry["value"] for entry in metric["measurements"]}
    assert statistics["COUNT"] >= 1 and statistics["TOTAL_TIME"] > 0 and "MAX" in statistics
    tags = {tag["tag"] for tag in used.read("/actuator/metrics/http.server.requests")["availableTags"]}
    assert {"uri", "method", "status", "outcome"} <= tags
    assert used.get("/actuator/metrics/no.such.metric").status_code == 404


def samples(text):
    """name{labels} -> value of a Prometheus text."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            found[name] = float(value)
    return found


def test_prometheus_counts_requests_by_template_and_outcome(used):
    answer = used.get("/actuator/prometheus")
    assert answer.headers["Content-Type"].startswith("text/plain;version=0.0.4")
    found = samples(answer.text)

    def count(**labels):
        return sum(value for name, value in found.items() if name.startswith("http_server_requests_seconds_count{")
                   and all(f'{label}="{text}"' in name for label, text in labels.items()))

    assert count(method="POST", uri="/orders", status="201", outcome="SUCCESS") >= 1
    assert count(method="GET", uri="/orders/{id}", status="404", outcome="CLIENT_ERROR") >= 1
    assert count(method="POST", uri="/orders", status="422", outcome="CLIENT_ERROR") >= 1
    assert not any('uri="/orders/999999"' in name for name in found), "a raw path would make a series for each id"


@pytest.mark.parametrize("name", [
    "process_cpu_usage", "process_uptime_seconds", "process_start_time_seconds", "process_files_open_files",
    "process_files_max_files", "system_cpu_usage", "system_cpu_count", "system_load_average_1m",
    "disk_free_bytes", "disk_total_bytes", "application_started_time_seconds", "application_ready_time_seconds"])
def test_the_names_of_spring_boot_are_there(used, name):
    assert any(sample.split("{")[0] == name for sample in samples(used.get("/actuator/prometheus").text)), name


def test_a_path_that_does_not_exist_makes_no_new_series(used):
    def series():
        return len(samples(used.get("/actuator/prometheus").text))
    used.get("/scan/0")
    before = series()
    for number in range(50):
        used.get(f"/scan/{number}/x.php")
    assert series() <= before + 5


def test_the_gateways_routes_are_listed_in_the_seeds_shape(api):
    routes = {route["route_id"]: route for route in api.read("/actuator/gateway/routes")}
    assert {"order", "delivery", "menu", "mypage"} <= set(routes)
    assert "/orders/**" in routes["order"]["predicate"]


def test_the_demo_endpoints_are_off_by_default(api):
    for method, path in (("PUT", "/actuator/down"), ("PUT", "/actuator/up"), ("GET", "/actuator/echo")):
        assert api.request(method, path).status_code in (404, 405), path
    assert api.read("/actuator/health")["status"] == "UP"


def test_down_and_up_turn_health_as_the_course_shows(launch):
    api = launch(*DEMO).api
    assert api.put("/actuator/down").json() == {"status": "DOWN"}
    eventually(lambda: api.get("/actuator/health").status_code == 503)
    assert api.get("/actuator/health/liveness").status_code == 503, "the kubelet restarts on liveness"
    assert api.put("/actuator/up").json() == {"status": "UP"}
    eventually(lambda: api.get("/actuator/health").status_code == 200)


def test_echo_tells_the_host(launch):
    answer = launch(*DEMO).api.get("/actuator/echo")
    assert answer.status_code == 200 and answer.text.strip()
