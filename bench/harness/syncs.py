"""Syncs of the disk while something else goes on there."""
import os
import threading
import time

from harness.machine import PAGE_BYTES, percentile

PAUSE_SECONDS = 0.004


class SyncsBeside:
    """Times fdatasync of one overwritten page now and then, in a thread:
        with SyncsBeside(folder) as syncs: ...
        syncs.p99_seconds()"""

    def __init__(self, folder):
        self.path = os.path.join(folder, "sync-beside")
        self.took = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _run(self):
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            page = b"\x5a" * PAGE_BYTES
            os.pwrite(file, page * 256, 0)
            os.fsync(file)
            while not self.ended.wait(PAUSE_SECONDS):
                os.pwrite(file, page, PAGE_BYTES * (len(self.took) % 256))
                begin = time.perf_counter()
                os.fdatasync(file)
                self.took.append(time.perf_counter() - begin)
        finally:
            os.close(file)
            os.unlink(self.path)

    def p99_seconds(self):
        return percentile(self.took, 0.99)
