"""Films as phones and cameras make them, and what tries to pass for one: what comes out, and what never does."""

import struct
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File

from jobs.worker import work_once
from media import buscuts, films, pipeline
from media.errors import FilmProblem
from media.ffmpeg import FfmpegFailed, Source, run_ffmpeg
from media.models import BusCut, BusProfile, State, Video
from media.probe import probe

pytestmark = pytest.mark.django_db
TRACES = (b"loci", b"PhoneOfSomebody", b"secret", b"+22.5787")  # what the test clip carries of its place and device


def make_film(path: Path, **fields: Any) -> Video:
    with path.open("rb") as file:
        video = films.create_film("片", File(file), name=path.name, **fields)
    work_once()
    return Video.objects.get(pk=video.pk)


def made_of(video: Video) -> dict[str, Any]:
    assert video.current_version is not None, video.newest_version.message
    return probe(Path(video.film_file.file.path))


def test_a_film_of_varying_rate_comes_out_steady(tmp_path: Path) -> None:
    graph = "testsrc2=s=320x180:r=30:d=4,select='lt(t,2)+not(mod(n,5))'[v]"
    output = ["-filter_complex", graph, "-map", "[v]", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast"]
    run_ffmpeg([], [*output, "-pix_fmt", "yuv420p", "vfr.mp4"], workdir=tmp_path)
    before = probe(tmp_path / "vfr.mp4")
    assert before["fps"] not in (24, 25, 30)
    made = made_of(make_film(tmp_path / "vfr.mp4"))
    assert made["fps"] in (25, 30)
    assert made["frames"] == pytest.approx(made["fps"] * before["duration_s"], abs=2)


def test_a_film_held_upright_stays_upright(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "in.mp4").write_bytes((clips / "clip.mp4").read_bytes())
    turned = Source("in.mp4", "mov", options=("-display_rotation", "90"))
    run_ffmpeg([turned], ["-c", "copy", "turned.mp4"], workdir=tmp_path)
    video = make_film(tmp_path / "turned.mp4")
    made = made_of(video)
    assert (made["width"], made["height"], made["rotation"]) == (360, 640, 0)
    assert (video.poster.width, video.poster.height) == (360, 640)


def test_a_high_dynamic_range_film_is_told_to_be_one(tmp_path: Path) -> None:
    output = ["-filter_complex", "testsrc2=s=320x180:d=1[v]", "-map", "[v]", "-c:v", "libx265", "-preset", "ultrafast"]
    output += ["-pix_fmt", "yuv420p10le", "-color_trc", "arib-std-b67", "-color_primaries", "bt2020"]
    output += ["-colorspace", "bt2020nc", "-x265-params", "transfer=arib-std-b67:colorprim=bt2020:colormatrix=bt2020nc"]
    run_ffmpeg([], [*output, "hdr.mp4"], workdir=tmp_path)
    video = make_film(tmp_path / "hdr.mp4")
    assert video.current_version.probe["hdr"] is True
    assert "HDR" in video.current_version.message
    assert made_of(video)["pixel_format"] == "yuv420p"


def test_odd_sizes_and_pixels_that_are_not_square_come_out_even_and_square(tmp_path: Path) -> None:
    output = [
        "-filter_complex",
        "testsrc2=s=321x181:d=1,format=yuv444p,setsar=4/3[v]",
        "-map",
        "[v]",
        "-c:v",
        "libx264",
    ]
    run_ffmpeg([], [*output, "-preset", "ultrafast", "odd.mkv"], workdir=tmp_path)
    made = made_of(make_film(tmp_path / "odd.mkv"))
    assert (made["width"], made["height"]) == (428, 180)


def test_sound_without_a_picture_is_refused_in_words(tmp_path: Path) -> None:
    run_ffmpeg([], ["-filter_complex", "sine=d=1[a]", "-map", "[a]", "-c:a", "aac", "sound.m4a"], workdir=tmp_path)
    with (tmp_path / "sound.m4a").open("rb") as file:
        video = films.create_film("声", File(file), name="sound.m4a")
    work_once()
    version = video.newest_version
    assert version.state == State.FAILED
    assert "声音" in version.message


def test_no_output_of_any_kind_carries_place_or_device(clips: Path, monkeypatch: Any, people: Any) -> None:
    monkeypatch.setattr(pipeline, "STREAM_S", 1)
    original = (clips / "clip.mp4").read_bytes()
    assert all(trace in original for trace in TRACES[:3])
    video = make_film(clips / "clip.mp4", user=people.editor)
    stream = Path(video.stream.file.path).parent
    made = [Path(row.file.path) for row in video.current_version.renditions.all()] + list(stream.iterdir())
    assert len({path.suffix for path in made}) == 5  # mp4, jpg, m3u8, m4s, vtt
    for path in made:
        data = path.read_bytes()
        assert not [trace for trace in TRACES if trace in data], path.name


def test_a_bus_cut_carries_neither(clips: Path, tmp_path: Path, people: Any) -> None:
    (tmp_path / "in.mp4").write_bytes((clips / "long.mp4").read_bytes())
    tags = ["-metadata", "location=+22.5787+113.0819/", "-metadata:s:v:0", "handler_name=PhoneOfSomebody"]
    run_ffmpeg([Source("in.mp4", "mov")], ["-c", "copy", *tags, "tagged.mp4"], workdir=tmp_path)
    assert b"loci" in (tmp_path / "tagged.mp4").read_bytes()
    video = make_film(tmp_path / "tagged.mp4", user=people.editor)
    profile = BusProfile.objects.create(name="试屏", width=320, height=180, video_kbps=500)
    cut = BusCut.objects.create(version=video.current_version, profile=profile, made_by=people.editor)
    films.ask_for(cut)
    work_once()
    cut = BusCut.objects.get()
    assert cut.state == State.READY, cut.message
    assert not [trace for trace in TRACES if trace in cut.file.open().read()]
    assert buscuts.signatures(cut) == []


@pytest.mark.parametrize(
    ("demuxer", "text"),
    [
        ("hls", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\nneighbour.mp4\n#EXT-X-ENDLIST\n"),
        ("concat", "ffconcat version 1.0\nfile neighbour.mp4\n"),
        ("dash", '<?xml version="1.0"?><MPD type="static"><Period><BaseURL>neighbour.mp4</BaseURL></Period></MPD>'),
        ("sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n"),
    ],
)
def test_no_list_of_other_files_is_followed_whatever_demuxer_is_forced(
    demuxer: str, text: str, clips: Path, tmp_path: Path
) -> None:
    (tmp_path / "neighbour.mp4").write_bytes((clips / "clip.mp4").read_bytes())
    (tmp_path / "film.mp4").write_text(text)
    for formats in ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"):
        with pytest.raises(FfmpegFailed):
            run_ffmpeg([Source("film.mp4", demuxer, formats=formats)], ["-c", "copy", "out.mp4"], workdir=tmp_path)
    assert not (tmp_path / "out.mp4").exists() or not (tmp_path / "out.mp4").stat().st_size


def test_a_small_file_that_claims_a_gigantic_picture_does_not_swell(clips: Path, tmp_path: Path) -> None:
    """A decompression bomb: the header's picture is 60,000 pixels wide."""
    data = bytearray((clips / "clip.mp4").read_bytes())
    at = data.find(b"avc1", data.find(b"stsd"))  # sample entry: width and height 28 bytes after its name
    struct.pack_into(">HH", data, at + 28, 60_000, 60_000)
    track = data.find(b"tkhd")  # the track's own size, 16.16 fixed point
    struct.pack_into(">II", data, track + 4 + 76, 60_000 << 16, 60_000 << 16)
    (tmp_path / "bomb.mp4").write_bytes(bytes(data))
    try:
        facts = probe(tmp_path / "bomb.mp4")
    except FilmProblem:
        return
    # The frames themselves decide: the claim is not believed, and nothing larger than they are is ever made.
    assert (facts["coded_width"], facts["coded_height"]) == (640, 360)
    assert (facts["width"], facts["height"]) == (640, 360)


def test_frames_that_unpack_to_gigabytes_are_refused(tmp_path: Path) -> None:
    """A few kilobytes of one colour, 8192 × 4608 each."""
    graph = "color=c=black:s=8192x4608:r=1:d=2[v]"
    output = ["-filter_complex", graph, "-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1"]
    run_ffmpeg([], [*output, "-pix_fmt", "yuv420p", "bomb.mp4"], workdir=tmp_path)
    assert (tmp_path / "bomb.mp4").stat().st_size < 200_000
    with pytest.raises(FilmProblem):
        probe(tmp_path / "bomb.mp4")


def test_a_file_name_with_quotes_and_newlines_goes_the_whole_way(clips: Path) -> None:
    name = "it's \"mine\"\n; $(touch bad) 'x'.mp4"
    with (clips / "clip.mp4").open("rb") as file:
        video = films.create_film("名", File(file), name=name)
    work_once()
    video = Video.objects.get(pk=video.pk)
    assert video.current_version.state == State.READY
    assert video.current_version.original_name == name
    assert all(row.file.name.isascii() and '"' not in row.file.name for row in video.current_version.renditions.all())


def test_a_full_disk_ends_the_job_with_a_sentence(clips: Path, monkeypatch: Any) -> None:
    import errno

    def full(*args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pipeline, "fetch", full)
    with (clips / "clip.mp4").open("rb") as file:
        video = films.create_film("满", File(file), name="a.mp4")
    work_once()
    version = video.newest_version
    assert (version.state, version.latest_job().state, version.latest_job().attempts) == ("failed", "failed", 1)
    assert "磁盘" in version.message
