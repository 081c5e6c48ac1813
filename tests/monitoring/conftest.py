"""The repository, copies of it to plant faults in, and scrapes of the real program."""
import shutil

import pytest
import requests

from harness import certificates
from harness.command import ROOT, run
from harness.issuer import Key, bearer
from harness.server import Server
from harness.waiting import eventually
from scraping import Scrape

SCRAPED = "/actuator/prometheus"


@pytest.fixture(name="planted")
def fixture_planted(tmp_path):
    """plant(path, old, new): a copy of what these tests read, with one text replaced in it."""
    def plant(path, old, new):
        root = tmp_path / "planted"
        for folder in ("deploy", "docs/runbooks"):
            shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        text = (root / path).read_text(encoding="utf-8")
        assert old in text, f"{path} does not say {old!r}, which was to be replaced"
        (root / path).write_text(text.replace(old, new), encoding="utf-8")
        return root
    return plant


@pytest.fixture(scope="session", name="servers")
def fixture_servers(tmp_path_factory):
    """Processes that together export everything: one of all roles, a gateway without anybody behind
    it, an order service whose neighbours and whose Kafka are elsewhere, and one that asks who calls,
    by TLS and with an audit log."""
    folder = tmp_path_factory.mktemp("scraped")
    nobody = "http://127.0.0.1:9"
    everything = Server(folder / "all")
    gateway = Server(folder / "gateway", "--role", "gateway", "--gateway.instances", f"order={nobody},delivery={nobody}")
    order = Server(folder / "order", "--role", "order", "--menu.url", nobody, "--delivery.url", nobody,
                   "--messaging.bus", "kafka://127.0.0.1:9/nothing", "--kafka.connect-timeout", "1ms")
    certificate, tls_key = certificates.make(folder / "tls")
    issuer = ("--auth.issuer-key-file", Key(folder / "issuer.pem", "baedal").file)
    closed = Server(folder / "closed", "--profile", "standard", *issuer, "--accounts.login-burst", "1",
                    "--tls.port", "0", "--tls.certificate-file", certificate, "--tls.key-file", tls_key,
                    "--audit.file", folder / "audit.jsonl")
    closed.token = token(*issuer)
    servers = [everything, gateway, order, closed]
    for server in servers:
        server.trouble_allowed = True
        server.start()
    yield servers
    for server in servers:
        server.kill()


def token(*issuer):
    done = run("token", "--for", "kim", "--as", "customer", *issuer)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="session", name="scraped")
def fixture_scraped(servers):
    """What a scrape finds after a little of everything."""
    return scrape(play(servers))


@pytest.fixture(scope="session", name="scraped_by_the_agent")
def fixture_scraped_by_the_agent(servers):
    return scrape(play(servers), "?histograms=false")


def play(servers):
    everything, gateway, _, closed = servers
    api = everything.api
    menu = api.menu("Gimbab", price=4500)
    api.started_order(menu)
    api.await_order(api.order(menu, paymentToken="tok_decline"), status="cancel")
    assert gateway.api.post("/orders", {"menuId": menu}).status_code == 503
    assert gateway.api.get("/orders/1").status_code == 503
    assert closed.api.post("/orders", {"menuId": 1, "qty": 1}).status_code == 401
    assert closed.api.post("/menus", {"menuNm": "Gimbab"}, headers=bearer(closed.token)).status_code == 403
    logins = [closed.api.post("/login", {"name": "kim", "password": "wrong horse battery"}) for _ in range(2)]
    assert logins[-1].status_code == 429
    eventually(lambda: "baedal_orders_waiting_oldest_age_seconds" in api.get(SCRAPED).text)
    return servers


def scrape(servers, query=""):
    answers = [requests.get(server.base_url + SCRAPED + query, timeout=10) for server in servers]
    return Scrape(*(answer.text for answer in answers))
