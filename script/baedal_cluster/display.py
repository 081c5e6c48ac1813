"""The state of every process, for the operator's eyes."""
import sys


class Display:
    """On a terminal a table that is drawn again when it changes; elsewhere a line per change."""

    def __init__(self, cluster, out=sys.stderr):
        self.cluster = cluster
        self.out = out
        self.states = {}
        self.lines_drawn = 0

    def update(self):
        states = rows_of(self.cluster)
        if states == self.states:
            return
        if self.out.isatty():
            self._redraw(states)
        else:
            for name, row in states.items():
                if self.states.get(name) != row:
                    self.out.write(line_of(name, row) + "\n")
        self.out.flush()
        self.states = states

    def keep_what_stands(self):
        """Others have written below the table: the next one goes under that."""
        self.lines_drawn = 0

    def _redraw(self, states):
        if self.lines_drawn:
            self.out.write(f"\x1b[{self.lines_drawn}F\x1b[J")
        text = table_of(states)
        self.out.write(text)
        self.lines_drawn = text.count("\n")


def rows_of(cluster):
    """{name: (state, where, pid)} of every process."""
    rows = {
        "postgresql": ("ready" if cluster.postgres.running else "away", f"127.0.0.1:{cluster.postgres.port}", ""),
        "kafka": ("ready" if cluster.kafka.running else "away", cluster.kafka.address, ""),
    }
    for instance in cluster.instances:
        state = "held" if cluster.held(instance.name) and not instance.running else instance.state()
        rows[instance.name] = (state, instance.url, str(instance.pid or ""))
    return rows


def line_of(name, row):
    state, where, pid = row
    return f"{name:<12} {state:<18} {where:<24} {pid}".rstrip()


def table_of(rows):
    heading = line_of("process", ("state", "where", "pid"))
    return "\n".join([heading, *(line_of(name, row) for name, row in rows.items())]) + "\n"
