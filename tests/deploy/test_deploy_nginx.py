"""The product as it runs in production: PostgreSQL, Redis, gunicorn with the strict settings, and nginx in front.

Needs what `make test-services` brings.
"""

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from scripts.temporary_site import free_port

ROOT = Path(__file__).resolve().parents[2]
NGINX = os.environ.get("PUFA_TEST_NGINX", "")
pytestmark = [
    pytest.mark.skipif(not (NGINX and os.environ.get("PUFA_DATABASE_URL")), reason="`make test-services` runs it"),
    pytest.mark.xdist_group("nginx"),
]
#: Headers that nginx makes for itself, of the bytes or of the connection.
ITS_OWN = {"server", "date", "connection", "etag", "last-modified", "content-length", "accept-ranges", "keep-alive"}
FROM_DISK = re.compile(r'"[0-9a-f]{8}-[0-9a-f]+"')  # nginx's tag of a file has its time in seconds; ours are longer


@dataclass
class Stack:
    data: Path
    port: int
    plain_port: int
    app_port: int
    trust: ssl.SSLContext
    env: dict[str, str]
    host: str = "localhost"
    #: An address where the listeners also are on IPv6, or "".
    six: str = ""

    def get(self, path, *, method="GET", body=None, **headers):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.trust, timeout=60)
        sent = {"Host": f"localhost:{self.port}", **{name.replace("_", "-"): v for name, v in headers.items()}}
        return _answer(connection, method, path, body, sent)

    def app(self, path, **headers):
        """Past nginx, with what nginx would say."""
        connection = http.client.HTTPConnection("127.0.0.1", self.app_port, timeout=60)
        sent = {"Host": f"localhost:{self.port}", "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
        return _answer(connection, "GET", path, None, sent | {name.replace("_", "-"): v for name, v in headers.items()})

    def manage(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


@dataclass
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_from_disk(self) -> bool:
        return FROM_DISK.fullmatch(self.headers.get("etag", "")) is not None


def _answer(connection, method, path, body, headers):
    try:
        connection.request(method, path, body, headers)
        got = connection.getresponse()
        pairs = [(name.lower(), value) for name, value in got.getheaders()]
        assert len({name for name, _value in pairs if name != "set-cookie"}) == len(
            [name for name, _value in pairs if name != "set-cookie"]
        ), f"a header came twice: {pairs}"
        return Answer(got.status, dict(pairs), got.read())
    finally:
        connection.close()


def compared(headers):
    """For comparison: the directives of a policy have no order."""
    return {
        name: sorted(value.split("; ")) if name == "content-security-policy" else value
        for name, value in headers.items()
        if name not in ITS_OWN
    }


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stack")
    data, port, plain_port, app_port = folder / "data", free_port(), free_port(), free_port()
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "PUFA_DATA_DIR": str(data),
        "PUFA_SECRET_KEY": "only-for-this-test-" + "k" * 50,
        "PUFA_ALLOWED_HOSTS": "localhost",
        "PUFA_PUBLIC_URL": f"https://localhost:{port}",
        "PUFA_DEMO": "1",
        "PYTHONUNBUFFERED": "1",
    }
    for name in ("pem", "key"):
        (folder / f"pufa.{name}").touch(mode=0o600)
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    certificate += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"]
    certificate += ["-keyout", str(folder / "pufa.key"), "-out", str(folder / "pufa.pem")]
    subprocess.run(certificate, check=True, capture_output=True)
    made = Stack(data, port, plain_port, app_port, ssl.create_default_context(cafile=folder / "pufa.pem"), env)
    made.six = "::1" if _has_six() else ""
    for command in (["migrate", "--no-input"], ["collectstatic", "--no-input"], ["load_starter"]):
        made.manage(*command)
    (folder / "pufa-headers.conf").write_text(made.manage("nginx_headers"))
    with _gunicorn(made, folder), _nginx(made, folder):
        yield made


@pytest.fixture
def on_s3(stack, tmp_path):
    """The same database with its files in a bucket, by a second gunicorn and nginx."""
    boto3 = pytest.importorskip("boto3")
    options = {"endpoint_url": os.environ["PUFA_TEST_S3"], "aws_access_key_id": "k", "aws_secret_access_key": "s"}
    client = boto3.client("s3", region_name="us-east-1", **options)
    client.create_bucket(Bucket="pufa-nginx")
    switches = {"BUCKET": "pufa-nginx", "ENDPOINT": os.environ["PUFA_TEST_S3"], "KEY": "k", "SECRET": "s"}
    env = stack.env | {f"PUFA_S3_{name}": value for name, value in switches.items()}
    made = replace(stack, port=free_port(), plain_port=free_port(), app_port=free_port(), env=env)
    for name in ("pufa.pem", "pufa.key", "pufa-headers.conf"):
        shutil.copy(stack.data.parent / name, tmp_path)
    with _gunicorn(made, tmp_path) as app, _nginx(made, tmp_path):
        yield made, client, app


def _has_six():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@contextmanager
def _gunicorn(made, folder):
    command = [sys.executable, "-m", "gunicorn", "--pythonpath", "site", "--bind", f"127.0.0.1:{made.app_port}"]
    command += ["--worker-class", "gthread", "--threads", "8", "--no-control-socket", "config.wsgi"]
    with (folder / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=made.env, stdout=log, stderr=log)
    try:
        _wait(made.app_port, folder / "gunicorn.log", process)
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _nginx(made, folder):
    """The files of deploy/ as they are, but for ports, paths and the name of the host."""
    site = (ROOT / "deploy/nginx/pufa.conf").read_text()
    for found, put in {
        "127.0.0.1:8000": f"127.0.0.1:{made.app_port}",
        "listen 80": f"listen 127.0.0.1:{made.plain_port}",
        "listen 443": f"listen 127.0.0.1:{made.port}",
        "listen [::]:80": f"listen [::1]:{made.plain_port}",
        "listen [::]:443": f"listen [::1]:{made.port}",
        "pufa.example.gov.cn": "localhost",
        "/etc/nginx/tls": str(folder),
        "/var/log/nginx": str(folder),
        "/var/cache/nginx/pufa": str(folder / "files"),
        "/var/lib/pufa": str(made.data),
    }.items():
        assert found in site, f"deploy/nginx/pufa.conf no longer has {found}"
        site = site.replace(found, put)
    if not made.six:
        site = re.sub(r"listen \[::1\].*;", "", site)
    (folder / "pufa.conf").write_text(site)
    shutil.copy(ROOT / "deploy/nginx/pufa-app.conf", folder)
    temporary = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;"
        f"\nevents {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\n{temporary}\ninclude pufa.conf;\n}}\n"
    )
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    process = subprocess.Popen(command)
    try:
        _wait(made.port, folder / "error.log", process)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait(port, log, process):
    for _try in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError:
            assert process.poll() is None, log.read_text()[-2000:]
            time.sleep(0.2)
        else:
            return
    raise AssertionError(log.read_text()[-2000:])


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_finished_page_comes_from_the_disk_as_the_product_would_send_it(stack, encoding):
    stack.get("/law/", Accept_Encoding=encoding)  # made and kept
    kept = stack.get("/law/", Accept_Encoding=encoding)
    made = stack.app("/law/", Accept_Encoding=encoding)
    assert (kept.status, made.status) == (200, 200)
    assert kept.is_from_disk
    assert not made.is_from_disk
    assert compared(kept.headers) == compared(made.headers)
    assert kept.headers["strict-transport-security"].startswith("max-age=31536000")
    assert kept.body == made.body
    again = stack.get("/law/", If_None_Match=kept.headers["etag"], Accept_Encoding=encoding)
    assert again.status == 304
    assert compared(again.headers)["content-security-policy"] == compared(kept.headers)["content-security-policy"]


