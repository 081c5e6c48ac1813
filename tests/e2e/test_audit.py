"""The audit log: a line for each change, whoever asked or ran a command and whatever came of it, and for nothing
else."""
import json
import os
import pwd

import pytest

from harness.command import run
from harness.issuer import Key, bearer
from harness.waiting import eventually
from test_accounts import CHEAP, PASSWORD, Installation

ME = f"os:{pwd.getpwuid(os.getuid()).pw_name}"


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_who_did_what_with_request_and_trace(launch, tmp_path):
    audit = tmp_path / "audit.jsonl"
    api = launch("--audit.file", audit).api
    menu = api.menu("Gimbab")
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = api.post("/orders", {"menuId": menu}, headers={
        "X-Request-Id": "mine-1", "traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    order = answer.json()["orderId"]
    api.get("/orders")
    api.patch(f"/orders/{order}", {"status": "cancel", "x": "secret"})
    api.patch("/orders/9999", {"status": "cancel"})
    told = lines(audit)
    assert [(line["method"], line["path"], line["status"], line["outcome"]) for line in told] == [
        ("POST", "/menus", 201, "done"), ("POST", "/orders", 201, "done"), ("PATCH", f"/orders/{order}", 200, "done"),
        ("PATCH", "/orders/9999", 404, "refused")]
    assert told[1]["request_id"] == "mine-1" and told[1]["trace_id"] == trace
    assert all(line["client"] == "127.0.0.1" and line["trace_id"] and line["request_id"] for line in told)
    assert "secret" not in audit.read_text()


def test_a_line_names_whoever_said_who_they_are(launch, tmp_path):
    audit = tmp_path / "audit.jsonl"
    issuer = ("--auth.issuer-key-file", Key(tmp_path / "issuer.pem", "baedal").file)
    api = launch("--profile", "standard", *issuer, "--audit.file", audit).api

    def as_one(name, role):
        return bearer(run("token", "--for", name, "--as", role, *issuer).stdout.strip())
    menu = api.post("/menus", {"menuNm": "Gimbab", "price": 4500}, headers=as_one("han", "merchant")).json()["menuId"]
    assert api.post("/orders", {"menuId": menu}, headers=as_one("kim", "customer")).status_code == 201
    assert api.get("/payments", headers=as_one("kim", "customer")).status_code == 403
    assert api.get("/orders").status_code == 401
    assert [(line["who"], line["path"], line["outcome"]) for line in lines(audit)] == [
        ("han", "/menus", "done"), ("kim", "/orders", "done"), ("kim", "/payments", "refused"), ("", "/orders", "refused")]


def test_who_logs_in_goes_on_and_out_is_named_and_a_name_that_was_only_typed_is_not(launch, tmp_path):
    audit = tmp_path / "audit.jsonl"
    installation = Installation(launch, tmp_path, "--audit.file", audit)
    installation.add("kim")
    browser = installation.browser()
    for name, password in (("kim", "wrong horse battery"), (PASSWORD, "typed in the wrong field"), ("kim", PASSWORD)):
        browser.log_in(name, password)
    left = browser.another_with({name: value for name, value in browser.cookies().items() if "refresh" in name})
    assert left.request("POST", "/refresh").status_code == 200
    assert left.request("POST", "/logout").status_code == 204
    installation.token("kim")
    assert [(line["who"], line["path"], line["outcome"]) for line in lines(audit)] == [
        ("", "/login", "refused"), ("", "/login", "refused"), ("kim", "/login", "done"), ("kim", "/refresh", "done"),
        ("kim", "/logout", "done"), ("kim", "/login", "done")]
    assert "horse" not in audit.read_text()


def test_who_ran_a_command_that_changes_accounts_or_makes_a_token_is_told(tmp_path):
    audit = tmp_path / "audit.jsonl"
    log = ("--audit.file", audit)
    store = ("--data", tmp_path / "data", *CHEAP, *log)
    run("accounts", "add", "Kim", "--as", "customer,courier", *store, input=f"{PASSWORD}\n")
    run("accounts", "add", "kim", "--as", "operator", *store, input=f"{PASSWORD}\n")
    run("accounts", "password", "kim", *store, input=f"another {PASSWORD}\n")
    run("accounts", "roles", "kim", "--as", "merchant", *store)
    run("accounts", "ls", *store)
    run("accounts", "rm", "kim", *store)
    run("accounts", "rm", "lee", *store)
    token = run("token", "--for", "han", "--as", "operator", "--auth.issuer-key-file",
                Key(tmp_path / "issuer.pem", "baedal").file, *log).stdout.strip()
    told = lines(audit)
    assert [(line["command"], line["of"], line.get("roles"), line["outcome"]) for line in told] == [
        ("accounts add", "kim", ["courier", "customer"], "done"), ("accounts add", "kim", ["operator"], "refused"),
        ("accounts password", "kim", None, "done"), ("accounts roles", "kim", ["merchant"], "done"),
        ("accounts rm", "kim", None, "done"), ("accounts rm", "lee", None, "refused"), ("token", "han", ["operator"], "done")]
    assert all(line["who"] == ME and line["time"] for line in told)
    assert token.count(".") == 2 and token not in audit.read_text() and "horse" not in audit.read_text()


def test_a_command_leaves_its_answer_alone_and_does_nothing_that_would_not_be_told(tmp_path):
    issuer = ("--auth.issuer-key-file", Key(tmp_path / "issuer.pem", "baedal").file)
    made = run("token", "--for", "han", *issuer, "--audit.file", "-")
    assert made.stdout.count(".") == 2 and json.loads(made.stderr)["of"] == "han"
    full = run("token", "--for", "han", *issuer, "--audit.file", "/dev/full")
    assert full.returncode == 1 and not full.stdout and "/dev/full" in full.stderr
    store = ("--data", tmp_path / "data", *CHEAP)
    away = run("accounts", "add", "kim", "--as", "customer", *store, "--audit.file", "/proc/none/audit", input=f"{PASSWORD}\n")
    assert away.returncode == 2 and "/proc/none/audit" in away.stderr
    assert "kim" not in run("accounts", "ls", *store).stdout


def test_lines_go_on_in_a_new_file_when_the_old_one_was_renamed(launch, tmp_path):
    audit = tmp_path / "audit.jsonl"
    api = launch("--audit.file", audit).api
    made = [api.menu("a")]
    audit.rename(tmp_path / "audit.1")
    def in_a_new_file():
        made.append(api.menu("b"))
        return audit.exists()
    eventually(in_a_new_file)
    assert len(lines(tmp_path / "audit.1")) + len(lines(audit)) == len(made)


def test_a_restart_appends(launch, tmp_path):
    audit = tmp_path / "audit.jsonl"
    server = launch("--audit.file", audit)
    server.api.menu("a")
    server.stop()
    server.start()
    server.api.menu("b")
    assert len(lines(audit)) == 2


@pytest.mark.parametrize("path", ["/proc/none/audit", "/"])
def test_a_place_that_cannot_be_written_ends_the_start(tmp_path, path):
    done = run("serve", "--port", "0", "--data", tmp_path / "data", "--audit.file", path)
    assert done.returncode == 1 and path in done.stderr


def test_lines_that_are_lost_are_counted(launch):
    server = launch("--audit.file", "/dev/full")
    server.api.menu("a")
    assert "baedal_audit_lost_total 1" in server.api.get("/actuator/prometheus").text
