"""Runs inside the pod `tools`: stands before the service delivery on port 8081 and lets cancels wait as long
as the file /tmp/delay says ("0.8 1.02", seconds from and to), looked at each half second."""
import pathlib
import time

from harness.slow_delivery import SlowDelivery

DELAY = pathlib.Path("/tmp/delay")

with SlowDelivery(8080, host="delivery", listen=("0.0.0.0", 8081)) as slow:
    print("standing", flush=True)
    while DELAY.exists():
        slow.delay = tuple(map(float, DELAY.read_text(encoding="ascii").split()))
        time.sleep(0.5)