def test_whoever_is_known_or_asks_something_goes_past_the_store(stack):
    stack.get("/")
    assert stack.get("/").is_from_disk
    assert stack.get("/", Cookie="theme=large").is_from_disk
    assert stack.get("/", method="HEAD").is_from_disk
    for past in (
        stack.get("/?page=2"),
        stack.get("/", Cookie="sessionid=x"),
        stack.get("/", Cookie="a=b; sessionid=x"),
        stack.get("/", Cookie="messages=x"),
        stack.get("/", Authorization="Basic eA=="),
        stack.get("/", method="POST", body=b""),
    ):
        assert not past.is_from_disk


def test_addresses_that_are_not_quite_a_page_are_the_products_affair(stack):
    stack.get("/law/")
    assert stack.get("/law").status == 301
    assert stack.get("/law/index.html").status == 404
    assert stack.get("/baked/current/localhost/index.html").status == 404
    for path in ("/../keys/secret_key", "/%2e%2e/keys/secret_key", "/static/../keys/audit.heads", "/keys/audit.heads"):
        assert stack.get(path).status in {400, 404}, path


def test_what_changes_is_not_served_from_the_disk_any_more(stack):
    stack.get("/")
    before = (stack.data / "baked" / "current").readlink()
    assert stack.get("/").is_from_disk
    stack.manage("drop_baked")
    assert (stack.data / "baked" / "current").readlink() != before
    assert not stack.get("/").is_from_disk
    assert stack.get("/").is_from_disk


