"""Every role is rolled out anew, one after another, and rolled back, under siege through the gateway's
Service: every request is answered, and no order is lost or doubled."""
import time

from harness.figures import figure
from harness.kubectl import eventually
from harness.siege import Siege
from harness.system import ROLES

CLIENTS = 20  # of siege, as in the seed
COFFEE = 'http://gateway:8080/menus POST {"menuNm":"Coffee"}'


def test_a_rolling_update_of_every_role_and_a_roll_back_are_not_noticed(distributed):
    begun = time.monotonic()
    with distributed.orders_placed(clients=6) as placed, Siege(distributed, CLIENTS, COFFEE, pace="--delay=0.1") as siege:
        for role in ROLES:
            distributed.kubectl("set", "image", f"deployment/{role}", f"{role}={distributed.images['next']}")
            distributed.rolled_out(f"deployment/{role}")
            await_gone(distributed, role)
        for role in ("order", "gateway"):
            distributed.kubectl("rollout", "undo", f"deployment/{role}")
            distributed.rolled_out(f"deployment/{role}")
            await_gone(distributed, role)
    seconds = time.monotonic() - begun
    assert not placed.failures, (len(placed.failures), placed.failures[:5])
    assert siege.figures["availability"] == 100.0, siege.figures
    assert siege.figures["failed_transactions"] == 0, siege.figures
    there = distributed.check_promises(placed.orders, seconds_max=180)
    assert there >= len(placed.orders)
    images = {pod["spec"]["containers"][0]["image"] for role in ("menu", "payment", "delivery", "mypage")
              for pod in distributed.pods(role)}
    assert images == {distributed.images["next"]}
    figure("zero-downtime", f"siege -c{CLIENTS} for {seconds:.0f} s while all six roles were updated and two rolled back: "
           f"{siege.figures['transactions']:.0f} requests, Availability {siege.figures['availability']:.2f} %; beside it "
           f"{len(placed.orders)} orders, each there once, 0 failed, longest answer {placed.longest:.2f} s",
           seconds=seconds, availability=siege.figures["availability"], requests=siege.figures["transactions"],
           orders=len(placed.orders), longest=placed.longest)


def await_gone(system, role):
    """Until the old pods have ended as well: their last moments count."""
    eventually(lambda: len(system.pods(role, with_dying=True)) == len(system.pods(role)), 90)
