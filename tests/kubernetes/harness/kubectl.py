"""kubectl, as the environment names it: KUBECTL, `kubectl` by default, which goes by KUBECONFIG."""
import json
import os
import shlex
import subprocess
import time

COMMAND = shlex.split(os.environ.get("KUBECTL", "kubectl"))


class KubectlError(Exception):
    """What kubectl said when it failed."""


def kubectl(*arguments, stdin=None, seconds_max=120, check=True):
    """Runs kubectl to its end; gives what it printed."""
    done = subprocess.run([*COMMAND, *map(str, arguments)], input=stdin, capture_output=True, text=True,
                          timeout=seconds_max, check=False)
    if check and done.returncode != 0:
        raise KubectlError(f"kubectl {' '.join(map(str, arguments))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout if check else done


def started(*arguments):
    """The same without waiting for its end: the Popen, whose output is to be read."""
    return subprocess.Popen([*COMMAND, *map(str, arguments)], text=True, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def reachable():
    """Why there is no cluster to test on; None when there is one."""
    try:
        done = kubectl("version", "--request-timeout=5s", "-o", "json", check=False, seconds_max=30)
    except (OSError, subprocess.TimeoutExpired) as failure:
        return str(failure)
    if done.returncode != 0 or "serverVersion" not in done.stdout:
        return (done.stderr.strip().splitlines() or ["no server"])[-1]
    return None


def api_versions():
    return set(kubectl("api-versions").split())


def read(*arguments):
    return json.loads(kubectl(*arguments, "-o", "json"))


def eventually(question, seconds_max=120, pause=0.5, what=None):
    """Waits for a true answer and gives it. KubectlErrors on the way count as no."""
    end = time.monotonic() + seconds_max
    answer = last = None
    while time.monotonic() < end:
        try:
            answer = question()
        except KubectlError as failure:
            answer, last = None, failure
        if answer:
            return answer
        time.sleep(pause)
    raise AssertionError(f"not within {seconds_max} s: {what() if callable(what) else what or question} "
                         f"(last answer {answer!r}, last error {last})")