def test_films_and_pictures_come_in_ranges_with_the_types_of_the_product(stack):
    folder = stack.data / "uploads" / "test"
    folder.mkdir(parents=True, exist_ok=True)
    by_nginx = ["mp4", "m4s", "webm", "jpg", "jpeg", "png", "webp", "avif", "gif", "vtt", "JPG"]
    for ending in [*by_nginx, "svg", "html", "pdf"]:
        (folder / f"a.{ending}").write_bytes(b"0123456789")
        ours, theirs = stack.app(f"/uploads/test/a.{ending}"), stack.get(f"/uploads/test/a.{ending}")
        assert (ours.status, theirs.status) == (200, 200)
        for name in ("content-type", "x-content-type-options"):
            assert theirs.headers.get(name) == ours.headers.get(name), f"{name} of .{ending}"
        in_the_page = [
            not got.headers.get("content-disposition", "").startswith("attachment") for got in (ours, theirs)
        ]
        assert in_the_page == [ending in by_nginx] * 2, ending
    part = stack.get("/uploads/test/a.mp4", Range="bytes=2-4")
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    assert part.is_from_disk
    assert stack.get("/uploads/test/a.mp4", Range="bytes=20-").status == 416


def test_a_film_in_a_bucket_comes_in_ranges_and_is_kept_by_nginx(on_s3):
    stack, client, app = on_s3
    film = os.urandom(2_500_000)
    client.put_object(Bucket="pufa-nginx", Key="uploads/films/x/film.mp4", Body=film)
    client.put_object(Bucket="pufa-nginx", Key="uploads/documents/plan.jpg", Body=b"secret")
    client.put_object(Bucket="pufa-nginx", Key="private/proof.jpg", Body=b"secret")
    whole = stack.get("/uploads/films/x/film.mp4")
    assert (whole.status, whole.headers["content-type"], whole.body == film) == (200, "video/mp4", True)
    assert whole.headers["x-content-type-options"] == "nosniff"
    for first, last in ((0, 1), (1_048_570, 1_048_600), (2_499_990, 2_499_999)):
        part = stack.get("/uploads/films/x/film.mp4", Range=f"bytes={first}-{last}")
        assert (part.status, part.body) == (206, film[first : last + 1])
        assert part.headers["content-range"] == f"bytes {first}-{last}/{len(film)}"
    assert stack.get("/uploads/films/x/film.mp4", Range="bytes=9999999-").status == 416
    for path in ("films/x/none.mp4", "documents/plan.jpg", "../private/proof.jpg", "films/../documents/plan.jpg"):
        assert stack.get(f"/uploads/{path}").status in {400, 404}, path
    app.kill()
    app.wait()
    assert stack.get("/uploads/films/x/film.mp4", Range="bytes=5-6").body == film[5:7]


