"""Every instance of every service is restarted, one after the other, while customers use the gateway:
nobody notices."""
import json
import re
import subprocess
import threading

SIEGE_SECONDS = 60


def siege(url, seconds, clients, urls_file, folder):
    """What siege reports, as a dict."""
    resource = folder / "siegerc"
    resource.write_text("verbose = false\nshow-logfile = false\nlogging = false\njson_output = true\n"
                        "connection = keep-alive\nfailures = 100000\ntimeout = 30\n")
    urls_file.write_text("".join(line.replace("BASE", url) + "\n" for line in (
        "BASE/orders POST {\"menuId\":1,\"menuNm\":\"Gimbab\",\"qty\":1}",
        "BASE/orders?size=5&sort=orderId,desc",
        "BASE/menus/1", "BASE/mypages?size=5", "BASE/deliveries?size=5", "BASE/payments?size=5")))
    done = subprocess.run(
        ["siege", "-R", str(resource), f"-c{clients}", f"-t{seconds}S", "--content-type=application/json",
         "-d", "0.05", "-i", "-f", str(urls_file)],
        capture_output=True, text=True, check=False, timeout=seconds + 60)
    report = re.search(r"\{.*\}", done.stdout, re.S)
    assert report, done.stdout + done.stderr
    return json.loads(report.group(0))


def test_a_rolling_restart_of_everything_is_not_noticed(cluster, api, tmp_path):
    assert api.menu("Gimbab", price=4500) == 1
    report = {}
    customers = threading.Thread(target=lambda: report.update(
        siege(cluster.url, SIEGE_SECONDS, 20, tmp_path / "urls", tmp_path)))
    customers.start()
    rounds = 0
    while customers.is_alive():
        before = {instance.name: instance.pid for instance in cluster.instances if instance.role != "gateway"}
        cluster.rolling_restart()
        assert all(cluster[name].pid != pid for name, pid in before.items())
        rounds += 1
    customers.join()
    assert rounds >= 1
    assert report["transactions"] > 1000, report
    assert report["failed_transactions"] == 0 and float(report["availability"]) == 100.0, report
