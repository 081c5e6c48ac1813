"""A small tree to plant a fault in, and a check to run on it."""
import pathlib
import subprocess

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "script"


def plant(root, files):
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if path.startswith(("script/", ".ci/")):
            file.chmod(0o755)


def run(check, root):
    """(exit code, the violations it printed)."""
    done = subprocess.run([SCRIPTS / check, root], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()
