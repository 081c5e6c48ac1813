"""Secrets stay inside. Method: a canary in every secret setting, in every URL that holds a password, and in all that
clients send or are given that lets somebody in or pays; then every output of the program is searched for it: logs at
their finest, answers, metrics, commands, errors, the command line and what a crash would leave."""
import os
import pathlib
import re
import resource
import signal

import pytest

from harness.command import ROOT, run
from harness.server import Server
from harness.waiting import eventually
from test_accounts import CHEAP, Installation

CANARY = "canary-f00d5"
DOCUMENTED = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
SECRETS = re.findall(r"^\| `([\w.-]+)` \|.* Secret\. \|$", DOCUMENTED, re.M)


def canary_of(name):
    value = f"{CANARY}-{name.replace('.', '-')}"
    return f"authorization={value}" if name.endswith("headers") else value


def variable(name, suffix=""):
    return "BAEDAL_" + re.sub(r"[.-]", "_", name).upper() + suffix


def test_there_are_secrets_to_be_kept():
    assert len(SECRETS) >= 3, SECRETS


ACTUATOR = ["/actuator", "/actuator/health", "/actuator/info", "/actuator/metrics", "/actuator/prometheus",
            "/actuator/loggers", "/actuator/gateway/routes", "/actuator/outbox", "/actuator/fleet",
            "/actuator/waiting-orders", "/nothing", "/orders?page=x"]


@pytest.mark.parametrize("by_file", [False, True], ids=["by_environment", "by_file"])
def test_no_output_of_a_running_server_shows_one(tmp_path, by_file):
    env = {}
    for name in SECRETS:
        if by_file:
            file = tmp_path / f"secret-{name}"
            file.write_text(canary_of(name) + "\n")
            env[variable(name, "_FILE")] = str(file)
        else:
            env[variable(name)] = canary_of(name)
    # A collector that is away: the exporter complains, and must not say with which headers.
    flags = ["--log.level", "trace", "--access-log.enabled", "true", "--management.health.show-details", "always",
             "--audit.file", tmp_path / "audit", "--tracing.otlp-endpoint", "http://127.0.0.1:9/v1/traces"]
    server = Server(tmp_path / "data", *flags, env=env)
    server.trouble_allowed = True
    api = server.start().api
    answers = [api.get(path) for path in ACTUATOR]
    menu = api.menu("Gimbab", price=100)
    token = api.post("/orders", {"menuId": menu, "paymentToken": f"{CANARY}-token"})
    answers += [token, api.post("/orders", {"menuId": menu, "paymentToken": {"x": f"{CANARY}-body"}}),
                api.get(f"/orders?password={CANARY}-query", headers={"Authorization": f"Bearer {CANARY}-header"})]
    eventually(lambda: "Gimbab" in api.get("/menus").text)
    # Once more, now that they could know what clients sent.
    answers += [api.get(path) for path in ACTUATOR]
    for answer in answers:
        shown = answer.text.replace(f"password={CANARY}-query", "")  # a link to itself
        assert CANARY not in shown and CANARY not in str(answer.headers), (answer.url, shown)
    commands = [("config", "print"), ("config", "check"), ("doctor", "--data", tmp_path / "data"),
                ("outbox", "ls", "--data", tmp_path / "data"), ("outbox", "ls", "--url", server.base_url),
                ("health", "--url", server.base_url), ("serve", "--port", "0", "--data", tmp_path / "data"),
                ("backup", "--to", tmp_path / "data" / "x" / "y", "--data", tmp_path / "data")]
    for arguments in commands:
        done = run(*arguments, env=env)
        assert CANARY not in done.stdout + done.stderr, (arguments, done)
    assert CANARY.encode() not in pathlib.Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
    server.stop()
    assert CANARY not in server.log_text()
    assert CANARY not in (tmp_path / "audit").read_text()


