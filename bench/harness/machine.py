"""What the machine says: CPU of process trees, CPU of everybody else, memory, syncs of the disk."""
import os
import resource
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = 4096


def _stat(pid):
    """(parent, user+sys seconds of the process and of its children that have ended), or None."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), sum(int(field) for field in fields[11:15]) / TICKS


def tree_cpu_seconds(*roots):
    """user+sys of these processes and all below them, the ended ones too."""
    known = {int(pid): stat for pid in os.listdir("/proc") if pid.isdigit() and (stat := _stat(pid))}
    children = {}
    for pid, (parent, _) in known.items():
        children.setdefault(parent, []).append(pid)
    waiting, total = [pid for pid in roots if pid in known], 0.0
    while waiting:
        pid = waiting.pop()
        total += known[pid][1]
        waiting += children.get(pid, [])
    return total


def thread_cpu_seconds(pid):
    """user+sys by thread name."""
    seconds = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/stat", encoding="ascii", errors="replace") as file:
                head, _, rest = file.read().rpartition(")")
        except OSError:
            continue
        name, fields = head.partition("(")[2], rest.split()
        seconds[name] = seconds.get(name, 0) + (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


def own_cpu_seconds():
    """This process and the load generators it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _machine_cpu_seconds():
    """What programs used, and what a hypervisor took. Interrupts are left out: those of this run's own
    network are not told from others'."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(field) for field in file.readline().split()[1:]]
    user, nice, system, steal = fields[0], fields[1], fields[2], fields[7]
    return (user + nice + system + steal) / TICKS


class Quiet:
    """How much of the machine others used while something ran:
        watch = Quiet(server_pids); ...; watch.foreign_share()"""

    def __init__(self, server_pids):
        self.server_pids = server_pids
        self.began = self._read()

    def _read(self):
        own = tree_cpu_seconds(*self.server_pids) + own_cpu_seconds()
        return time.monotonic(), _machine_cpu_seconds(), own

    def foreign_share(self):
        elapsed, machine, own = (now - then for now, then in zip(self._read(), self.began))
        return max(0.0, machine - own) / (elapsed * os.cpu_count())


def memory_bytes(pid, field):
    """`field` of /proc/PID/status: VmRSS now, VmHWM the highest so far."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {field} of {pid}")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def sync_p99_seconds(folder, seconds=0.7, samples_max=2000):
    """The 99th percentile of fdatasync after overwriting one page, as a log of a database does."""
    path = os.path.join(folder, "sync-probe")
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        page = b"\x5a" * PAGE_BYTES
        os.pwrite(file, page * 256, 0)
        os.fsync(file)
        took, end = [], time.monotonic() + seconds
        while len(took) < samples_max and time.monotonic() < end:
            os.pwrite(file, page, PAGE_BYTES * (len(took) % 256))
            begin = time.perf_counter()
            os.fdatasync(file)
            took.append(time.perf_counter() - begin)
    finally:
        os.close(file)
        os.unlink(path)
    return percentile(took, 0.99)


def is_memory_disk(folder):
    """Whether a sync there costs nothing, so that nothing durable can be measured."""
    best, kind = "", ""
    with open("/proc/mounts", encoding="utf-8") as file:
        for line in file:
            _, mount, filesystem = line.split()[:3]
            inside = os.path.realpath(folder) == mount or os.path.realpath(folder).startswith(
                mount.rstrip("/") + "/")
            if inside and len(mount) >= len(best):
                best, kind = mount, filesystem
    return kind in ("tmpfs", "ramfs")
