"""The system as clients see it that nobody here wrote: wrk at the gateway, kcat at the topic, psql at
the tables; and that no service's login sees another's."""
import json
import re
import subprocess

import pytest

from baedal_cluster.process import ClusterError
from harness.invariants import check_everything
from harness.waiting import eventually
from topic import events_by_order, header

SERVICES = ("menu", "order", "payment", "delivery")


def login(cluster, role):
    return cluster.options.database(role)


def test_psql_reads_each_services_own_tables(cluster, api):
    menu = api.menu("Gimbab", price=4500)
    order = api.started_order(menu)
    name = login(cluster, "order")
    row = cluster.postgres.psql(name, f"SELECT id, status FROM orders WHERE id = {order['orderId']}", user=name)
    assert row.strip() == f"{order['orderId']}|ordered"


@pytest.mark.parametrize("reader", SERVICES)
@pytest.mark.parametrize("owner", SERVICES)
def test_no_service_enters_anothers_database(cluster, reader, owner):
    attempt = lambda: cluster.postgres.psql(login(cluster, owner), "SELECT 1", user=login(cluster, reader))
    if reader == owner:
        assert attempt().strip() == "1"
    else:
        with pytest.raises(ClusterError, match="pg_hba.conf|permission denied"):
            attempt()


def wrk(cluster, path, folder, script="", seconds=4, connections=32):
    """Requests a second loads the gateway; gives (requests, what wrk complains of)."""
    (folder / "wrk.lua").write_text(script)
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(folder / "wrk.lua"),
                           cluster.url + path], capture_output=True, text=True, check=True)
    requests = int(re.search(r"(\d+) requests in", done.stdout).group(1))
    return requests, re.findall(r"Non-2xx.*|Socket errors.*", done.stdout)


def test_wrk_orders_and_reads_through_the_gateway_without_one_error(cluster, api, tmp_path):
    menu = api.menu("Gimbab", price=4500)
    post = (f'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
            f'wrk.body = \'{{"menuId":{menu},"menuNm":"Gimbab","qty":1}}\'\n')
    ordered, complaints = wrk(cluster, "/orders", tmp_path, post)
    assert ordered > 100 and not complaints, (ordered, complaints)
    read, complaints = wrk(cluster, "/mypages?size=5", tmp_path)
    assert read > 100 and not complaints, (read, complaints)
    # wrk leaves up to one order per connection unanswered at its end.
    assert ordered <= len(check_everything(api, seconds_max=120)) <= ordered + 64


def test_kcat_sees_the_seeds_fields_and_cloud_events_headers(cluster, api):
    order = api.started_order(api.menu("Gimbab"), qty=2)["orderId"]
    eventually(lambda: {event["type"] for event in events_by_order(cluster.records())[order]}
               >= {"Ordered", "Paid", "DeliveryStarted"}, pause=0.2)
    record = next(record for record in cluster.records()
                  if record["key"] == str(order) and header(record, "ce_type") == "Ordered")
    seeds = json.loads(record["payload"])
    assert (seeds["eventType"], seeds["id"], seeds["qty"], seeds["status"]) == ("Ordered", order, 2, "ordered")
    assert re.fullmatch(r"\d{14}", seeds["timestamp"])
    assert header(record, "type") == "Ordered"
    for name in ("ce_specversion", "ce_id", "ce_source", "ce_time", "ce_subject"):
        assert header(record, name)
