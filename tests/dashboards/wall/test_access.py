"""Who may: signing in and out, screens, tokens, roles, and what the audit keeps of it. Over HTTP."""

import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher

from dashboards.wall.access import screens, sessions
from dashboards.wall.access.registry import Registry
from dashboards.wall.access.users import BadUser
from dashboards.wall.settings import Settings, Unsafe
from tests.dashboards.wall.conftest import PASSWORD, WallProcess
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import state

HASHER = PasswordHasher(time_cost=1, memory_cost=64)
API = "/api/v1"


def sign_in(wall: WallProcess, name: str, password: str = PASSWORD) -> tuple[httpx.Client, httpx.Response]:
    browser = wall.nobody()
    return browser, browser.post(f"{API}/session", json={"name": name, "password": password})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/spaces"),
        ("GET", "/alerts?space=demo"),
        ("GET", "/stream?space=demo"),
        ("GET", "/facts?space=demo"),
        ("GET", "/areas?space=demo"),
        ("GET", "/session"),
        ("GET", "/audit"),
        ("POST", "/screens/codes"),
    ],
)
def test_nothing_is_told_to_nobody(wall: WallProcess, demo: Filler, method: str, path: str) -> None:
    demo.put(state("demo"))
    answer = wall.nobody().request(method, API + path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_person_signs_in_and_out(wall: WallProcess, demo: Filler) -> None:
    demo.put(state("demo"))
    browser, said = sign_in(wall, wall.user("an", "operator"))
    assert said.json()["role"] == "operator"
    assert "handle" in said.json()["rights"]
    [cookie] = said.headers.get_list("set-cookie")
    assert {"httponly", "samesite=strict"} <= set(cookie.lower().split("; "))
    assert browser.get(f"{API}/spaces").is_success
    csrf = {"X-CSRF-Token": said.json()["csrf"]}
    assert browser.delete(f"{API}/session").status_code == 403  # it did not say the word that only our page knows
    assert browser.delete(f"{API}/session", headers=csrf).status_code == 204
    browser.cookies.set("ioc_session", cookie.split("=")[1].split(";")[0])
    assert browser.get(f"{API}/spaces").status_code == 401


def test_what_another_site_sends_is_refused(wall: WallProcess) -> None:
    browser, said = sign_in(wall, wall.user("an", "operator"))
    csrf = {"X-CSRF-Token": said.json()["csrf"]}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.delete(f"{API}/session", headers={**csrf, **headers}).status_code == 403
    own = {"Origin": wall.url, "Sec-Fetch-Site": "same-origin"}
    assert browser.delete(f"{API}/session", headers={**csrf, **own}).status_code == 204


def test_guessing_is_slowed_down_and_says_nothing_of_who_exists(wall: WallProcess) -> None:
    wall.user("binh", "operator")
    known = [sign_in(wall, "binh", "wrong wrong wrong")[1] for _ in range(6)]
    unknown = [sign_in(wall, "nobody-of-that-name", "wrong wrong wrong")[1] for _ in range(6)]
    for answers in (known, unknown):
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert int(answers[-1].headers["retry-after"]) > 0
    assert [answer.json()["detail"] for answer in known] == [answer.json()["detail"] for answer in unknown]
    assert sign_in(wall, "binh")[1].status_code == 429  # not even with the right one


def test_a_screen_is_enrolled_once_reads_and_is_withdrawn(wall: WallProcess, demo: Filler) -> None:
    demo.put(state("demo"))
    code = wall.client.post(f"{API}/screens/codes", json={"name": "tường"}).json()["code"]
    tv = wall.nobody()
    assert tv.post(f"{API}/screens", json={"code": code.replace("-", " ").lower()}).json()["role"] == "screen"
    assert tv.get(f"{API}/alerts?space=demo").is_success
    for path in ("/audit",):
        assert tv.get(API + path).status_code == 403
    assert tv.post(f"{API}/screens/codes", json={"name": "another"}).status_code == 403
    assert wall.nobody().post(f"{API}/screens", json={"code": code}).status_code == 401
    newest = wall.registry.screens.all()[-1]
    wall.registry.screens.revoke(newest["id"])
    assert tv.get(f"{API}/alerts?space=demo").status_code == 401


def test_a_token_that_is_withdrawn_or_made_up_opens_nothing(wall: WallProcess, demo: Filler) -> None:
    demo.put(state("demo"))
    program = wall.asking_as("viewer")
    assert program.get(f"{API}/spaces").is_success
    wall.registry.tokens.revoke(wall.registry.tokens.all()[-1]["id"])
    assert program.get(f"{API}/spaces").status_code == 401
    for header in ("Bearer ioc_nonsense", "Bearer", "Basic YTpi", "ioc_nonsense"):
        assert wall.nobody().get(f"{API}/spaces", headers={"Authorization": header}).status_code == 401


def test_the_audit_tells_of_sign_ins_and_refusals_and_holds_no_secret(wall: WallProcess) -> None:
    sign_in(wall, wall.user("chi", "viewer"), "a wrong password")
    browser, _ = sign_in(wall, "chi")
    assert browser.get(f"{API}/audit").status_code == 403
    told = wall.client.get(f"{API}/audit").json()
    of_chi = [(entry["action"], entry["result"]) for entry in told if entry["who"] == "chi"]
    assert of_chi == [("GET /api/v1/audit", "not allowed"), ("sign in", "done"), ("sign in", "refused")]
    assert "password" not in str([entry["target"] + entry["result"] for entry in told])


def test_sound_is_muted_by_name_and_not_for_ever(wall: WallProcess, demo: Filler) -> None:
    demo.put(state("demo"))
    operator, viewer = wall.asking_as("operator"), wall.asking_as("viewer")
    assert viewer.put(f"{API}/mute?space=demo", json={"minutes": 5}).status_code == 403
    assert operator.put(f"{API}/mute?space=demo", json={"minutes": 600}).status_code == 422
    assert operator.put(f"{API}/mute?space=demo", json={"minutes": 5}).status_code == 204
    mute = wall.registry.mutes.of("demo")
    assert mute is not None and mute.who == "tests"
    assert operator.delete(f"{API}/mute?space=demo").status_code == 204
    assert wall.registry.mutes.of("demo") is None


class Time:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def registry(tmp_path: Path, clock: Time) -> Iterator[Registry]:
    found = Registry(tmp_path / "access.db", clock, HASHER)
    yield found
    found.close()


def test_a_session_ends_when_idle_and_when_the_shift_is_over(registry: Registry, clock: Time) -> None:
    user = registry.users.add("an", PASSWORD, "operator")
    secret, begun = registry.sessions.open(user), clock.now
    while clock.now < begun + sessions.LONGEST - sessions.IDLE:
        clock.now += sessions.IDLE - 1
        assert registry.sessions.find(secret)
    clock.now = begun + sessions.LONGEST + 1
    assert registry.sessions.find(secret) is None
    idle = registry.sessions.open(user)
    clock.now += sessions.IDLE + 1
    assert registry.sessions.find(idle) is None


def test_a_new_password_or_a_disabled_user_ends_sessions(registry: Registry) -> None:
    user = registry.users.add("an", PASSWORD, "operator")
    secret = registry.sessions.open(user)
    registry.users.set_password("an", "another long one")
    assert registry.sessions.find(secret) is None
    assert registry.users.check("an", PASSWORD) is None
    assert registry.users.check("AN ", "another long one")
    secret = registry.sessions.open(user)
    registry.users.disable("an")
    assert registry.sessions.find(secret) is None
    assert registry.users.check("an", "another long one") is None


def test_codes_and_tokens_end(registry: Registry, clock: Time) -> None:
    code, token = registry.screens.invite("wall"), registry.tokens.issue("program", "viewer", 60)
    assert registry.tokens.find(token)
    clock.now += screens.CODE_LASTS + 1
    assert registry.screens.enrol(code) is None
    assert registry.tokens.find(token) is None


@pytest.mark.parametrize(
    ("name", "password", "role", "agency"),
    [
        ("two words", PASSWORD, "operator", None),
        ("", PASSWORD, "operator", None),
        ("an", "short", "operator", None),
        ("an", PASSWORD, "king", None),
        ("an", PASSWORD, "screen", None),
        ("an", PASSWORD, "agency", None),
        ("an", PASSWORD, "operator", "kiem-lam"),
    ],
)
def test_a_user_that_makes_no_sense_is_refused(
    registry: Registry, name: str, password: str, role: str, agency: str | None
) -> None:
    with pytest.raises(BadUser):
        registry.users.add(name, password, role, agency=agency)


def test_secrets_are_kept_as_hashes_in_a_file_of_ones_own(registry: Registry, tmp_path: Path) -> None:
    user = registry.users.add("an", PASSWORD, "operator")
    given = [PASSWORD, registry.sessions.open(user), registry.tokens.issue("x", "viewer", 60)]
    given.append(registry.screens.invite("wall"))
    registry.close()
    files = list(tmp_path.iterdir())
    kept = b"".join(file.read_bytes() for file in files)
    assert [secret for secret in given if secret.encode() in kept] == []
    assert b"argon2id" in kept
    assert stat.S_IMODE((tmp_path / "access.db").stat().st_mode) == 0o600


def test_the_audit_cannot_be_rewritten(registry: Registry) -> None:
    registry.audit.write("an", "session", "", "acknowledge", "x")
    for statement in ("DELETE FROM audit", "UPDATE audit SET who = 'b'"):
        with pytest.raises(Exception, match="only added to"):
            registry.audit._database.write(statement)
    assert len(registry.audit.newest(10)) == 1


def test_the_wall_does_not_listen_to_the_world_in_the_clear() -> None:
    Settings().check()
    Settings(host="::1").check()
    Settings(host="0.0.0.0", behind_proxy=True).check()
    for host in ("0.0.0.0", "192.168.1.5", "ioc.example"):
        with pytest.raises(Unsafe, match="HTTPS"):
            Settings(host=host).check()
