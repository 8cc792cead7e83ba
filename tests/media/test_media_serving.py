"""Range requests as RFC 9110 §14 has them, and a path that cannot leave the folder."""

from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from media import serving

pytestmark = pytest.mark.django_db  # closing a response lets Django look after its connections
DATA = bytes(range(256)) * 8192  # 2 MiB: more than one chunk
SIZE = len(DATA)


@pytest.fixture
def ask(settings: Any, tmp_path: Path) -> Any:
    root = tmp_path / "up"
    (root / "films").mkdir(parents=True)
    (root / "films" / "a.mp4").write_bytes(DATA)
    (root / "empty.mp4").touch()
    (root / "page.html").write_text("<script>alert(1)</script>")
    (root / ".hidden").write_text("x")
    (tmp_path / "secret.txt").write_text("secret")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    settings.MEDIA_ROOT = root

    def get(path: str = "films/a.mp4", method: str = "get", **headers: str) -> Any:
        request = getattr(RequestFactory(), method)("/uploads/" + "x", headers=headers)
        return serving.serve(request, path)

    return get


def body(response: Any) -> bytes:
    data = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return data


def test_without_a_range_the_whole_file_comes(ask: Any) -> None:
    response = ask()
    assert (response.status_code, response["Accept-Ranges"], response["Content-Type"]) == (200, "bytes", "video/mp4")
    assert response["Content-Length"] == str(SIZE)
    assert body(response) == DATA


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=5-1048590", 5, 1_048_590),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        (f"bytes=-{SIZE * 2}", 0, SIZE - 1),
        (f"bytes=10-{SIZE * 2}", 10, SIZE - 1),
        ("BYTES = 1-2", 1, 2),
    ],
)
def test_one_range_is_answered_with_206(ask: Any, asked: str, first: int, last: int) -> None:
    response = ask(Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == DATA[first : last + 1]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_a_range_outside_the_file_is_416(ask: Any, asked: str) -> None:
    response = ask(Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")


def test_any_range_of_an_empty_file_is_416(ask: Any) -> None:
    assert ask("empty.mp4", Range="bytes=0-").status_code == 416
    assert ask("empty.mp4", Range="bytes=-5").status_code == 416
    assert ask("empty.mp4").status_code == 200


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "items=0-5", "bytes=5-2", "bytes=a-b", "bytes=", "bytes=-", "bytes=1-2-3", "bytes=٣-"]
)
def test_several_foreign_or_malformed_ranges_give_the_whole_file(ask: Any, asked: str) -> None:
    response = ask(Range=asked)
    assert response.status_code == 200
    assert "Content-Range" not in response
    assert body(response) == DATA


def test_head_has_the_headers_and_no_body_and_ignores_ranges(ask: Any) -> None:
    response = ask(method="head", Range="bytes=0-9")
    assert (response.status_code, response["Content-Length"], response.content) == (200, str(SIZE), b"")


def test_other_methods_are_refused(ask: Any) -> None:
    assert ask(method="post").status_code == 405


def test_an_unchanged_file_is_304(ask: Any) -> None:
    first = ask()
    tag, date = first["ETag"], first["Last-Modified"]
    body(first)
    assert ask(**{"If-None-Match": f'"other", {tag}'}).status_code == 304
    assert ask(**{"If-Modified-Since": date}).status_code == 304
    changed = ask(**{"If-None-Match": '"other"', "If-Modified-Since": date})
    assert changed.status_code == 200
    body(changed)


def test_if_range_lets_a_range_through_only_for_the_same_file(ask: Any) -> None:
    first = ask()
    tag, date = first["ETag"], first["Last-Modified"]
    body(first)
    for condition, status in ((tag, 206), ('"old"', 200), (f"W/{tag}", 200), (date, 206), ("nonsense", 200)):
        response = ask(**{"Range": "bytes=0-3", "If-Range": condition})
        assert response.status_code == status, condition
        body(response)


@pytest.mark.parametrize(
    "path", ["../secret.txt", "films/../../secret.txt", "link.txt", ".hidden", "films", "", "/etc/passwd", "a\x00b",
             "films\\a.mp4", "no.mp4"]
)  # fmt: skip
def test_nothing_outside_the_folder_is_served(ask: Any, path: str) -> None:
    with pytest.raises(Http404):
        ask(path)


def test_an_uploaded_page_is_a_download_and_never_runs(ask: Any) -> None:
    response = ask("page.html")
    assert response["Content-Disposition"] == "attachment"
    assert response["X-Content-Type-Options"] == "nosniff"
    body(response)


def test_a_document_has_no_public_address(ask: Any, settings: Any) -> None:
    """Wagtail's own address asks who may read it; the folder must not be a way round."""
    folder = Path(settings.MEDIA_ROOT) / "documents"
    folder.mkdir()
    (folder / "plan.pdf").write_bytes(b"secret")
    for path in ("documents/plan.pdf", "films/../documents/plan.pdf", "./documents//plan.pdf"):
        with pytest.raises(Http404):
            ask(path)
