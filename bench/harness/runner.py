"""Runs a row: rounds until enough of them were quiet, within a time that has an end."""
import contextlib
import os
import pathlib
import signal
import tempfile
import traceback

from harness import result
from harness.machine import is_memory_disk
from harness.rounds import Wrong

SETUP_SECONDS_MAX = 600
ROUNDS_MIN = 3


class TooLong(Exception):
    pass


def run_row(row, given):
    """The lines of the row's result."""
    if row.needs_disk and is_memory_disk(given.dir):
        return result.lines_without(row, f"{given.dir} is in memory, where a sync costs nothing; "
                                    "choose --dir", correct=True)
    with tempfile.TemporaryDirectory(prefix="baedal-bench-", dir=given.dir) as name:
        os.chmod(name, 0o755)  # PostgreSQL's user passes through
        try:
            with ended_after(seconds_max(row, given)):
                return counted(row, given, pathlib.Path(name))
        except Wrong as wrong:
            return result.lines_without(row, str(wrong), correct=False)
        except Exception as error:  # the rows behind it are still of interest
            traceback.print_exc()
            return result.lines_without(row, f"{type(error).__name__}: {error}", correct=False)


def counted(row, given, folder):
    # A busy machine gets a second chance for each round, not more: a run has an end.
    tries = given.rounds if given.even_if_noisy else 2 * given.rounds
    good, dropped, noisy = [], 0, 0
    with contextlib.closing(row.measure(given, folder)) as rounds:
        for number, one in zip(range(1, tries + 1), rounds):
            dirty = one.dirty_slices(given.foreign_max)
            told = ", ".join(f"{share:.0%} in {name}" for name, share in dirty.items())
            if dirty and not given.even_if_noisy:
                dropped += 1
                print(f"round {number:2}: dropped, others used the machine: {told}", flush=True)
                continue
            noisy += bool(dirty)
            good.append(one)
            print(f"round {number:2}: {line_of(one)}" + (f"  NOISY: {told}" if dirty else ""), flush=True)
            if len(good) == given.rounds:
                break
    needed = min(given.rounds, max(ROUNDS_MIN, (given.rounds + 1) // 2))
    if len(good) < needed:
        return result.lines_without(
            row, f"only {len(good)} quiet rounds of {len(good) + dropped}, {needed} are needed. Run it on a "
            "quiet machine, or with --even-if-noisy.", correct=True, rounds=len(good), dropped=dropped)
    if good[0].record:
        print(f"{'for the record, of this machine now':46} {'median':>9} {'min':>9} {'max':>9}")
        result.print_record(good)
    return result.lines_of(row, good, dropped=dropped, noisy=noisy)


def line_of(one):
    def told(figures):
        return ", ".join(f"{result.LABELS.get(name, name)} {value:.3g}" for name, value in figures.items())

    return "; ".join([told(one.figures), *(f"{key}: {told(figures)}" for key, figures in one.also.items())])


def seconds_max(row, given):
    return SETUP_SECONDS_MAX + 2 * given.rounds * (4 * given.seconds + row.round_seconds_max)


@contextlib.contextmanager
def ended_after(seconds):
    def end(_signal, _frame):
        raise TooLong(f"the row took longer than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(int(seconds))
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
