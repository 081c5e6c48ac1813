"""People log in, from outside, on the real program: the command that keeps accounts, the browser's way
(cookies over TLS, X-CSRF-Token), the script's way (a token), and what ends a login.

Method: one server with an issuer of its own; accounts are made by `baedal accounts` beside it while it
runs. Argon2 is set to its least, so that the tests are about what happens, not how long it takes.
"""
import re
import stat

import pytest
import requests

from harness.api import Api, assert_problem, describe
from harness.certificates import make
from harness.command import run
from harness.issuer import Key, bearer

PASSWORD = "correct horse battery"
CHEAP = ("--accounts.argon2-memory", "8MiB", "--accounts.argon2-passes", "1")


class Installation:
    """A server with accounts and TLS, and the command beside it."""

    def __init__(self, launch, folder, *flags, burst=1000):
        self.certificate, key = make(folder / "tls")
        self.own = ("--auth.issuer-key-file", Key(folder / "issuer.pem", "baedal").file)
        self.server = launch("--profile", "standard", *self.own, *CHEAP, "--accounts.login-burst", burst,
                             "--tls.port", "0", "--tls.certificate-file", self.certificate, "--tls.key-file", key, *flags)
        port = re.search(r"https://\S+:(\d+)", self.server.printed).group(1)
        self.url = f"https://localhost:{port}"

    def accounts(self, *words, password=None):
        return run("accounts", *words, "--data", self.server.data, *CHEAP, input=f"{password}\n" if password else "")

    def add(self, name, roles="customer", password=PASSWORD):
        done = self.accounts("add", name, "--as", roles, password=password)
        assert done.returncode == 0, done.stderr

    def browser(self):
        return Browser(self)

    def script(self, token=None):
        return Script(self.server.base_url, token)

    def token(self, name, password=PASSWORD):
        answer = self.script().post("/login", {"name": name, "password": password, "as": "token"})
        assert answer.status_code == 200, describe(answer)
        return answer.json()["accessToken"]


class Script(Api):
    def __init__(self, base_url, token):
        super().__init__(base_url)
        self.token = token

    def request(self, method, path, **options):
        if self.token:
            options["headers"] = bearer(self.token) | (options.get("headers") or {})
        return super().request(method, path, **options)


