"""One process of the program: an instance of a role."""
import http.client
import os
import signal
import subprocess
import time

from .process import ClusterError, die_with_parent, tail, wait_until

STOP_SECONDS_MAX = 40  # its own grace time, and a little
EARLY_SECONDS = 10  # who ends sooner after its start has not recovered
RESTART_PAUSE_SECONDS_MAX = 10


class Instance:
    """start() after stop() or kill() is the same instance again: same port, same data."""

    def __init__(self, name, role, port, command, log, environment, pid_file=None):
        self.name = name
        self.role = role
        self.port = port
        self.command = [str(word) for word in command]
        self.log = log
        self.environment = environment
        self.pid_file = pid_file
        self.process = None
        self.started_at = 0.0
        self.soon_ended = 0  # times in a row
        self.asked_to_stop = False

    @classmethod
    def seen_from_outside(cls, name, port):
        """Of a process that another supervisor started: only what its address tells."""
        return cls(name, "", port, (), None, None)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self):
        return self.process.pid if self.running else None

    def start(self):
        """From a thread that lives as long as the process shall: it is killed when that ends."""
        if self.running:
            return self
        self.started_at = time.monotonic()
        self.asked_to_stop = False
        with open(self.log or "/dev/stderr", "ab") as log:
            # A session of its own: Ctrl-C is for the supervisor, which ends them in order.
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment, start_new_session=True, preexec_fn=die_with_parent)
        if self.pid_file:
            self.pid_file.write_text(str(self.process.pid))
        return self

    def ask_to_stop(self):
        """SIGTERM, once: a second one ends it at once, with requests in hand."""
        if self.running and not self.asked_to_stop:
            self.asked_to_stop = True
            self.process.terminate()

    def stop(self):
        """SIGTERM, and waits: what is in hand is finished first."""
        if not self.running:
            return
        self.ask_to_stop()
        try:
            self.process.wait(timeout=STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired as late:
            self.process.kill()
            raise ClusterError(f"{self.name} did not stop within {STOP_SECONDS_MAX} s.") from late

    def kill(self):
        if self.running:
            self.process.kill()
            self.process.wait()

    def pause_before_restart(self):
        """Seconds, asked once it has ended: none after a good end, more after each early one."""
        early = time.monotonic() - self.started_at < EARLY_SECONDS
        self.soon_ended = self.soon_ended + 1 if early else 0
        if self.process.returncode == 0:
            return 0.0
        return min(0.1 * 2 ** min(self.soon_ended, 10), RESTART_PAUSE_SECONDS_MAX)

    def signal(self, number):
        """SIGSTOP and SIGCONT halt it and let it go on."""
        if self.running:
            os.kill(self.process.pid, number)

    def halt(self):
        self.signal(signal.SIGSTOP)

    def go_on(self):
        self.signal(signal.SIGCONT)

    def status_of(self, path="/actuator/health/readiness"):
        """The status it answers, or None."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None
        except http.client.HTTPException:
            return None
        finally:
            connection.close()

    @property
    def ready(self):
        return self.running and self.status_of() == 200

    def await_ready(self, seconds_max=60):
        def is_ready():
            if self.process is not None and self.process.poll() is not None:
                raise ClusterError(f"{self.name} ended with {self.process.returncode}:\n{tail(self.log)}")
            return self.ready
        wait_until(is_ready, seconds_max, f"{self.name} is not ready; its log: {self.log}")
        return self

    def state(self):
        """A word for the operator."""
        if self.process is None:
            return "not started"
        code = self.process.poll()
        if code is not None:
            return f"ended ({code})" if code >= 0 else f"killed ({signal.Signals(-code).name})"
        return self.state_word()

    def state_word(self):
        """What its answer to the readiness question means."""
        status = self.status_of()
        if status == 200:
            return "ready"
        return "starting" if status is None else "not ready"
