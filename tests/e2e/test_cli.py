"""The command line: every subcommand does its work on real data, and every mistake is answered with
a sentence that names it."""
import json
import re
import time

import pytest

from harness.command import rebuild_mypage, run

SUBCOMMANDS = ["serve", "roles", "migrate", "outbox", "projection", "config", "doctor", "demo",
               "health", "sleep", "backup", "restore", "token", "accounts"]
ROLES = ["menu", "order", "payment", "delivery", "mypage", "gateway"]


def out(*arguments, **options):
    done = run(*arguments, **options)
    assert done.returncode == 0, f"{arguments}: {done.returncode} {done.stderr}"
    return done.stdout


def refused(*arguments, **options):
    """The sentence of a refused command line; it must not have started anything."""
    done = run(*arguments, timeout=20, **options)
    assert done.returncode > 0, f"{arguments}: {done.returncode} {done.stdout}"
    assert "terminate called" not in done.stderr
    return done.stderr


def test_version_is_a_number():
    assert re.search(r"\b\d+\.\d+\.\d+\b", out("--version"))


def test_help_names_every_subcommand():
    text = out("--help")
    for subcommand in SUBCOMMANDS:
        assert re.search(rf"^\s+{subcommand}\b", text, re.M), subcommand


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_every_subcommand_has_its_help(subcommand):
    assert subcommand in out(subcommand, "--help")


def test_roles_are_listed_with_what_they_do():
    text = out("roles")
    for role in ROLES:
        assert re.search(rf"^\s*{role}\s+\S", text, re.M), role


@pytest.mark.parametrize("arguments", [["fly"], ["serve", "--fly"], ["outbox", "fly"], ["projection", "rebuild", "orders"],
                                       ["serve", "--role", "cook"]])
def test_an_unknown_word_is_refused_and_named(arguments, tmp_path):
    if arguments[0] == "serve":
        arguments = [*arguments, "--data", tmp_path / "data", "--port", "0"]
    said = refused(*arguments)
    assert re.search(r"fly|cook|orders", said), said


@pytest.mark.parametrize("name, value", [
    ("http.port", "70000"), ("http.port", "-1"), ("http.port", "eighty"), ("http.body-bytes-max", "0"),
    ("http.header-timeout", "soon"), ("http.links", "sideways"), ("http.representation", "pretty"),
    ("management.demo-endpoints", "perhaps"), ("store.queue-max", "0"), ("http.address", "here"),
    ("http.no-such-thing", "1")])
def test_a_bad_setting_ends_the_start_with_its_name(tmp_path, name, value):
    data = tmp_path / "data"
    said = refused("serve", "--data", data, f"--{name}", value)
    assert name in said, said
    variable = "BAEDAL_" + name.upper().replace(".", "_").replace("-", "_")
    said = refused("serve", "--port", "0", "--data", data, env={variable: value})
    assert name in said or variable in said, said
    file = tmp_path / "baedal.yaml"
    section, key = name.split(".", 1)
    file.write_text(f"{section}:\n  {key}: {value}\n")
    said = refused("serve", "--port", "0", "--data", data, "--config.file", file)
    assert name in said and file.name in said, said
    assert not data.exists(), "nothing was begun"


def test_a_mistyped_setting_is_answered_with_the_nearest_one(tmp_path):
    assert "http.links" in refused("serve", "--port", "0", "--data", tmp_path / "data", "--http.linkz", "service")