class Browser:
    """Keeps cookies as a browser does, and sends the token of its page where it has one."""

    def __init__(self, installation):
        self.url = installation.url
        self.csrf = None
        self.session = requests.Session()
        self.session.trust_env, self.session.verify = False, str(installation.certificate)

    def request(self, method, path, csrf=True, **options):
        headers = {"Accept": "application/json", **options.pop("headers", {})}
        if csrf and self.csrf:
            headers["X-CSRF-Token"] = self.csrf
        return self.session.request(method, self.url + path, headers=headers, timeout=15, **options)

    def log_in(self, name, password=PASSWORD):
        answer = self.request("POST", "/login", json={"name": name, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrfToken"]
        return answer

    def me(self):
        return self.request("GET", "/me").json()

    def cookies(self):
        return {cookie.name: cookie.value for cookie in self.session.cookies}

    def another_with(self, cookies):
        """A thief's, with cookies as they once were."""
        other = object.__new__(Browser)
        other.url, other.csrf = self.url, self.csrf
        other.session = requests.Session()
        other.session.trust_env, other.session.verify = False, self.session.verify
        for name, value in cookies.items():
            other.session.cookies.set(name, value, domain="localhost.local", secure=True)
        return other


@pytest.fixture(scope="module")
def installation(module_launch, tmp_path_factory):
    made = Installation(module_launch, tmp_path_factory.mktemp("installation"))
    made.add("kim")
    made.add("han", "operator,merchant")
    return made


def test_a_browser_logs_in_orders_and_logs_out(installation):
    browser = installation.browser()
    assert browser.me() == {"subject": None, "roles": [], "open": False, "login": True}
    answer = browser.log_in("Kim")
    assert answer.status_code == 200, describe(answer)
    assert "accessToken" not in answer.json()
    for cookie in answer.raw.headers.getlist("Set-Cookie"):
        assert re.search(r"^__Host-baedal(-refresh)?=\S+; Path=/; Max-Age=\d+; Secure; HttpOnly; SameSite=Strict$", cookie)
    assert browser.me() == {"subject": "kim", "roles": ["customer"], "open": False, "login": True, "csrfToken": browser.csrf}
    menu = installation.script(installation.token("han")).menu("Gimbab", price=4500)
    placed = browser.request("POST", "/orders", json={"menuId": menu})
    assert placed.status_code == 201, describe(placed)
    assert browser.request("GET", "/orders").json()["page"]["totalElements"] == 1
    assert browser.request("GET", "/payments").status_code == 403
    assert browser.request("POST", "/logout").status_code == 204
    assert not browser.cookies()
    assert browser.request("GET", "/orders").status_code == 401


def test_a_cookie_alone_changes_nothing(installation):
    browser = installation.browser()
    browser.log_in("han")
    order = {"menuNm": "Tea"}
    assert_problem(browser.request("POST", "/menus", csrf=False, json=order), 403)
    stranger = installation.browser()
    stranger.log_in("han")
    assert_problem(browser.request("POST", "/menus", csrf=False, json=order, headers={"X-CSRF-Token": stranger.csrf}), 403)
    for said in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert_problem(browser.request("POST", "/menus", json=order, headers=said), 403)
        assert_problem(browser.request("POST", "/logout", headers=said), 403)
    assert browser.request("POST", "/menus", json=order, headers={"Origin": installation.url}).status_code == 201


def test_a_script_gets_a_token_and_no_cookies(installation):
    answer = installation.script().post("/login", {"name": "kim", "password": PASSWORD, "as": "token"})
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert answer.json()["expiresIn"] == 600
    assert installation.script(answer.json()["accessToken"]).read("/me") == \
        {"subject": "kim", "roles": ["customer"], "open": False, "login": True}


def test_refreshing_goes_on_and_a_stolen_token_ends_it_for_both(module_launch, tmp_path):
    installation = Installation(module_launch, tmp_path, "--accounts.session-grace", "0s")
    installation.add("kim")
    browser = installation.browser()
    browser.log_in("kim")
    stolen = browser.cookies()
    refreshed = browser.request("POST", "/refresh")
    assert refreshed.status_code == 200, describe(refreshed)
    assert refreshed.json()["csrfToken"] == browser.csrf, "the page goes on"
    assert browser.cookies() != stolen
    thief = browser.another_with(stolen)
    assert assert_problem(thief.request("POST", "/refresh"), 401)["code"] == "refresh-reused"
    assert assert_problem(browser.request("POST", "/refresh"), 401)["code"] == "login-ended"
    assert not browser.cookies()
    assert "a used refresh token came again" in installation.server.log_text()
    for value in stolen.values():
        assert value not in installation.server.log_text()


def test_two_pages_that_refresh_at_once_end_nothing(installation):
    browser = installation.browser()
    browser.log_in("kim")
    second = browser.another_with(browser.cookies())
    assert browser.request("POST", "/refresh").status_code == 200
    raced = assert_problem(second.request("POST", "/refresh"), 409)
    assert raced["code"] == "refresh-raced"
    assert browser.request("POST", "/refresh").status_code == 200


def test_too_many_wrong_passwords_lock_and_are_told_from_nothing(module_launch, tmp_path):
    installation = Installation(module_launch, tmp_path, "--accounts.failures-max", "3")
    installation.add("kim")
    script = installation.script()

    def refusal(name, password):
        problem = assert_problem(script.post("/login", {"name": name, "password": password}), 401)
        return {key: value for key, value in problem.items() if key != "timestamp"}
    wrong = refusal("kim", "wrong horse battery")
    assert wrong["code"] == "login-refused"
    assert refusal("stranger", "wrong horse battery") == wrong
    for _ in range(2):
        refusal("kim", "wrong horse battery")
    assert refusal("kim", PASSWORD) == wrong, "locked"
    assert "locked until 20" in installation.accounts("ls").stdout
    assert "kim" in installation.server.log_text() and "stranger" not in installation.server.log_text()
    assert installation.accounts("password", "kim", password="another horse battery").returncode == 0
    assert installation.token("kim", "another horse battery")


def test_one_client_may_try_only_so_often(module_launch, tmp_path):
    installation = Installation(module_launch, tmp_path, "--accounts.login-interval", "1h", burst=3)
    attempts = [installation.script().post("/login", {"name": "x", "password": "y"}) for _ in range(4)]
    assert [attempt.status_code for attempt in attempts] == [401, 401, 401, 429]
    assert 3500 < int(attempts[-1].headers["Retry-After"]) <= 3600


def test_roles_passwords_and_removal_reach_who_is_logged_in(installation):
    installation.add("park", "customer")
    browser = installation.browser()
    browser.log_in("park")
    assert installation.accounts("roles", "park", "--as", "courier").returncode == 0
    assert browser.request("POST", "/refresh").json()["roles"] == ["courier"]
    assert browser.me()["roles"] == ["courier"]
    assert installation.accounts("password", "park", password="another horse battery").returncode == 0
    assert assert_problem(browser.request("POST", "/refresh"), 401)["code"] == "login-ended"
    assert browser.log_in("park").status_code == 401
    assert browser.log_in("park", "another horse battery").status_code == 200
    assert installation.accounts("rm", "park").returncode == 0
    assert browser.request("POST", "/refresh").status_code == 401
    assert browser.log_in("park", "another horse battery").status_code == 401
    again = installation.accounts("add", "park", "--as", "customer", password=PASSWORD)
    assert again.returncode == 1 and "taken" in again.stderr


def test_the_command_says_what_is_wrong_and_shows_no_password(installation, tmp_path):
    for words, password, said in ((("add", "x y", "--as", "customer"), PASSWORD, "A name has"),
                                  (("add", "lee", "--as", "customer"), "short", "at least 10"),
                                  (("add", "lee", "--as", "customer"), None, "no password"),
                                  (("add", "kim", "--as", "customer"), PASSWORD, "taken"),
                                  (("add", "lee", "--as", "customer", "--password-file", tmp_path / "none"), None, "none"),
                                  (("rm", "lee"), None, "no account")):
        done = installation.accounts(*words, password=password)
        assert done.returncode != 0 and said in done.stderr, (words, done.stderr)
        assert not password or password not in done.stdout + done.stderr
    assert installation.accounts("add", "lee", "--as", "service", password=PASSWORD).returncode == 2
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD + "\nwhat else is there\n")
    done = installation.accounts("add", "choi", "--as", "courier", "--password-file", secret)
    assert done.returncode == 0, done.stderr
    assert installation.token("choi")
    listed = installation.accounts("ls").stdout
    assert re.search(r"^choi\s+courier\s+active$", listed, re.M)
    assert "argon2" not in listed


def test_what_lies_on_the_disk_lets_nobody_in(installation):
    browser = installation.browser()
    browser.log_in("kim")
    file = installation.server.data / "accounts.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = b"".join(path.read_bytes() for path in installation.server.data.glob("accounts.db*"))
    assert b"$argon2id$v=19$m=8192,t=1,p=1$" in kept
    assert PASSWORD.encode() not in kept
    for value in browser.cookies().values():
        assert value.rsplit(".", 1)[-1].encode() not in kept


def test_the_cookie_goes_to_no_service_and_the_token_does(launch, tmp_path):
    installation_key = Key(tmp_path / "issuer.pem", "baedal")
    own = ("--profile", "standard", "--auth.issuer-key-file", installation_key.file)
    menu = launch(*own, "--role", "menu")
    gateway = launch(*own, *CHEAP, "--role", "gateway", "--gateway.instances", f"menu={menu.base_url}")
    done = run("accounts", "add", "han", "--as", "merchant", "--data", gateway.data, *CHEAP, input=PASSWORD + "\n")
    assert done.returncode == 0, done.stderr
    login = gateway.api.post("/login", {"name": "han", "password": PASSWORD})
    cookies = "; ".join(cookie.split(";")[0] for cookie in login.raw.headers.getlist("Set-Cookie"))
    headers = {"Cookie": cookies, "X-CSRF-Token": login.json()["csrfToken"]}
    assert gateway.api.post("/menus", {"menuNm": "Soup"}, headers=headers).status_code == 201
    assert menu.api.post("/menus", {"menuNm": "Soup"}, headers=headers).status_code == 401
    assert menu.api.post("/login", {"name": "han", "password": PASSWORD}).status_code == 404


def test_an_open_server_has_no_login(launch):
    server = launch()
    assert assert_problem(server.api.post("/login", {"name": "kim", "password": "x"}), 404)["code"] == "no-accounts"
    assert server.api.read("/me") == {"subject": None, "roles": [], "open": True}
    assert not (server.data / "accounts.db").exists()


def test_migrate_and_doctor_look_at_the_accounts_too(tmp_path):
    own = ("--data", tmp_path / "data", "--auth.issuer-key-file", Key(tmp_path / "issuer.pem", "baedal").file)
    for command, said in (("migrate", r"^accounts\s+up to date$"), ("doctor", r"^ok\s+accounts store$")):
        done = run(command, *own)
        assert done.returncode == 0 and re.search(said, done.stdout, re.M), done.stdout + done.stderr
    assert "accounts" not in run("migrate", "--data", tmp_path / "data", "--role", "menu").stdout
