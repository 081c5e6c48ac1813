"""What README.md tells a newcomer to type works: its httpie lines are played here on a real server,
in their order, and script/server is started as it says."""
import os
import re
import select
import shlex
import signal
import subprocess
import time

import pytest

from harness.api import Api
from harness.command import ROOT, environment
from harness.waiting import eventually

SHELL_BLOCK = re.compile(r"^```(?:sh|bash|shell|console)[^\n]*\n(.*?)^```", re.M | re.S)
START_SECONDS_MAX = 170


def shell_lines():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line.strip().removeprefix("$ ") for block in SHELL_BLOCK.findall(text) for line in block.splitlines()]
    return [re.sub(r"\s+#.*$", "", line) for line in lines if line and not line.startswith("#")]


def httpie_lines():
    return [line for line in shell_lines() if line.startswith("http ")]


def test_the_readme_shows_the_story_in_httpie_lines():
    assert len(httpie_lines()) >= 5


def test_the_httpie_lines_of_the_readme_all_succeed_in_order(launch):
    server = launch()

    def play(line):
        """One line, with our port for the one the README shows."""
        words = shlex.split(line.replace("localhost:8080", f"localhost:{server.port}").replace(" :8080/", f" :{server.port}/"))
        done = subprocess.run([words[0], "--ignore-stdin", "--check-status", *words[1:]],
                              capture_output=True, text=True, timeout=60, check=False)
        return done.returncode == 0

    placed = 0
    for line in httpie_lines():
        # A person reads the answer before typing on: by then the delivery has started. Deliveries are numbered as
        # they start, which over several partitions is the order of the orders only one after the other.
        eventually(lambda line=line: play(line) or None if "PATCH" in line else _once(play, line))
        if "/orders " in line and "PATCH" not in line:
            placed += 1
            eventually(lambda number=placed: server.api.get(f"/deliveries/{number}").status_code == 200)


def _once(play, line):
    assert play(line), line
    return True


@pytest.mark.skipif("BAEDAL_E2E_COMMAND" in os.environ, reason="script/server serves this checkout only")
def test_script_server_passes_its_arguments_on_and_serves(tmp_path):
    data = tmp_path / "data"
    process = subprocess.Popen([ROOT / "script" / "server", "--port", "0", "--data", str(data)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=environment(), start_new_session=True)
    try:
        ready, _, _ = select.select([process.stdout], [], [], START_SECONDS_MAX)
        line = process.stdout.readline() if ready else ""
        match = re.match(r"baedal: serving on (http://\S+)", line)
        assert match, f"{line!r} {process.poll()}"
        assert Api(match.group(1)).await_up()["status"] == "UP"
        assert data.is_dir()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        end = time.monotonic() + 35
        process.communicate(timeout=max(1, end - time.monotonic()))
    assert process.returncode == 0, "script/server must become the server, so that signals reach it"
