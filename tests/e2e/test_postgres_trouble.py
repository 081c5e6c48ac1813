"""PostgreSQL goes away, cuts connections, only reads, takes nobody in: writes and reads are refused
fast with 503 and Retry-After, the process lives, is not ready meanwhile, and is ready again by itself;
no order answered 201 is lost, and none is made twice.

Method: all services of one process on a server of this file's own, with syncs, under load. A request
that is not answered within the clients' time limit fails the test.
"""
import subprocess
import threading

import pytest
import requests

from harness import mixtures
from harness.api import Api, assert_problem
from harness.command import command, environment, run
from harness.invariants import check_everything
from harness.postgres import PostgresServer, ports
from harness.server import Server
from harness.waiting import eventually

CLIENTS = 8
ANSWER_SECONDS_MAX = 8
ENOUGH = 40  # answers of one kind that show where things stand


@pytest.fixture(scope="module")
def postgres():
    with PostgresServer() as server:
        mixtures.prepare(server)
        yield server


@pytest.fixture
def system(postgres, tmp_path):
    """A process whose stores are all in `postgres`; its log may tell of trouble."""
    server = Server(tmp_path / "data", "--management.health.show-details", "always",
                    env=mixtures.stores("postgres", postgres, tmp_path / "data"))
    server.trouble_allowed = True
    yield server.start()
    server.stop()


class Load:
    """Clients that order and read without end; what they were answered."""

    def __init__(self, api):
        self.api, self.menu = api, api.menu("Gimbab", price=4500)
        self.ordered, self.refused, self.failures = [], [], []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._client) for _ in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _client(self):
        while not self.stop.is_set():
            try:
                answer = self.api.post("/orders", {"menuId": self.menu}, timeout=ANSWER_SECONDS_MAX)
                if answer.status_code == 201:
                    self.ordered.append(answer.json()["orderId"])
                else:
                    self._refused(answer)
                answer = self.api.get("/orders?size=1", timeout=ANSWER_SECONDS_MAX)
                if answer.status_code != 200:
                    self._refused(answer)
            except (requests.RequestException, AssertionError) as failure:
                self.failures.append(repr(failure))
                return

    def _refused(self, answer):
        assert_problem(answer, 503)
        assert int(answer.headers["Retry-After"]) >= 1
        assert "127.0.0.1" not in answer.text and "postgres" not in answer.text.lower()
        self.refused.append(answer)
        self.stop.wait(0.01)  # a client that minds Retry-After would wait longer

    def await_more(self, answers, count=ENOUGH):
        """Until that many more orders are taken (or refused)."""
        before = len(answers)
        eventually(lambda: self.failures or len(answers) >= before + count)
        assert not self.failures, self.failures[:3]


def probe(api, group):
    answer = api.get(f"/actuator/health/{group}", timeout=ANSWER_SECONDS_MAX)
    return answer.status_code, answer.json()["status"]


def outage(system, begin, end):
    """Load, trouble, load; then everything is as promised."""
    with Load(system.api) as load:
        load.await_more(load.ordered)
        begin()
        load.await_more(load.refused)
        eventually(lambda: probe(system.api, "readiness") == (503, "DOWN"))
        assert probe(system.api, "liveness") == (200, "UP")
        end()
        eventually(lambda: probe(system.api, "readiness") == (200, "UP"))
        load.await_more(load.ordered)
    assert not load.failures, load.failures[:3]
    assert system.running
    check_everything(system.api, load.ordered)


def test_a_server_that_crashes_under_load_and_comes_back(system, postgres):
    outage(system, postgres.kill, postgres.start)


def test_a_server_that_only_reads_during_a_fail_over(system, postgres):
    def only_reads(word):
        for service in mixtures.SERVICES:
            postgres.sql(f'ALTER ROLE "{service}" SET default_transaction_read_only = {word}')
        postgres.cut_all()
    outage(system, lambda: only_reads("on"), lambda: only_reads("off"))


def test_a_server_that_takes_no_more_connections(system, postgres):
    def limit(connections):
        for service in mixtures.SERVICES:
            postgres.sql(f'ALTER ROLE "{service}" CONNECTION LIMIT {connections}')
        postgres.cut_all()
    outage(system, lambda: limit(0), lambda: limit(-1))


def test_connections_cut_again_and_again_under_load(system, postgres):
    with Load(system.api) as load:
        for _ in range(10):
            load.await_more(load.ordered, 10)
            postgres.cut_all()
        load.await_more(load.ordered)
    assert not load.failures, load.failures[:3]
    eventually(lambda: probe(system.api, "readiness") == (200, "UP"))
    check_everything(system.api, load.ordered)


def test_an_idle_process_notices_that_its_server_is_gone(system, postgres):
    def down():
        components = system.api.get("/actuator/health/readiness").json()["components"]
        return {name for name, component in components.items() if component["status"] == "DOWN"}
    postgres.stop(immediate=True)
    eventually(lambda: down() == {f"{service}Store" for service in mixtures.SERVICES})
    assert probe(system.api, "liveness") == (200, "UP")
    postgres.start()
    eventually(lambda: probe(system.api, "readiness") == (200, "UP"))


