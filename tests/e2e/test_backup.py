"""baedal backup and restore: what is copied while customers order is what one instant left, and a system
made of it comes to rest with every promise of before that instant kept."""
import contextlib
import itertools
import json
import sqlite3
import subprocess
import threading

import pytest

from harness.command import command, environment, rebuild_mypage, run
from harness.invariants import check_everything
from harness.lmdb import rows_of
from harness.load import Load, check_promises
from harness.waiting import eventually
from test_accounts import CHEAP, PASSWORD, Installation, Script

DATABASES = {"menu.db", "order.db", "payment.db", "delivery.db"}
ACCOUNTS = "accounts.db"
VIEWS = {"mypage/generation-1", "mypage/parked"}
SKIPPED = 1_000_000


def backup(data, to):
    done = run("backup", "--to", to, "--data", data)
    assert done.returncode == 0, done.stderr
    return done.stdout


def restore(source, data, *flags):
    done = run("restore", "--from", source, "--data", data, *flags)
    assert done.returncode == 0, done.stderr


def collections(api):
    """Every resource of every service, as its own links name it."""
    strip = api.base_url
    return {name: json.loads(json.dumps(list(api.every(name))).replace(strip, ""))
            for name in ("menus", "orders", "payments", "deliveries", "mypages")}


def sqlite_rows(file):
    """Every row of every table of a SQLite file."""
    rows = {}
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        for table, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            rows[table] = sorted(map(repr, database.execute(f'SELECT * FROM "{table}"')))
    return rows


def all_rows(data):
    """Every row of every table of every file of a data folder that nobody serves from, by file and table."""
    stores = {file.name: sqlite_rows(file) for file in data.glob("*.db")}
    stores |= {str(file.parent.relative_to(data)): rows_of(file.parent) for file in data.rglob("data.mdb")}
    return {(store, table): rows for store, tables in stores.items() for table, rows in tables.items()}


def log_bytes(data):
    return b"".join(file.read_bytes()[64:] for file in sorted((data / "events").glob("*.log")))


def some_orders(api, menu, count=20):
    ids = [api.order(menu) for _ in range(count)]
    check_everything(api, ids)
    return ids


def test_orders_answered_before_a_backup_under_load_are_all_there_and_come_to_rest(launch, tmp_path):
    server = launch()
    menu = server.api.menu("Gimbab", price=4500)
    backups = []
    with Load(server.api, menu, [], seed=5) as load:
        for number in range(3):
            eventually(lambda: len(load.ordered) > 60 * (number + 1))
            promised = list(load.ordered), list(load.cancelled), list(load.completed)
            folder = tmp_path / f"backup-{number}"
            print(backup(server.data, folder))
            backups.append((folder, promised, list(load.ordered)))
        eventually(lambda: len(load.ordered) > 240)
    check_promises(server.api, load.ordered, load.cancelled, load.completed)
    server.stop()
    for number, (folder, (ordered, cancelled, completed), latest) in enumerate(backups):
        data = tmp_path / f"restored-{number}"
        restore(folder, data)
        second = launch(data=data)
        check_promises(second.api, ordered, cancelled, completed)
        there = {order["orderId"] for order in second.api.every("orders")}
        # Between two answers an order may be committed and not yet answered.
        assert len(there - set(latest)) <= len(load.threads), "orders of after the instant are there"
        assert "0 different" in rebuild_mypage(second), "the view is not what the events say"
        fresh = second.api.order(menu)
        assert fresh > SKIPPED, "an id that was given after the backup is given again"
        check_everything(second.api, [fresh])
        second.stop()


