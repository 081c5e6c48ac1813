"""`baedal serve` as a child process: started on a free port, watched, and stopped as an operator
would. Stopping also checks that it ended well and that its log is clean."""
import re
import select
import signal
import subprocess
import time

from harness.api import Api
from harness.command import PATIENCE, command, environment

READY_LINE = re.compile(r"^baedal: serving on (http://\S+)$")
START_SECONDS_MAX = 90
STOP_SECONDS_MAX = 35  # the grace time and a little
# A line of level error, as text or as JSON, and what sanitizers print.
LOG_TROUBLE = re.compile(
    r"^\S+Z ERROR\b|\"level\":\s*\"error\"|AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:"
    r"|terminate called|Assertion", re.I)


class Server:
    """One run of the program on one data folder. start() again after stop() or kill() is a restart
    on the same data."""

    def __init__(self, data, *flags, log=None, env=None, preexec=None, program=None):
        self.data = data
        self.flags = [str(flag) for flag in flags]
        self.log = log or data.parent / f"{data.name}.log"
        self.env = env
        self.preexec = preexec
        self.program = program  # another build than the one under test
        self.process = None
        self.base_url = None
        self.printed = ""
        self.trouble_allowed = False  # set by tests that break things on purpose

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*([self.program] if self.program else command()), "serve", "--port", "0", "--data", str(self.data), *self.flags],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                env=environment(**PATIENCE, **(self.env or {})),
                preexec_fn=self.preexec)
        self.base_url = self._await_ready_line()
        return self

    def _await_ready_line(self):
        end = time.monotonic() + START_SECONDS_MAX
        read = b""
        while b"\n" not in read:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            chunk = self.process.stdout.read1(4096) if ready else b""
            if not chunk:
                code = self.process.poll()
                self.process.kill()
                raise AssertionError(f"not serving (exit {code}, printed {read!r}):\n{self.log_text()}")
            read += chunk
        self.printed = read.decode()  # at once with the line of TLS, if there is one
        line = self.printed.split("\n", maxsplit=1)[0]
        match = READY_LINE.match(line)
        assert match, f"the first line must tell the address, and says {line!r}"
        return match.group(1)

    @property
    def api(self):
        return Api(self.base_url)

    @property
    def port(self):
        return int(self.base_url.rsplit(":", 1)[1])

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def rss_bytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")

    def log_text(self):
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait_exit(self, seconds_max=STOP_SECONDS_MAX):
        return self.process.wait(timeout=seconds_max)

    def kill(self):
        """kill -9: what a crash leaves behind is what is on the disk."""
        self.process.kill()
        self.wait_exit()

    def stop(self):
        """SIGTERM, exit 0 within the grace time, clean log."""
        if not self.running:
            assert self.process is None or self.trouble_allowed or self.process.returncode in (0, -9), \
                f"it ended by itself ({self.process.returncode}):\n{self.log_text()[-4000:]}"
            return
        self.terminate()
        try:
            code = self.wait_exit()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not end it:\n{self.log_text()[-4000:]}") from None
        assert code == 0, f"SIGTERM ended it with {code}:\n{self.log_text()[-4000:]}"
        if not self.trouble_allowed:
            trouble = [line for line in self.log_text().splitlines() if LOG_TROUBLE.search(line)]
            assert not trouble, "its log tells of trouble:\n" + "\n".join(trouble[:20])
