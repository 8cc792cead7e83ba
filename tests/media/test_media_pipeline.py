"""From upload to public page through the worker, and what may go wrong on the way."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from jobs.models import Job
from jobs.queue import cancel
from jobs.worker import work_once
from media import films, pipeline
from media.errors import FilmProblem
from media.ffmpeg import FfmpegFailed, Source, run_ffmpeg
from media.models import State, Video, VideoVersion
from media.probe import probe
from trust.approvals import OwnWork
from trust.errors import InputError
from trust.models import AuditEvent

pytestmark = pytest.mark.django_db
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\n旁白：早上好\n\n00:01.000 --> 00:02.000\n上车了\n"


def make_film(upload: Any, name: str = "clip.mp4", **fields: Any) -> Video:
    return films.create_film("站台上的一课", upload(name), name=name, **fields)


def fresh(made: Any) -> Any:
    return type(made).objects.get(pk=made.pk)


def test_a_film_becomes_ready_with_mp4_and_poster(upload: Any, people: Any) -> None:
    video = make_film(upload, user=people.editor)
    assert video.slug.isascii()
    assert video.current_version is None
    assert work_once() == 1
    video = fresh(video)
    version = video.current_version
    assert (version.state, version.number, version.uploaded_by) == (State.READY, 1, people.editor)
    made = probe(Path(video.film_file.file.path))
    assert (made["video_codec"], made["pixel_format"], made["audio"]["rate"]) == ("h264", "yuv420p", 48000)
    assert made["duration_s"] == pytest.approx(2, abs=0.1)
    assert (video.film_file.width, video.film_file.height) == (640, 360)
    assert video.poster.file.open().read(3) == b"\xff\xd8\xff"
    job = version.latest_job()
    assert (job.state, job.progress) == (Job.State.DONE, 100)
    assert not list((Path(pipeline.__file__).parent).glob("*.mp4"))


def test_the_index_of_the_mp4_comes_first_so_that_it_plays_while_loading(upload: Any) -> None:
    video = make_film(upload)
    work_once()
    head = fresh(video).film_file.file.open().read()
    assert head.index(b"moov") < head.index(b"mdat")


def test_place_and_device_stay_with_the_private_original(upload: Any, clips: Path) -> None:
    traces = (b"loci", b"PhoneOfSomebody", b"secret")  # `loci` is the box of a place
    assert all(trace in (clips / "clip.mp4").read_bytes() for trace in traces)
    video = make_film(upload)
    work_once()
    version = fresh(video).current_version
    for rendition in version.renditions.all():
        data = rendition.file.open().read()
        assert not any(trace in data for trace in traces)
    assert version.file.open().read() == (clips / "clip.mp4").read_bytes()
    assert not default_storage.exists(version.file.name)


def test_a_silent_film_stays_silent(upload: Any) -> None:
    video = make_film(upload, "silent.mp4")
    work_once()
    assert probe(Path(fresh(video).film_file.file.path))["audio"] is None


def test_an_edit_made_during_the_transcode_survives(upload: Any, monkeypatch: Any) -> None:
    video = make_film(upload)
    transcode = pipeline.make_mp4

    def edit_meanwhile(*args: Any) -> Any:
        edited = fresh(video)
        edited.title, edited.summary = "改过的题目", "转码时写下的简介"
        edited.save()
        return transcode(*args)

    monkeypatch.setattr(pipeline, "make_mp4", edit_meanwhile)
    work_once()
    video = fresh(video)
    assert (video.title, video.summary) == ("改过的题目", "转码时写下的简介")
    assert video.current_version.state == State.READY


def test_the_old_version_plays_until_the_new_one_is_ready(upload: Any) -> None:
    video = make_film(upload)
    work_once()
    second = films.add_version(fresh(video), upload("silent.mp4"), name="again.mp4")
    assert (second.number, fresh(video).current_version.number) == (2, 1)
    work_once()
    assert fresh(video).current_version == second
    films.ask_for(VideoVersion.objects.get(video=video, number=1))
    work_once()
    assert fresh(video).current_version == second  # an old version made again does not come back


def test_a_version_is_immutable(upload: Any) -> None:
    version = make_film(upload).newest_version
    version.original_name = "other.mp4"
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.save(update_fields=["sha256"])
    version.save(update_fields=["message"])


def test_a_bad_upload_is_refused_before_anything_is_kept(people: Any) -> None:
    with pytest.raises(FilmProblem):
        films.create_film("坏", SimpleUploadedFile("a.mp4", b"ffconcat version 1.0\n"), name="a.mp4")
    with pytest.raises(FilmProblem):
        films.create_film("空", SimpleUploadedFile("a.mp4", b""), name="a.mp4")
    assert not Video.objects.exists()
    assert not Job.objects.exists()


def test_a_damaged_film_fails_with_a_sentence_and_shows_nothing(clips: Path) -> None:
    data = (clips / "long.mp4").read_bytes()
    video = films.create_film("断", SimpleUploadedFile("a.mp4", data[: len(data) // 2]), name="a.mp4")
    work_once()
    version = video.newest_version
    assert (version.state, fresh(video).current_version) == (State.FAILED, None)
    assert version.message == version.latest_job().error != ""
    assert not version.renditions.exists()


def test_a_cancelled_job_leaves_a_failed_version_and_no_folder(upload: Any, monkeypatch: Any, settings: Any) -> None:
    video = make_film(upload)
    make = pipeline.make_mp4

    def cancel_first(folder: Path, facts: Any, run: Any) -> Any:
        cancel(run.job)
        run.progress(3, "about to stop")
        return make(folder, facts, run)

    monkeypatch.setattr(pipeline, "make_mp4", cancel_first)
    work_once()
    version = video.newest_version
    assert (version.state, version.latest_job().state) == (State.FAILED, Job.State.CANCELLED)
    assert not list((Path(settings.WORK_ROOT) / "media").iterdir())


def test_an_unexpected_death_is_tried_again_and_can_succeed(upload: Any, monkeypatch: Any) -> None:
    video = make_film(upload)

    def killed(*args: Any, **kwargs: Any) -> Any:
        raise FfmpegFailed(-9, "killed")

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "run_ffmpeg", killed)
        work_once()
    job = video.newest_version.latest_job()
    assert (job.state, job.attempts) == (Job.State.QUEUED, 1)
    Job.objects.update(run_after=job.created_at)
    work_once()
    assert fresh(video).current_version.state == State.READY


def test_nothing_of_an_unpublished_film_is_public(upload: Any, client: Any, people: Any) -> None:
    video = make_film(upload, user=people.editor)
    films.save_captions(video, "zh-Hans", CAPTIONS, file="a.vtt", user=people.editor)
    addresses = [
        f"/video/{video.slug}/",
        f"/video/{video.slug}/captions/zh-Hans.vtt",
        f"/video/{video.slug}/transcript.txt",
    ]
    for _step in ("not ready", "ready, not published"):
        assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
        assert not Video.public_objects().exists()
        assert not list(Video.sitemap_items())
        work_once()
    video = fresh(video)
    assert films.publish(video, user=people.editor) == []
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    films.withdraw(video, user=people.editor)
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert AuditEvent.objects.filter(action="film.withdraw", actor=people.editor).exists()


def test_a_film_without_captions_is_published_only_with_a_reason(upload: Any) -> None:
    video = make_film(upload)
    work_once()
    video = fresh(video)
    assert films.publish(video)
    assert not fresh(video).published
    Video.objects.filter(pk=video.pk).update(no_captions_reason="片中没有人声")
    assert films.publish(fresh(video)) == []
    assert fresh(video).is_public


def test_outside_the_demo_only_reviewed_captions_are_served(
    upload: Any, client: Any, people: Any, settings: Any
) -> None:
    settings.DEMO = False
    video = make_film(upload)
    work_once()
    video = fresh(video)
    first = films.save_captions(video, "zh-Hans", CAPTIONS, file="a.vtt", user=people.editor)
    assert films.publish(video)  # not reviewed: as if there were none
    with pytest.raises(OwnWork):
        films.review_captions(first, user=people.editor)
    films.review_captions(first, user=people.reviewer)
    assert films.publish(video) == []
    films.save_captions(video, "zh-Hans", CAPTIONS.replace("早上好", "晚上好"), file="b.vtt", user=people.editor)
    served = client.get(f"/video/{video.slug}/captions/zh-Hans.vtt")
    assert served["Content-Type"] == "text/vtt; charset=utf-8"
    assert "早上好" in served.text
    assert "晚上好" not in served.text


def test_captions_past_the_end_of_the_film_are_refused(upload: Any) -> None:
    video = make_film(upload)
    work_once()
    with pytest.raises(InputError):
        films.save_captions(fresh(video), "zh-Hans", "00:00:10.000 --> 00:00:12.000\n太晚\n", file="a.srt")


def test_the_film_says_its_text_to_search_and_to_citations(upload: Any) -> None:
    video = make_film(upload, summary="两位街坊聊起一部法。")
    films.save_captions(video, "zh-Hans", CAPTIONS, file="a.vtt")
    assert "早上好" in video.search_text()
    assert list(video.citation_texts()) == ["两位街坊聊起一部法。", "早上好", "上车了"]


def test_a_slug_is_made_once_and_never_twice(upload: Any) -> None:
    first, second = make_film(upload), make_film(upload)
    assert first.slug != second.slug
    slug = first.slug
    first.title = "另一个题目"
    first.save()
    assert fresh(first).slug == slug


@pytest.mark.parametrize("volume", ["0.02", "0.9"])
def test_quiet_films_and_loud_ones_sound_alike(tmp_path: Path, volume: str) -> None:
    """EBU R 128 in one pass: −16 LUFS within 1.5, and no peak above −1 dBTP."""
    sound = f"anoisesrc=color=pink:d=20:seed=1,volume={volume}[a]"
    graph = f"testsrc2=s=320x180:r=25:d=20[v];{sound}"
    output = ["-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "ultrafast"]
    run_ffmpeg([], [*output, "-pix_fmt", "yuv420p", "-c:a", "aac", "loud.mp4"], workdir=tmp_path)
    film = films.create_film("响度", SimpleUploadedFile("a.mp4", (tmp_path / "loud.mp4").read_bytes()), name="a.mp4")
    work_once()
    made = Video.objects.get(pk=film.pk).film_file
    assert made is not None
    measure = ["-map", "0:a:0", "-af", "loudnorm=print_format=json", "-f", "null", "-"]
    (tmp_path / "made.mp4").write_bytes(Path(made.file.path).read_bytes())
    said = run_ffmpeg([Source("made.mp4", "mov")], measure, workdir=tmp_path)
    heard = json.loads(said[said.rindex("{") : said.rindex("}") + 1])
    assert abs(float(heard["input_i"]) + 16) <= 1.5
    assert float(heard["input_tp"]) <= -1