def test_a_backup_at_rest_is_the_same_in_everything(launch, tmp_path):
    server = launch()
    menu = server.api.menu("Gimbab", price=4500)
    ids = some_orders(server.api, menu)
    assert server.api.patch(f"/orders/{ids[0]}", {"status": "cancel"}).status_code == 200
    for name in ("kim", "han"):
        assert run("accounts", "add", name, "--as", "customer", "--data", server.data, *CHEAP,
                   input=f"{PASSWORD}\n").returncode == 0
    check_everything(server.api, ids)
    before = collections(server.api)
    backup(server.data, tmp_path / "backup")
    server.stop()
    rows, events = all_rows(server.data), log_bytes(server.data)
    restore(tmp_path / "backup", tmp_path / "restored", "--skip-ids", "0")
    restored = all_rows(tmp_path / "restored")
    assert {store for store, _ in rows} == DATABASES | VIEWS | {ACCOUNTS}
    assert restored.keys() == rows.keys()
    assert len(rows["mypage/generation-1", b"t:mypages"]) == len(ids) and len(rows[ACCOUNTS, "accounts"]) >= 2
    for name in rows:
        if name[1] in ("outbox", b"outbox", "table_stats"):
            continue  # what is relayed is dropped a little later
        assert restored[name] == rows[name], name
    assert log_bytes(tmp_path / "restored") == events
    assert (tmp_path / "restored/mypage/CURRENT").read_bytes() == (server.data / "mypage/CURRENT").read_bytes()
    second = launch(data=tmp_path / "restored")
    check_everything(second.api, ids)
    assert collections(second.api) == before


def test_accounts_and_their_logins_are_as_they_were_and_go_on(launch, tmp_path):
    first = Installation(launch, tmp_path)
    for name in ("kim", "han"):
        first.add(name)
    assert first.accounts("rm", "han").returncode == 0
    browser = first.browser()
    assert browser.log_in("kim").status_code == 200
    assert first.browser().log_in("kim", "wrong horse battery").status_code == 401
    backup(first.server.data, tmp_path / "backup")
    first.server.stop()
    rows = sqlite_rows(first.server.data / ACCOUNTS)
    restore(tmp_path / "backup", tmp_path / "restored", "--skip-ids", "0")
    assert sqlite_rows(tmp_path / "restored" / ACCOUNTS) == rows
    assert len(rows["login_sessions"]) == 1 and "wrong horse" not in str(rows)
    second = launch(*first.server.flags, data=tmp_path / "restored")
    goes_on = Script(second.base_url, None).post("/refresh", headers={
        "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies().items())})
    assert goes_on.status_code == 200 and goes_on.json()["subject"] == "kim"


def test_what_was_given_after_a_backup_is_not_given_again(launch, tmp_path):
    server = launch()
    menu = server.api.menu("Gimbab")
    some_orders(server.api, menu, 3)
    backup(server.data, tmp_path / "backup")
    server.stop()
    restore(tmp_path / "backup", tmp_path / "restored", "--skip-ids", "500")
    second = launch(data=tmp_path / "restored")
    assert second.api.order(menu) == 504
    check_everything(second.api)
    order = next(row for row in second.api.every("orders") if row["orderId"] == 504)
    assert order["paymentId"] > 500 and order["deliveryId"] > 500


def test_a_backup_without_a_server_and_of_a_killed_one_is_whole(launch, tmp_path):
    server = launch()
    menu = server.api.menu("Gimbab")
    ids = [server.api.order(menu) for _ in range(30)]
    server.kill()
    backup(server.data, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "restored")
    check_everything(launch(data=tmp_path / "restored").api, ids)


def test_a_backup_while_the_view_is_rebuilt_has_one_view_whole(launch, tmp_path):
    server = launch()
    ids = some_orders(server.api, server.api.menu("Gimbab"))
    rebuilding = threading.Thread(target=lambda: [rebuild_mypage(server) for _ in range(4)])
    rebuilding.start()
    taken = 0
    while rebuilding.is_alive():
        backup(server.data, tmp_path / f"backup-{taken}")
        taken += 1
    rebuilding.join()
    server.stop()
    for number in range(taken):
        restore(tmp_path / f"backup-{number}", tmp_path / f"restored-{number}")
        second = launch(data=tmp_path / f"restored-{number}")
        check_everything(second.api, ids)
        second.stop()


def test_a_restore_goes_nowhere_but_into_a_new_or_empty_folder(launch, tmp_path):
    server = launch()
    some_orders(server.api, server.api.menu("Gimbab"), 1)
    backup(server.data, tmp_path / "backup")
    again = run("backup", "--to", tmp_path / "backup", "--data", server.data)
    assert again.returncode == 1 and "not empty" in again.stderr
    over = run("restore", "--from", tmp_path / "backup", "--data", server.data)
    assert over.returncode == 1 and "not empty" in over.stderr
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "backup", tmp_path / "empty")


@pytest.mark.parametrize("victim", ["order.db", "mypage/generation-1/data.mdb", "mypage/CURRENT",
                                    "events/groups/payment.position", "MANIFEST.json"])
@pytest.mark.parametrize("harm", ["changed", "removed", "cut"])
def test_a_backup_that_was_harmed_is_refused_and_leaves_nothing(one_backup, tmp_path, victim, harm):
    source = tmp_path / "harmed"
    for file in one_backup.rglob("*"):
        if file.is_file():
            to = source / file.relative_to(one_backup)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())
    file = source / victim
    content = file.read_bytes()
    if harm == "removed":
        file.unlink()
    elif harm == "cut":
        file.write_bytes(content[:-3])
    else:
        at = content.index(b"sha256") + 11 if victim == "MANIFEST.json" else len(content) // 2
        file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
    done = run("restore", "--from", source, "--data", tmp_path / "data")
    assert done.returncode == 1 and done.stderr.startswith("baedal: "), done.stderr
    assert not (tmp_path / "data").exists() and not (tmp_path / "data.restoring").exists()


