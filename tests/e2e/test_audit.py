"""The audit log: a line for each change, whoever asked and whatever came of it, and for nothing else."""
import json

import pytest

from harness.command import run
from harness.issuer import Key, bearer
from harness.waiting import eventually


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