def test_what_lets_people_in_is_shown_to_nobody_else(launch, tmp_path):
    audit, password = tmp_path / "audit", f"{CANARY}-password"
    installation = Installation(launch, tmp_path, "--log.level", "trace", "--access-log.enabled", "true",
                                "--management.health.show-details", "always", "--audit.file", audit,
                                "--accounts.session-grace", "0s")
    commands = [installation.accounts("add", name, "--as", roles, password=password)
                for name, roles in (("kim", "customer"), ("han", "operator"))]
    browser = installation.browser()
    assert browser.log_in("kim", password).status_code == 200
    before = browser.cookies()
    assert len(before) == 2 and browser.request("POST", "/refresh").status_code == 200
    token = installation.token("han", password)
    given = [*before.values(), *browser.cookies().values(), token]
    # Neither they nor what they consist of, but the claims: those stand in answers to their owner.
    secrets = {CANARY, browser.csrf, *given, *(part for value in given for part in value.split(".") if len(part) > 40)}
    stolen, operator = browser.another_with(before), installation.script(token)
    answers = [browser.request("POST", "/login", json={"name": "kim", "password": f"{CANARY}-wrong"}),
               browser.request("POST", "/login", json={"name": password, "password": "in the wrong field"}),
               browser.request("POST", "/login", json={"name": "kim", "password": [password]}),
               browser.request("POST", "/login", data=f'{{"name":"kim","password":"{password}"',
                               headers={"Content-Type": "application/json"}),
               browser.request("POST", "/orders", csrf=False, json={"menuId": 1}),
               browser.request("POST", "/orders", json={"menuId": 999}), browser.request("GET", "/payments"),
               browser.request("GET", "/nothing"),
               stolen.request("POST", "/refresh"), installation.script(f"{token}x").get("/orders")]
    assert [answer.status_code for answer in answers] == [401, 401, 400, 400, 403, 422, 403, 404, 401, 401]
    answers += [operator.get(path) for path in (*ACTUATOR, "/orders", "/me")]
    shown = [(answer.url, answer.text + str(answer.headers)) for answer in answers]
    commands += [installation.accounts("password", "han", password=f"{CANARY}-another"), installation.accounts("ls")]
    commands += [run(*words, "--data", installation.server.data, *installation.own, *CHEAP, "--audit.file", audit)
                 for words in (("config", "print"), ("config", "check"), ("doctor",))]
    shown += [(str(done.args), done.stdout + done.stderr) for done in commands]
    installation.server.stop()
    shown += [("log", installation.server.log_text()), ("audit", audit.read_text())]
    assert '"who":"kim"' in audit.read_text() and "/login" in installation.server.log_text()
    for where, text in shown:
        assert not [secret for secret in secrets if secret in text], where


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(name):
    done = run("config", "check", f"--{name}", canary_of(name))
    assert done.returncode == 1 and f"{name}-file" in done.stderr, done
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize("setting, url", [
    ("order.store", f"postgresql://baedal:{CANARY}@127.0.0.1:9/order"),
    ("order.store", f"postgresql://baedal@127.0.0.1:9/order?password={CANARY}"),
    ("order.store", f"mysql://baedal:{CANARY}@127.0.0.1/order"),
    ("messaging.bus", f"kafka://baedal:{CANARY}@127.0.0.1:9/"),
    ("messaging.bus", f"amqp://baedal:{CANARY}@127.0.0.1/x")])
def test_a_password_in_a_url_is_shown_by_no_command_and_no_error(tmp_path, setting, url):
    env = {variable(setting): url}
    for arguments in (("config", "print"), ("serve", "--port", "0", "--data", tmp_path / "data"),
                      ("migrate", "--data", tmp_path / "data"), ("doctor", "--data", tmp_path / "data"),
                      ("backup", "--to", tmp_path / "backup", "--data", tmp_path)):
        done = run(*arguments, env=env, timeout=60)
        assert CANARY not in done.stdout + done.stderr, (arguments, done.stderr)


def core_of(server):
    """Ends it as a crash would; what was left of it, if anything."""
    server.process.send_signal(signal.SIGSEGV)
    server.process.wait(timeout=60)
    return [file for file in server.data.parent.iterdir() if "core" in file.name]


def test_a_crash_leaves_no_image_of_the_memory(tmp_path):
    def unlimited():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        os.chdir(tmp_path)
    server = Server(tmp_path / "data", env={variable(SECRETS[0]): canary_of(SECRETS[0])}, preexec=unlimited)
    server.trouble_allowed = True
    server.start()
    limits = pathlib.Path(f"/proc/{server.process.pid}/limits").read_text()
    assert re.search(r"Max core file size\s+0\s+0\s", limits), limits
    assert core_of(server) == []


def test_a_crash_may_leave_one_where_that_is_wanted(tmp_path):
    def unlimited():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        os.chdir(tmp_path)
    server = Server(tmp_path / "data", "--process.core-dumps", "true", preexec=unlimited)
    server.trouble_allowed = True
    server.start()
    assert "unlimited" in pathlib.Path(f"/proc/{server.process.pid}/limits").read_text().split("Max core file size")[1]
    server.kill()
