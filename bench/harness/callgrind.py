"""What callgrind wrote, a file per thread: instructions with all that was called, and allocations."""
import collections
import re

ALLOCATORS = ("malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc")
NEW = "operator new(unsigned long)"


class Thread:
    """One file: for each call from one function to another how often, and what it cost."""

    def __init__(self, path):
        self.instructions = 0
        self.calls = collections.Counter()
        self.costs = collections.Counter()
        names, caller, edge = {}, None, None
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if edge:  # the line behind calls=: where, and the cost of all the calls
                    self.costs[edge] += int(line.split()[1])
                    edge = None
                elif line.startswith(("fn=", "cfn=")):
                    number, name = re.match(r"c?fn=\((\d+)\)(?: (.*))?", line).groups()
                    if name:
                        names[number] = re.sub(r"'\d+$", "", name.strip())
                    if line.startswith("fn="):
                        caller = names[number]
                    else:
                        callee = names[number]
                elif line.startswith("calls="):
                    edge = (caller, callee)
                    self.calls[edge] += int(line[6:].split()[0])
                elif line.startswith("totals:"):
                    self.instructions = int(line.split()[1])

    def runs(self, function):
        return any(function in caller for caller, _ in self.calls)

    def cost(self, functions):
        """Instructions of calls into any of these from anywhere else, with all they call."""
        def is_one(name):
            return any(function in name for function in functions)
        return sum(cost for (caller, callee), cost in self.costs.items()
                   if is_one(callee) and not is_one(caller))

    def allocators(self):
        """How often each function asked for memory, the most first."""
        asked = collections.Counter()
        for (caller, callee), count in self.calls.items():
            if callee == NEW or callee in ALLOCATORS and caller != NEW:
                asked[caller] += count
        return asked.most_common()


class Profile:
    """The files of one run."""

    def __init__(self, folder, name):
        threads = [Thread(path) for path in sorted(folder.glob(f"{name}-*"))]
        self.threads = sorted(threads, key=lambda thread: -thread.instructions)

    def thread_of(self, function):
        """The busiest thread that runs it."""
        for thread in self.threads:
            if thread.runs(function):
                return thread
        raise RuntimeError(f"no thread runs {function}")
