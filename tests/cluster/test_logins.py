"""Who can read what: checked with clients nobody here wrote."""
import pytest

from baedal_cluster.process import ClusterError

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
