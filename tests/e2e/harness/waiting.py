"""The one place of the suite that sleeps: bounded polling for a condition."""
import time

WAIT_SECONDS_MAX = 60.0
PAUSE_SECONDS = 0.02


def eventually(check, seconds_max=WAIT_SECONDS_MAX, pause=PAUSE_SECONDS):
    """Calls `check` until it gives something true without failing; gives that. After `seconds_max`
    the last failure is the test's failure."""
    end = time.monotonic() + seconds_max
    while True:
        failure = None
        try:
            value = check()
            if value:
                return value
        except AssertionError as error:
            failure = error
        if time.monotonic() >= end:
            raise failure or AssertionError(f"still {value!r} after {seconds_max} s")
        time.sleep(pause)