def test_config_check_tells_right_from_wrong(tmp_path):
    good = tmp_path / "good.yaml"
    good.write_text("http:\n  port: 9090\n")
    out("config", "check", "--config.file", good)
    bad = tmp_path / "bad.yaml"
    bad.write_text("http:\n  port: many\n  colour: red\n")
    said = refused("config", "check", "--config.file", bad)
    assert "http.port" in said and "http.colour" in said, "all mistakes at once"
    assert "missing.yaml" in refused("config", "check", "--config.file", tmp_path / "missing.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("http: [\n")
    assert "broken.yaml" in refused("config", "check", "--config.file", broken)


def test_config_print_shows_values_and_where_they_came_from(tmp_path):
    file = tmp_path / "baedal.yaml"
    file.write_text("log:\n  level: warn\n")
    text = out("config", "print", "--config.file", file, "--http.links", "service", env={"BAEDAL_HTTP_PORT": "9191"})
    port = next(line for line in text.splitlines() if "9191" in line)
    assert "BAEDAL_HTTP_PORT" in port
    assert "baedal.yaml" in next(line for line in text.splitlines() if re.search(r"\bwarn\b", line))
    assert "--http.links" in next(line for line in text.splitlines() if re.search(r"\bservice\b", line) and "links" in line)


def test_config_print_can_be_read_back(tmp_path):
    file = tmp_path / "printed.yaml"
    file.write_text(out("config", "print", "--http.port", "9393"))
    assert "9393" in out("config", "print", "--config.file", file)


def test_config_docs_has_every_setting_once():
    text = out("config", "docs")
    for name in ("http.port", "data.dir", "http.links", "shutdown.grace", "log.level"):
        assert name in text
    assert text.startswith("# ")


def test_flags_win_over_environment_and_environment_over_the_file(launch, tmp_path):
    file = tmp_path / "baedal.yaml"
    file.write_text("http:\n  representation: seed\n  links: service\nmanagement:\n  demo-endpoints: true\n")
    server = launch("--config.file", file, "--http.representation", "full", env={"BAEDAL_HTTP_LINKS": "forwarded"})
    menu = server.api.post("/menus", {"menuNm": "X"}).json()
    assert "version" in menu, "the flag wins over the file"
    assert menu["_links"]["self"]["href"].startswith(server.base_url), "the environment wins over the file"
    assert server.api.get("/actuator/echo").status_code == 200, "the file wins over the default"


def test_migrate_makes_the_databases_and_may_be_repeated(tmp_path):
    data = tmp_path / "data"
    out("migrate", "--data", data)
    made = sorted(file.name for file in data.rglob("*"))
    assert made
    out("migrate", "--data", data)
    assert sorted(file.name for file in data.rglob("*")) == made


def test_migrate_makes_the_database_of_the_chosen_role_alone(tmp_path):
    done = run("migrate", "--role", "order", "--data", tmp_path / "data")
    assert (done.returncode, done.stdout) == (0, "order      up to date\n"), "it needs no menu for that"
    assert not list((tmp_path / "data").glob("menu*"))
    assert out("doctor", "--role", "order", "--data", tmp_path / "data").count("store") == 1


def test_doctor_is_content_with_a_healthy_folder_and_names_a_sick_one(launch, tmp_path):
    server = launch()
    server.api.started_order(server.api.menu("Gimbab"))
    server.stop()
    assert out("doctor", "--data", server.data).strip()
    database = next(file for file in sorted(server.data.rglob("*")) if file.is_file() and file.read_bytes()[:6] == b"SQLite")
    database.write_bytes(b"\x5a" * database.stat().st_size)
    done = run("doctor", "--data", server.data)
    assert done.returncode > 0
    assert database.name in done.stdout + done.stderr


def test_outbox_ls_shows_nothing_waiting_when_all_went_out(launch):
    server = launch()
    server.api.started_order(server.api.menu("Gimbab"))
    server.stop()
    done = run("outbox", "ls", "--data", server.data)
    assert done.returncode == 0, done.stderr
    assert "Ordered" not in done.stdout


@pytest.mark.parametrize("arguments", [["outbox", "ls"], ["outbox", "retry"], ["outbox", "park", "--id", "1"]])
def test_outbox_commands_on_a_folder_that_is_not_there_say_so(tmp_path, arguments):
    said = refused(*arguments, "--data", tmp_path / "nowhere")
    assert said.strip()


def test_projection_rebuild_says_how_many_rows_it_made(launch):
    server = launch()
    menu = server.api.menu("Gimbab")
    order_ids = [server.api.started_order(menu)["orderId"] for _ in range(7)]
    server.api.await_mypage(order_ids[-1], deliveryStatus="started", paymentStatus="paid")
    assert re.search(r"\b7\b", rebuild_mypage(server))


def test_projection_rebuild_without_a_server_says_so():
    said = refused("projection", "rebuild", "mypage", "--url", "http://127.0.0.1:9")
    assert "127.0.0.1:9" in said


def test_demo_plays_the_seeds_story_on_a_running_server(launch):
    server = launch()
    text = out("demo", "--url", server.base_url)
    for word in ("Gimbab", "Juice", "ordered", "started", "complete", "cancel"):
        assert word in text, word
    orders = server.api.read("/orders")["_embedded"]["orders"]
    assert sorted((order["status"], order["deliveryStatus"]) for order in orders) == [
        ("cancel", "cancelled"), ("ordered", "complete")]


def test_demo_without_a_server_says_what_to_do():
    said = refused("demo", "--url", "http://127.0.0.1:9")
    assert "serve" in said or "script/server" in said, said


def test_sleep_is_back_after_its_seconds_and_takes_no_others():
    begun = time.monotonic()
    assert out("sleep", "1") == ""
    assert time.monotonic() - begun >= 1
    for wrong in ("-1", "3601", "soon"):
        assert wrong in refused("sleep", wrong)


def test_serve_prints_one_line_on_stdout_and_logs_to_stderr(launch):
    server = launch("--log.format", "json", "--access-log.enabled", "true")
    server.api.read("/menus")
    server.stop()
    lines = server.log_text().splitlines()
    assert lines and all(isinstance(json.loads(line), dict) for line in lines)


def test_a_port_in_use_is_refused_with_the_port(launch, tmp_path):
    server = launch()
    said = refused("serve", "--port", server.port, "--data", tmp_path / "other")
    assert str(server.port) in said, said


@pytest.mark.parametrize("flags, word", [
    ((), "--profile dev"),
    (("--http.address", "0.0.0.0"), "auth.jwks"),
    (("--profile", "dev", "--http.address", "0.0.0.0"), "loopback"),
    (("--auth.mode", "open-inside", "--http.address", "203.0.113.7"), "public address"),
    (("--auth.issuer", "i", "--auth.jwks", "/nowhere/jwks.json"), "/nowhere/jwks.json"),
    (("--auth.issuer", "i", "--auth.jwks", "https://id.test/jwks", "--auth.jwks-ca-file", "/nowhere/ca.pem"), "/nowhere/ca.pem")])
def test_what_would_be_open_to_strangers_or_closed_to_all_does_not_start(tmp_path, flags, word):
    data = tmp_path / "data"
    said = refused("serve", "--port", "0", "--data", data, *flags, env={"BAEDAL_PROFILE": "standard"})
    assert word in said, said
    assert not data.exists() or not any(data.iterdir()), "nothing was begun"
