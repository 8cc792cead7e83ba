"""Files that are not the films they claim to be: each is refused with a sentence, none is opened further."""

import struct
from pathlib import Path

import pytest

from media import probe as probe_module
from media.errors import FilmProblem
from media.ffmpeg import FfmpegFailed, Source, run_ffmpeg
from media.limits import Limits
from media.magic import sniff
from media.probe import probe

TEXTS = {
    "ffconcat": "ffconcat version 1.0\nfile 'secret.mp4'\n",
    "hls": "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nfile:///etc/passwd\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    "plain": "这不是影片，只是一段文字。" * 20,
    "utf16": "\ufeffffconcat version 1.0".encode("utf-16-le").decode("latin-1"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_text_named_mp4_is_refused_before_any_reader_opens_it(kind: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(probe_module.subprocess, "run", lambda *a, **k: pytest.fail("a reader was started"))
    path = tmp_path / "film.mp4"
    path.write_bytes(TEXTS[kind].encode("latin-1" if kind == "utf16" else "utf-8"))
    with pytest.raises(FilmProblem):
        probe(path)


def test_an_ffconcat_list_cannot_copy_a_neighbour_even_where_ffmpeg_is_reached(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.mp4").write_bytes((clips / "clip.mp4").read_bytes())
    (tmp_path / "list.mp4").write_text(TEXTS["ffconcat"])
    with pytest.raises(FfmpegFailed):
        run_ffmpeg([Source("list.mp4", "mov")], ["-c", "copy", "out.mp4"], workdir=tmp_path)
    with pytest.raises(FfmpegFailed):  # the demuxer forced from outside is stopped by the white list
        run_ffmpeg([Source("list.mp4", "concat", formats="mov,mp4")], ["-c", "copy", "out.mp4"], workdir=tmp_path)
    assert not (tmp_path / "out.mp4").exists() or (tmp_path / "out.mp4").stat().st_size == 0


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").touch()
    with pytest.raises(FilmProblem, match="0"):
        probe(tmp_path / "film.mp4")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_truncated_file_is_refused(share: float, clips: Path, tmp_path: Path) -> None:
    data = (clips / "long.mp4").read_bytes()
    (tmp_path / "film.mp4").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(FilmProblem):
        probe(tmp_path / "film.mp4")


def test_a_truncated_faststart_file_is_refused_although_it_opens(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "in.mp4").write_bytes((clips / "long.mp4").read_bytes())
    run_ffmpeg([Source("in.mp4", "mov")], ["-c", "copy", "-movflags", "+faststart", "fast.mp4"], workdir=tmp_path)
    data = (tmp_path / "fast.mp4").read_bytes()
    assert probe(tmp_path / "fast.mp4")["duration_s"] == pytest.approx(17, abs=0.1)
    (tmp_path / "cut.mp4").write_bytes(data[: int(len(data) * 0.6)])
    with pytest.raises(FilmProblem):
        probe(tmp_path / "cut.mp4")


@pytest.mark.parametrize("times", [9000, 900])
def test_frames_that_claim_to_last_hours_are_refused(times: int, clips: Path, tmp_path: Path) -> None:
    data = bytearray((clips / "long.mp4").read_bytes())
    at = data.find(b"stts")  # sample table: version, entries, then (count, duration of each)
    delta = struct.unpack_from(">I", data, at + 16)[0]
    struct.pack_into(">I", data, at + 16, delta * times)
    (tmp_path / "film.mp4").write_bytes(bytes(data))
    with pytest.raises(FilmProblem):
        probe(tmp_path / "film.mp4")


def test_a_claim_of_ten_hours_in_the_header_alone_is_not_believed(clips: Path, tmp_path: Path) -> None:
    data = bytearray((clips / "clip.mp4").read_bytes())
    for box in (b"mvhd", b"mdhd"):
        at = data.find(box)
        while at != -1:
            struct.pack_into(">I", data, at + 20, min(2**32 - 2, 36_000 * struct.unpack_from(">I", data, at + 16)[0]))
            at = data.find(box, at + 4)
    (tmp_path / "film.mp4").write_bytes(bytes(data))
    assert probe(tmp_path / "film.mp4")["duration_s"] == pytest.approx(2, abs=0.1)


def test_a_decoder_that_is_not_on_the_list_is_refused(tmp_path: Path) -> None:
    output = ["-filter_complex", "testsrc2=s=320x180:d=1[v]", "-map", "[v]", "-c:v", "ffv1", "film.mkv"]
    run_ffmpeg([], output, workdir=tmp_path)
    with pytest.raises(FilmProblem, match="ffv1"):
        probe(tmp_path / "film.mkv")


def test_a_picture_of_enormous_size_is_refused(tmp_path: Path) -> None:
    output = ["-filter_complex", "color=s=8000x4000:d=0.1:r=10[v]", "-map", "[v]", "-c:v", "mjpeg", "film.mkv"]
    run_ffmpeg([], output, workdir=tmp_path)
    with pytest.raises(FilmProblem):
        probe(tmp_path / "film.mkv")


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    run_ffmpeg([], ["-filter_complex", "sine=d=1[a]", "-map", "[a]", "-c:a", "aac", "film.m4a"], workdir=tmp_path)
    with pytest.raises(FilmProblem):
        probe(tmp_path / "film.m4a")


def test_a_name_with_quotes_and_newlines_is_only_a_name(clips: Path, tmp_path: Path) -> None:
    path = tmp_path / 'it\'s "mine"\n-i file:x;$(touch bad).mp4'
    path.write_bytes((clips / "clip.mp4").read_bytes())
    assert probe(path)["width"] == 640
    assert not (tmp_path / "bad").exists()


def test_random_bytes_are_refused() -> None:
    with pytest.raises(FilmProblem):
        sniff(bytes(range(256)) * 16)


def test_a_rotated_film_has_the_size_that_people_see(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "in.mp4").write_bytes((clips / "clip.mp4").read_bytes())
    run_ffmpeg(
        [Source("in.mp4", "mov", options=("-display_rotation", "90"))], ["-c", "copy", "turned.mp4"], workdir=tmp_path
    )
    facts = probe(tmp_path / "turned.mp4")
    assert (facts["width"], facts["height"]) == (360, 640)


def test_ffmpeg_is_killed_by_its_limits(tmp_path: Path) -> None:
    output = ["-filter_complex", "testsrc2=s=1280x720:d=3600[v]", "-map", "[v]", "-c:v", "libx264", "out.mp4"]
    with pytest.raises(FfmpegFailed):
        run_ffmpeg([], output, workdir=tmp_path, limits=Limits(cpu_s=1, wall_s=30))
    with pytest.raises(FfmpegFailed, match="time limit"):
        run_ffmpeg([], output, workdir=tmp_path, limits=Limits(cpu_s=60, wall_s=1))


def test_what_the_tick_raises_ends_ffmpeg(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def tick(seconds: float) -> None:
        raise Stop

    output = ["-filter_complex", "testsrc2=s=1280x720:d=3600[v]", "-map", "[v]", "-c:v", "libx264", "out.mp4"]
    with pytest.raises(Stop):
        run_ffmpeg([], output, workdir=tmp_path, tick=tick)
    assert not running_in(tmp_path)


def test_ffmpeg_dies_with_its_parent(tmp_path: Path) -> None:
    import subprocess
    import sys
    import time

    root = Path(__file__).parents[2]
    script = (
        f"import sys; sys.path[:0] = [{str(root)!r}, {str(root / 'site')!r}]\n"
        "from pathlib import Path; from media.ffmpeg import run_ffmpeg\n"
        "run_ffmpeg([], ['-filter_complex', 'testsrc2=s=640x360:d=3600[v]', '-map', '[v]', 'out.mp4'],"
        f" workdir=Path({str(tmp_path)!r}))"
    )
    parent = subprocess.Popen([sys.executable, "-c", script])
    try:
        deadline = time.monotonic() + 20
        while not running_in(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert running_in(tmp_path)
    finally:
        parent.kill()
        parent.wait()
    deadline = time.monotonic() + 5
    while running_in(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running_in(tmp_path)


def running_in(folder: Path) -> list[str]:
    """Process ids of the ffmpeg processes whose working folder is `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            here = entry.name.isdigit() and (entry / "cwd").resolve() == folder.resolve()
            if here and "ffmpeg" in (entry / "exe").resolve().name:
                found.append(entry.name)
        except OSError:
            continue
    return found
