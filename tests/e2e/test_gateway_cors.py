"""Pages of other origins: the gateway's globalcors on the real program.

Method: a routes file in front of a stand-in, or of the services of the same process, asked as browsers ask.
"""
import json

import pytest

from harness.stand_in import StandIn, route

SHOP = {"Origin": "https://shop.example.com"}
# As the original has it: Spring answers every cross-origin request with 500 because of it.
SEED_BLOCK = """
      globalcors:
        corsConfigurations:
          '[/**]':
            allowedOrigins:
              - "*"
            allowedMethods:
              - "*"
            allowedHeaders:
              - "*"
            allowCredentials: true
"""
SEED_ROUTES = """spring:
  profiles: docker
  cloud:
    gateway:
      routes:
        - id: menu
          uri: http://menu:8080
          predicates:
            - Path=/menus/**
"""


def preflight(api, path, method="POST", headers="content-type", origin=SHOP["Origin"]):
    return api.request("OPTIONS", path, headers={
        "Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers})


def allowed(answer):
    """The headers of CORS, without their common beginning."""
    start = "access-control-"
    return {name.lower()[len(start):]: value for name, value in answer.headers.items()
            if name.lower().startswith(start)}


@pytest.fixture
def stand_in():
    with StandIn("a") as service:
        yield service


def write(folder, instance, configurations=None):
    gateway = {"routes": [route("all", instance, predicates=["Path=/things/**"])]}
    if configurations is not None:
        gateway["globalcors"] = {"add-to-simple-url-handler-mapping": True, "cors-configurations": configurations}
    file = folder / "routes.yml"
    file.write_text(json.dumps({"spring": {"cloud": {"gateway": gateway}}}))
    return file


def test_the_block_of_the_original_lets_every_page_ask_but_without_credentials(launch, tmp_path):
    file = tmp_path / "application.yml"
    file.write_text(SEED_ROUTES + SEED_BLOCK.strip("\n"))
    server = launch("--gateway.routes-file", file)
    answer = preflight(server.api, "/menus")
    assert answer.status_code == 200 and answer.content == b""
    assert allowed(answer) == {"allow-origin": "*", "allow-methods": "POST", "allow-headers": "content-type"}
    assert answer.headers["Vary"] == "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
    for path, status in (("/menus", 200), ("/menus/999999", 404), ("/nothing", 404)):
        answer = server.api.get(path, headers=SHOP)
        assert (answer.status_code, allowed(answer)) == (status, {"allow-origin": "*"})
        assert "Origin" in answer.headers["Vary"]
    created = server.api.post("/menus", {"menuNm": "Gimbab"}, headers=SHOP)
    assert created.status_code == 201 and allowed(created) == {"allow-origin": "*"}
    assert allowed(server.api.get("/menus")) == {}
    assert allowed(server.api.get("/actuator/health", headers=SHOP)) == {}
    warnings = [line for line in server.log_text().splitlines() if "CORS for every origin" in line]
    assert len(warnings) == 1 and "line=12" in warnings[0], warnings


def test_a_page_that_is_named_reaches_a_service_elsewhere_and_another_does_not(launch, tmp_path, stand_in):
    file = write(tmp_path, stand_in, {"[/**]": {
        "allowedOriginPatterns": ["https://*.example.com"], "allowedMethods": ["GET", "PUT"],
        "allowedHeaders": ["X-Kind"], "exposedHeaders": ["X-Name"], "allowCredentials": True, "maxAge": 60}})
    api = launch("--role", "gateway", "--gateway.routes-file", file).api
    shop = {"allow-origin": SHOP["Origin"], "allow-credentials": "true"}
    assert allowed(preflight(api, "/things", "PUT", "x-kind")) == {
        **shop, "allow-methods": "GET,PUT", "allow-headers": "x-kind", "max-age": "60"}
    assert allowed(api.get("/things", headers=SHOP)) == {**shop, "expose-headers": "X-Name"}
    assert stand_in.asked == [("GET", "/things")]
    for refused in (preflight(api, "/things", "DELETE", ""), preflight(api, "/things", "PUT", "x-other"),
                    preflight(api, "/things", origin="https://example.org"),
                    api.get("/things", headers={"Origin": "https://example.org"}),
                    api.put("/things/1", {}, headers={"Origin": "null"})):
        assert refused.status_code == 403 and allowed(refused) == {}
    assert len(stand_in.asked) == 1
    own = api.get("/things", headers={"Origin": api.base_url})
    assert own.status_code == 200 and allowed(own) == {} and "Vary" not in own.headers
    stand_in.die()
    gone = api.get("/things", headers=SHOP)
    assert gone.status_code in (502, 503) and allowed(gone)["allow-origin"] == SHOP["Origin"]


def test_the_configuration_is_read_again_with_the_routes(launch, tmp_path, stand_in):
    file = write(tmp_path, stand_in)
    api = launch("--role", "gateway", "--gateway.routes-file", file).api
    closed = api.get("/things", headers=SHOP)
    assert closed.status_code == 200 and allowed(closed) == {}
    write(tmp_path, stand_in, {"[/things/**]": {"allowedOrigins": [SHOP["Origin"]]}})
    assert api.post("/actuator/gateway/refresh").status_code == 200
    assert allowed(api.get("/things", headers=SHOP)) == {"allow-origin": SHOP["Origin"]}
    write(tmp_path, stand_in, {"[/things/**]": {"allowedOrigin": ["*"]}})
    refused = api.post("/actuator/gateway/refresh")
    assert refused.status_code == 400 and "allowedOrigin" in refused.text
    assert allowed(api.get("/things", headers=SHOP)) == {"allow-origin": SHOP["Origin"]}
