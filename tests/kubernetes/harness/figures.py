"""What a test measured, in one line: printed, and kept for the table in docs/operations.md."""
import json
import re

from .overlay import WORK


def figure(row, sentence, **numbers):
    """`row`: of the table in docs/operations.md."""
    folder = WORK / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{re.sub('[^a-zA-Z]+', '-', row)}.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps({"row": row, "figure": sentence, **numbers}, ensure_ascii=False) + "\n")
    print(f"figure: {row}: {sentence}", flush=True)


def forget():
    for file in (WORK / "figures").glob("*.jsonl"):
        file.unlink()


def all_figures():
    for file in sorted((WORK / "figures").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
