"""Several gateways whose accounts are in one PostgreSQL, as in deploy/kubernetes/components/accounts: they come up
together on an empty database, and a login and a lock at one of them hold at the other."""
import concurrent.futures

import pytest

from harness.command import run
from harness.issuer import Key
from harness.postgres import PostgresServer
from test_accounts import CHEAP, PASSWORD, Script

WRONG = "wrong horse battery"


@pytest.fixture(scope="module", name="shared")
def fixture_shared():
    with PostgresServer("fsync=off") as postgres:
        yield postgres, ("--accounts.store", postgres.database("accounts"))


@pytest.fixture(name="gateways")
def fixture_gateways(launch, shared, tmp_path):
    postgres, store = shared
    key = Key(tmp_path / "issuer.pem", "baedal")
    flags = ("--profile", "standard", "--role", "gateway", "--auth.issuer-key-file", key.file, *store, *CHEAP,
             "--accounts.failures-max", "2")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        started = list(pool.map(lambda name: launch(*flags, data=tmp_path / name, env=postgres.environment("accounts")),
                                ("first", "second")))
    return [Script(server.base_url, None) for server in started]


def add(shared, name):
    postgres, store = shared
    done = run("accounts", "add", name, "--as", "customer", *store, *CHEAP, input=f"{PASSWORD}\n",
               env=postgres.environment("accounts"))
    assert done.returncode == 0, done.stderr


def log_in(gateway, name, password=PASSWORD):
    return gateway.post("/login", {"name": name, "password": password, "as": "token"})


def test_gateways_that_share_a_database_know_the_same_accounts(gateways, shared):
    first, second = gateways
    add(shared, "kim")
    answer = log_in(first, "kim")
    assert answer.status_code == 200, answer.text
    assert Script(second.base_url, answer.json()["accessToken"]).read("/me")["subject"] == "kim"
    assert log_in(second, "kim").status_code == 200


def test_a_lock_at_one_gateway_holds_at_the_other(gateways, shared):
    first, second = gateways
    add(shared, "han")
    for _ in range(2):
        assert log_in(first, "han", WRONG).status_code == 401
    assert log_in(second, "han").status_code == 401, "locked"
