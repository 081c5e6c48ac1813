"""A view whose files are gone is made again from the topic, while others go on serving."""
import shutil

from harness.api import Api
from harness.invariants import check_everything
from harness.waiting import eventually
from test_rebalance import rows_of


def test_a_view_whose_files_were_deleted_is_made_again_and_equals_the_others(cluster, api):
    menu = api.menu("Gimbab", price=4500)
    orders = [api.order(menu) for _ in range(100)]
    for order in orders[:10]:
        api.started_order(menu)
        assert api.patch(f"/orders/{order}", {"status": "cancel"}).status_code in (200, 409)
    lost, kept = cluster.of("mypage")
    lost.stop()
    shutil.rmtree(cluster.data / "instances" / lost.name / "mypage")
    orders += [api.order(menu) for _ in range(20)]
    assert Api(cluster.url).get("/mypages").status_code == 200, "the other instance serves meanwhile"
    lost.start().await_ready()

    check_everything(api, orders)

    def same():
        made_again, others = rows_of(lost), rows_of(kept)
        assert made_again == others, f"{len(made_again)} of {len(others)} rows"
        return len(others) >= len(orders)
    eventually(same, pause=0.2)
