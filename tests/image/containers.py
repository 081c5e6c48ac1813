"""Docker as the tests use it. DOCKER is the client, IMAGE_BUILD what builds an image: `docker` and
`docker build` unless the environment says otherwise."""
import json
import os
import pathlib
import shlex
import subprocess
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENT = shlex.split(os.environ.get("DOCKER", "docker"))
# Locked down as in deploy/: what works so works everywhere.
HARDENED = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true", "--tmpfs", "/tmp"]


def why_no_docker():
    """A sentence when no image can be built and run here; else None."""
    try:
        answer = subprocess.run([*CLIENT, "info"], capture_output=True, text=True, timeout=60, check=False)
    except OSError as error:
        return f"{CLIENT[0]} cannot be run: {error.strerror}"
    return None if answer.returncode == 0 else f"no Docker daemon: {(answer.stderr or answer.stdout).strip()[-200:]}"


def run(command, check=True, **options):
    """The finished process; its output is text. Failures say what was printed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=900, check=False,
                          cwd=ROOT, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done


def docker(*arguments, check=True):
    return run([*CLIENT, *arguments], check=check)


def inspect(thing):
    return json.loads(docker("inspect", thing).stdout)[0]


def await_true(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what()
        time.sleep(0.1)


class Container:
    """Removed with its volumes at the end of the `with`. Open to whoever is inside, unless `options`
    say otherwise."""

    def __init__(self, image, *command, options=()):
        self.name = f"baedal-test-{uuid.uuid4().hex[:12]}"
        docker("run", "-d", "--name", self.name, *HARDENED, "-e", "BAEDAL_AUTH_MODE=open-inside", *options, image,
               *command)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        docker("rm", "-f", "-v", self.name, check=False)

    @property
    def state(self):
        return inspect(self.name)["State"]

    def logs(self):
        done = docker("logs", self.name, check=False)
        return done.stdout + done.stderr

    def exec(self, *command, check=True):
        return docker("exec", self.name, *command, check=check)

    def await_healthy(self, seconds=60):
        def healthy():
            state = self.state
            assert state["Running"], f"{self.name} ended with {state['ExitCode']}:\n{self.logs()}"
            return state["Health"]["Status"] == "healthy"
        await_true(healthy, seconds, lambda: f"{self.name} is not healthy: {self.state['Health']}\n{self.logs()}")
        return self

    def stop_by(self, signal):
        """The exit code after that signal."""
        docker("kill", "-s", signal, self.name)
        return int(docker("wait", self.name).stdout)