@pytest.fixture(scope="module")
def one_backup(module_launch, tmp_path_factory):
    server = module_launch()
    some_orders(server.api, server.api.menu("Gimbab"), 1)
    folder = tmp_path_factory.mktemp("backups") / "backup"
    backup(server.data, folder)
    return folder


def test_a_backup_is_for_its_owner_only(one_backup):
    for path in itertools.chain([one_backup], one_backup.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("setting, value, named", [
    ("--order.store", "postgresql://baedal@127.0.0.1/order", "PostgreSQL"),
    ("--messaging.bus", "kafka://127.0.0.1:9092/baedal", "Kafka"),
    ("--order.store", "sqlite:../elsewhere/order.db", "elsewhere/order.db")])
def test_what_is_not_in_the_data_folder_is_refused_by_name(tmp_path, setting, value, named):
    (tmp_path / "data").mkdir()
    (tmp_path / "elsewhere").mkdir()
    sqlite3.connect(tmp_path / "elsewhere" / "order.db").close()
    (tmp_path / "elsewhere" / "order.db").touch()
    done = run("backup", "--to", tmp_path / "backup", "--data", tmp_path / "data", setting, value)
    assert done.returncode == 1 and named in done.stderr, done.stderr
    assert not list(tmp_path.glob("backup*"))


def test_a_data_folder_that_is_not_there_is_no_empty_backup(tmp_path):
    done = run("backup", "--to", tmp_path / "backup", "--data", tmp_path / "nothing")
    assert done.returncode == 1 and "no data folder" in done.stderr
    done = run("restore", "--from", tmp_path / "nothing", "--data", tmp_path / "data")
    assert done.returncode == 1 and "no backup" in done.stderr


def test_a_backup_that_is_killed_holds_up_nobody_and_what_it_left_is_named(launch, tmp_path):
    server = launch()
    menu = server.api.menu("Gimbab")
    with Load(server.api, menu, [], seed=6) as load:
        for number in range(4):
            to = tmp_path / f"backup-{number}"
            victim = subprocess.Popen([*command(), "backup", "--to", str(to), "--data", str(server.data)],
                                      stdout=subprocess.DEVNULL, env=environment())
            eventually(lambda: any(tmp_path.glob(f"backup-{number}*")), pause=0.0005)
            victim.kill()
            victim.wait()
            begun = len(load.ordered)
            eventually(lambda: len(load.ordered) > begun + 20)
            left = run("backup", "--to", to, "--data", server.data)
            assert left.returncode == 1 and f"backup-{number}" in left.stderr
    check_promises(server.api, load.ordered, load.cancelled, load.completed)