def test_a_start_without_its_server_waits_alive_and_not_ready_and_begins_when_it_is_there(postgres, tmp_path):
    port = ports.take()
    server = Server(tmp_path / "data", "--startup.patience", "1m", "--port", port,
                    env=mixtures.stores("postgres", postgres, tmp_path / "data"))
    server.trouble_allowed = True
    postgres.stop(immediate=True)
    starting = threading.Thread(target=server.start)
    starting.start()
    waiting = Api(f"http://127.0.0.1:{port}")
    try:
        eventually(lambda: answered(lambda: probe(waiting, "readiness")) == (503, "OUT_OF_SERVICE"))
        assert probe(waiting, "liveness") == (200, "UP")
        refused = waiting.post("/orders", {"menuId": 1})
        assert_problem(refused, 503)
        assert refused.headers["Retry-After"] == "1"
    finally:
        postgres.start()
        starting.join()
    assert server.base_url == waiting.base_url
    eventually(lambda: probe(server.api, "readiness") == (200, "UP"))
    assert "the start waits" in server.log_text() and "cannot be reached" in server.log_text()
    server.stop()


def test_a_start_that_waits_can_be_ended(postgres, tmp_path):
    away = mixtures.stores("postgres", postgres, tmp_path / "data")
    away = {name: url.replace(f":{postgres.port}/", ":9/") for name, url in away.items()}
    process = subprocess.Popen([*command(), "serve", "--port", "0", "--data", tmp_path / "data",
                                "--startup.patience", "1h"], env=environment(**away),
                               stderr=subprocess.PIPE, text=True)
    said = process.stderr.readline() + process.stderr.readline()  # the first: that it is open
    assert "the start waits" in said
    process.terminate()
    assert process.wait(timeout=20) == 0
    process.stderr.close()


def answered(question):
    """Its answer; None while nobody listens."""
    try:
        return question()
    except requests.ConnectionError:
        return None


def test_one_key_at_two_processes_at_the_same_moment_makes_one_order(system, postgres, tmp_path):
    """The second process plays the order role alone, on the order database of the first."""
    stores = mixtures.stores("postgres", postgres, system.data)
    other = Server(tmp_path / "other", "--role", "order", "--menu.url", system.base_url,
                   "--delivery.url", system.base_url, env=stores)
    other.start()
    try:
        menu = system.api.menu("Gimbab", price=4500)
        eventually(lambda: other.api.post("/orders", {"menuId": menu, "qty": 2}).status_code == 201)
        before = len(list(system.api.every("orders")))
        for number in range(20):
            answers = post_at_once([system.api, other.api], {"menuId": menu}, f"key-{number}")
            assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
            assert answers[0].json()["orderId"] == answers[1].json()["orderId"]
            assert sorted("Idempotent-Replayed" in answer.headers for answer in answers) == [False, True]
            answer = other.api.post("/orders", {"menuId": menu, "qty": 3}, headers={"Idempotency-Key": f"key-{number}"})
            assert_problem(answer, 422)
        assert len(list(system.api.every("orders"))) == before + 20
        check_everything(system.api)
    finally:
        other.stop()


def post_at_once(apis, body, key):
    gate, answers = threading.Barrier(len(apis)), [None] * len(apis)

    def post(number):
        gate.wait()
        def answered():
            answers[number] = apis[number].post("/orders", body, headers={"Idempotency-Key": key})
            return answers[number].status_code != 409  # 409: the first is still running
        eventually(answered)

    threads = [threading.Thread(target=post, args=(number,)) for number in range(len(apis))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_password_in_a_store_url_is_shown_nowhere(postgres, tmp_path):
    canary = postgres.password("order")
    stores = mixtures.stores("postgres", postgres, tmp_path / "data")
    assert canary in stores["BAEDAL_ORDER_STORE"]
    server = Server(tmp_path / "data", "--management.health.show-details", "always", "--log.level", "debug",
                    "--access-log.enabled", "true", env=stores)
    server.trouble_allowed = True
    api = server.start().api
    shown = [run("config", "print", env=stores).stdout]
    assert "//order:***@127.0.0.1" in shown[0]
    postgres.stop(immediate=True)
    eventually(lambda: probe(api, "readiness") == (503, "DOWN"))
    shown += [api.get(path).text for path in ("/orders", "/actuator/health", "/actuator/info", "/actuator/prometheus",
                                              "/actuator/outbox")]
    refusals = [run(*words, "--data", server.data, env=stores)
                for words in (["doctor"], ["migrate"], ["outbox", "ls"], ["serve", "--port", "0"])]
    assert all(refusal.returncode != 0 for refusal in refusals)
    assert "order: The database cannot be reached" in refusals[1].stderr, "the operator is told which, and why"
    postgres.start()
    for broken in (stores["BAEDAL_ORDER_STORE"].replace(canary, f"{canary}@{canary}/x"),
                   stores["BAEDAL_ORDER_STORE"].replace("postgresql:", "mysql:"),
                   stores["BAEDAL_ORDER_STORE"].replace(canary, f"{canary}-wrong")):
        refusals.append(run("migrate", "--data", server.data, env=stores | {"BAEDAL_ORDER_STORE": broken}))
        refusals.append(run("config", "print", env={"BAEDAL_ORDER_STORE": broken}))
    server.stop()
    shown += [text for refusal in refusals for text in (refusal.stdout, refusal.stderr)] + [server.log_text()]
    assert not [text for text in shown if canary in text]


def test_the_operators_commands_work_on_a_database(postgres, tmp_path):
    stores = mixtures.stores("postgres", postgres, tmp_path / "data")
    for _ in range(2):
        assert run("migrate", "--data", tmp_path / "data", env=stores).returncode == 0
    server = Server(tmp_path / "data", env=stores).start()
    server.api.started_order(server.api.menu("Gimbab"))
    for words in (["doctor"], ["outbox", "ls"]):
        done = run(*words, "--data", server.data, env=stores)  # beside the running server
        assert done.returncode == 0, done.stdout + done.stderr
    server.stop()
