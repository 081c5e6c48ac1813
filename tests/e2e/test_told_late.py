"""A delivery may be told to be complete a while after it was: by a courier who had no network."""
from datetime import datetime, timedelta, timezone

from harness.api import assert_problem
from harness.waiting import eventually


def test_it_is_complete_since_when_it_is_said_to_be_and_so_says_everybody(api):
    order = api.started_order(api.menu("Gimbab", price=4500))
    line = api.await_mypage(order["orderId"], paymentStatus="paid", deliveryStatus="started")
    pressed = datetime.fromisoformat(line["updatedAt"].replace("Z", "+00:00")) + timedelta(milliseconds=5)
    eventually(lambda: datetime.now(timezone.utc) > pressed + timedelta(milliseconds=5))
    path = f"/deliveries/{order['deliveryId']}"
    assert api.read(path)["completedAt"] is None
    told = {"status": "complete", "completedAt": pressed.isoformat()}
    completed = api.patch(path, told, headers={"Idempotency-Key": "pressed"})
    assert completed.status_code == 200, completed.text
    shown = pressed.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert completed.json()["completedAt"] == shown < completed.json()["updatedAt"]
    again = api.patch(path, told, headers={"Idempotency-Key": "pressed"})
    assert again.headers["Idempotent-Replayed"] == "true" and again.json() == completed.json()
    assert api.read(path) == completed.json()
    assert api.await_mypage(order["orderId"], deliveryStatus="complete")["updatedAt"] == shown


def test_without_a_time_it_is_complete_since_it_was_heard(api):
    path = f"/deliveries/{api.started_order(api.menu('Gimbab'))['deliveryId']}"
    before = api.read(path)
    completed = api.patch(path, {"status": "complete"}).json()
    assert before["createdAt"] <= completed["completedAt"] <= completed["updatedAt"]
    # Told again, in either format, it keeps its time.
    told = {"status": "complete", "completedAt": before["createdAt"]}
    assert api.patch(path, told).json()["completedAt"] == completed["completedAt"]
    operations = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in told.items()]
    again = api.patch(path, operations, headers={"Content-Type": "application/json-patch+json"})
    assert again.status_code == 200, again.text
    assert again.json()["completedAt"] == completed["completedAt"]


def test_a_time_at_which_it_cannot_have_been_is_refused_and_changes_nothing(api):
    path = f"/deliveries/{api.started_order(api.menu('Gimbab'))['deliveryId']}"
    now = datetime.now(timezone.utc)
    for off in (timedelta(hours=-25), timedelta(hours=-1), timedelta(hours=1)):
        refused = api.patch(path, {"status": "complete", "completedAt": (now + off).isoformat()})
        assert assert_problem(refused, 422)["code"] == "completed-at-impossible"
    assert_problem(api.patch(path, {"status": "complete", "completedAt": "noon"}), 400)
    assert api.read(path)["status"] == "started"
