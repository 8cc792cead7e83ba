"""Small clips made by the suite itself, once a session, and the people who work with them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from media.ffmpeg import run_ffmpeg

GPS = "+22.5787+113.0819/"


def draw(
    folder: Path, name: str, *, seconds: float, size: str = "640x360", sound: bool = True, extra: tuple = ()
) -> Path:
    graph = f"testsrc2=s={size}:r=25:d={seconds}[v]" + (f";sine=f=440:d={seconds}[a]" if sound else "")
    output = ["-filter_complex", graph, "-map", "[v]", *(["-map", "[a]"] if sound else [])]
    output += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    run_ffmpeg([], [*output, *extra, name], workdir=folder)
    return folder / name


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    tags = (
        "-metadata",
        f"location={GPS}",
        "-metadata",
        "title=secret",
        "-metadata:s:v:0",
        "handler_name=PhoneOfSomebody",
    )
    draw(folder, "clip.mp4", seconds=2, extra=tags)
    draw(folder, "silent.mp4", seconds=2, sound=False)
    draw(folder, "long.mp4", seconds=17, size="320x180")
    return folder


@pytest.fixture
def upload(clips: Path) -> Any:
    def make(name: str = "clip.mp4", called: str = "") -> SimpleUploadedFile:
        return SimpleUploadedFile(called or name, (clips / name).read_bytes(), content_type="video/mp4")

    return make


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    from django.core.files.storage import storages

    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.WORK_ROOT = tmp_path / "work"
    settings.KEYS_ROOT = tmp_path / "keys"
    (tmp_path / "keys").mkdir()
    # The storages read their settings once; point the living ones at this test's folders.
    private = storages["private"]
    private._location = str(settings.PRIVATE_ROOT)
    private.__dict__.pop("base_location", None)
    private.__dict__.pop("location", None)


@pytest.fixture(autouse=True)
def no_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    """What rooms above ask of a film before it is public is tested with them (tests/editorial)."""
    monkeypatch.setattr("trust.release._gates", [])


@pytest.fixture
def people(django_user_model: Any) -> Any:
    class People:
        editor = django_user_model.objects.create_user("film-editor", password="x")
        reviewer = django_user_model.objects.create_user("film-reviewer", password="x")
        chief = django_user_model.objects.create_superuser("chief", password="x")

    return People