def test_documents_have_no_address_but_the_one_that_asks(stack):
    folder = stack.data / "uploads" / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("plan.pdf", "plan.jpg"):
        (folder / name).write_bytes(b"secret")
        assert stack.get(f"/uploads/documents/{name}").status == 404
        assert stack.get(f"/uploads/test/../documents/{name}").status == 404
    (stack.data / "uploads" / ".hidden.jpg").write_bytes(b"secret")
    assert stack.get("/uploads/.hidden.jpg").status == 404


def test_static_files_are_compressed_and_kept_for_ever(stack):
    manifest = json.loads((stack.data / "static" / "staticfiles.json").read_text())
    name = manifest["paths"]["css/site.css"]
    answer = stack.get(f"/static/{name}", Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert "immutable" not in stack.get("/static/css/site.css").headers["cache-control"]
    assert stack.get("/static/nothing.css").status == 404


def test_nobody_outside_claims_another_address_or_scheme(stack):
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', (form := stack.get("/admin/login/")).body)
    cookie = form.headers["set-cookie"].partition(";")[0]
    answer = stack.get(
        "/admin/login/",
        method="POST",
        body=b"username=nobody-of-ours&password=x&csrfmiddlewaretoken=" + token[1],
        Cookie=cookie,
        Referer=f"https://localhost:{stack.port}/admin/login/",
        Content_Type="application/x-www-form-urlencoded",
        X_Forwarded_For="203.0.113.9",
        X_Forwarded_Proto="http",
    )
    assert answer.status == 200, answer.body[:500]  # the form again, not a redirect to https
    ask = "from trust.models import AuditEvent as E; print(E.objects.latest('sequence').address)"
    told = stack.manage("shell", "--no-imports", "-c", ask)
    assert told.strip().endswith("127.0.0.1")


def test_plain_http_goes_to_https_and_a_strangers_host_gets_nothing(stack):
    connection = http.client.HTTPConnection("127.0.0.1", stack.plain_port, timeout=20)
    answer = _answer(connection, "GET", "/law/?a=1", None, {"Host": "localhost"})
    assert (answer.status, answer.headers["location"]) == (301, "https://localhost/law/?a=1")
    connection = http.client.HTTPConnection("127.0.0.1", stack.plain_port, timeout=20)
    with pytest.raises(http.client.RemoteDisconnected):
        _answer(connection, "GET", "/", None, {"Host": "elsewhere.example"})
    with socket.create_connection(("127.0.0.1", stack.port)) as plain, pytest.raises(ssl.SSLError):
        stack.trust.wrap_socket(plain, server_hostname="elsewhere.example")


def test_it_listens_on_both_families(stack):
    if not stack.six:
        pytest.skip("this machine has no IPv6")
    with (
        socket.create_connection((stack.six, stack.port), 20) as plain,
        stack.trust.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        secure.sendall(f"HEAD / HTTP/1.1\r\nHost: localhost:{stack.port}\r\nConnection: close\r\n\r\n".encode())
        assert secure.recv(12) == b"HTTP/1.1 200"


def test_probes_on_this_machine_are_answered(stack):
    answer = stack.get("/readyz")
    assert answer.status == 200
    assert json.loads(answer.body)["database"] == "ok"


def test_guessing_passwords_is_slowed_down(stack):
    answers = [stack.get("/admin/login/").status for _n in range(40)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert stack.get("/").status == 200
