"""One round: the same seconds for each of the three, one after the other, and what came of it."""
import dataclasses

import load
import machine

CATCH_UP_SECONDS_MAX = 120
CONNECTIONS = 64


class Wrong(Exception):
    """The program did something wrong: no figure of this run counts."""


@dataclasses.dataclass
class Round:
    baedal_rate: float
    nginx_rate: float
    pgbench_rate: float
    rate_to_nginx: float
    rate_to_pgbench: float
    cpu_to_nginx: float  # while orders are taken; the chain behind runs on the same machine
    whole_cpu_to_nginx: float  # until the chain has caught up: all work an order makes
    p99_to_sync: float
    baedal_micros: float  # CPU per order, as cpu_to_nginx
    whole_micros: float
    nginx_micros: float
    pgbench_micros: float
    sync_p99_ms: float
    catch_up_seconds: float
    backlog: int  # orders not yet on their way when the load ended
    backlog_per_second: float
    io_share: float  # of baedal's CPU in the slice, its I/O thread's
    foreign: dict  # share of the machine that others used, by slice

    def dirty_slices(self, share_max):
        return {name: share for name, share in self.foreign.items() if share > share_max}


class Peers:
    def __init__(self, baedal, nginx, postgres, folder):
        self.baedal, self.nginx, self.postgres, self.folder = baedal, nginx, postgres, folder

    def pids(self):
        return [self.baedal.pid, self.nginx.pid, self.postgres.pid]

    def run(self, seconds):
        quiet = machine.Quiet(self.pids())
        sync_p99 = machine.sync_p99_seconds(self.folder)
        foreign = {"sync": quiet.foreign_share()}
        orders, chain = self.orders_slice(seconds, foreign)
        bodies, nginx_cpu = self.nginx_slice(seconds, foreign)
        pgbench_rate, pgbench_cpu = self.pgbench_slice(seconds, foreign)
        return Round(
            baedal_rate=orders.rate, nginx_rate=bodies.rate, pgbench_rate=pgbench_rate,
            rate_to_nginx=orders.rate / bodies.rate, rate_to_pgbench=orders.rate / pgbench_rate,
            cpu_to_nginx=chain["cpu"] / nginx_cpu, whole_cpu_to_nginx=chain["whole_cpu"] / nginx_cpu,
            p99_to_sync=orders.p99_seconds / sync_p99, baedal_micros=chain["cpu"] * 1e6,
            whole_micros=chain["whole_cpu"] * 1e6, nginx_micros=nginx_cpu * 1e6,
            pgbench_micros=pgbench_cpu * 1e6, sync_p99_ms=sync_p99 * 1e3,
            catch_up_seconds=chain["seconds"], backlog=chain["backlog"],
            backlog_per_second=chain["backlog"] / seconds, io_share=chain["io_share"], foreign=foreign)

    def orders_slice(self, seconds, foreign):
        """The load, then the wait until its consequences are done; both are checked."""
        baedal = self.baedal
        before = baedal.totals()
        cpu = machine.tree_cpu_seconds(baedal.pid)
        threads = machine.thread_cpu_seconds(baedal.pid)
        quiet = machine.Quiet(self.pids())
        orders = load.post_orders(port_of(baedal.address), seconds, CONNECTIONS)
        foreign["orders"] = quiet.foreign_share()
        cpu_of_load = machine.tree_cpu_seconds(baedal.pid) - cpu
        threads = used_since(threads, machine.thread_cpu_seconds(baedal.pid))
        after = baedal.totals()
        catch_up_seconds = baedal.await_caught_up(CATCH_UP_SECONDS_MAX)
        whole_cpu = machine.tree_cpu_seconds(baedal.pid) - cpu
        self.check(orders, before["orders"], after["orders"], catch_up_seconds)
        kept = after["orders"] - before["orders"]
        return orders, {
            "cpu": cpu_of_load / kept, "whole_cpu": whole_cpu / kept, "seconds": catch_up_seconds,
            "backlog": max(0, after["orders"] - after["deliveries"]),
            "io_share": sum(used for name, used in threads.items() if name.startswith("baedal-io")) /
                        max(sum(threads.values()), 1e-9)}

    def check(self, orders, before, after, catch_up_seconds):
        if orders.errors:
            raise Wrong(f"{orders.errors} of {orders.requests} orders were refused or broken")
        kept = after - before
        # When the load stops, each connection may have a request that is kept and not counted.
        if not orders.requests <= kept <= orders.requests + CONNECTIONS:
            raise Wrong(f"{orders.requests} orders were answered 201, {kept} exist")
        if catch_up_seconds is None:
            raise Wrong(f"after {CATCH_UP_SECONDS_MAX} s the chain has not caught up: "
                        f"{self.baedal.totals()}, {self.baedal.figures('baedal_bus_lag')}")
        if self.baedal.parked():
            raise Wrong(f"{self.baedal.parked():.0f} events were parked")

    def nginx_slice(self, seconds, foreign):
        cpu = machine.tree_cpu_seconds(self.nginx.pid)
        quiet = machine.Quiet(self.pids())
        bodies = load.post_orders(self.nginx.port, seconds, CONNECTIONS)
        foreign["nginx"] = quiet.foreign_share()
        if bodies.errors:
            raise Wrong(f"nginx had {bodies.errors} errors")
        return bodies, (machine.tree_cpu_seconds(self.nginx.pid) - cpu) / bodies.requests

    def pgbench_slice(self, seconds, foreign):
        cpu = machine.tree_cpu_seconds(self.postgres.pid)
        quiet = machine.Quiet(self.pids())
        rate, count = self.postgres.transactions_per_second(seconds)
        foreign["pgbench"] = quiet.foreign_share()
        return rate, (machine.tree_cpu_seconds(self.postgres.pid) - cpu) / count


def used_since(before, after):
    return {name: seconds - before.get(name, 0) for name, seconds in after.items()}


def port_of(address):
    return int(address.rsplit(":", 1)[1])
