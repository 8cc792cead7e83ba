"""One example of each public thing about films, for the starter site, tests, screenshots and accessibility runs."""

from datetime import timedelta
from typing import Any

from django.core.files import File
from django.utils import timezone

from media import films
from media.models import BusCut, BusProfile, Playlist, PlaylistItem, Video
from media.sampleclip import write_clip
from media.storage import work_folder

SLUG = "a-lesson-at-the-bus-stop"
CAPTIONS = """WEBVTT

00:00.400 --> 00:03.800
<v 旁白>等一趟车的工夫，也能认识一部法。

00:04.200 --> 00:07.600
<v 阿明>灯箱上写的“社区矫正”，讲的是什么？

00:07.800 --> 00:10.200
<v 老陈>不用离开家，在社区里改过。

00:10.300 --> 00:12.800
<v 老陈>有人管，也有人帮，重新来过。

00:13.000 --> 00:15.800
<v 旁白>条文和解读，网上都能读到。
"""


def starter_film(user: Any = None) -> Video:
    """The sample film: drawn by us, sent the way of every upload, public as soon as the worker has prepared it."""
    if found := Video.objects.filter(slug=SLUG).first():
        return found
    with work_folder("example") as folder:
        clip = write_clip(folder, "sample.mp4")
        with clip.open("rb") as opened:
            video = films.create_film(
                "站台上的一堂法律课",
                File(opened, name=clip.name),
                name="站台上的一堂法律课.mp4",
                user=user,
                slug=SLUG,
                summary="等一趟车的工夫，两位街坊聊起了灯箱上的那部法：社区矫正是什么，为什么不用离开家，"
                "又有谁来帮一把。有人管、也有人帮，讲的是《社区矫正法》第三条。"
                "画面由本站绘制，人物和对话均为示例。",
                credit="本站绘制（示例）",
                licence="可自由转载、放映，请注明来源",
                is_sample=True,
                published=True,
                published_on=timezone.localdate(),
            )
    films.save_captions(video, "zh-Hans", CAPTIONS, file="sample.vtt", user=user)
    return video


def bus_profile() -> BusProfile:
    """A screen as buses commonly carry it: 15 seconds, 1280×720."""
    return BusProfile.objects.get_or_create(
        name="车内屏 720p·15秒（示例）",
        defaults={"width": 1280, "height": 720, "fps": 25, "seconds": 15, "video_kbps": 4000, "size_cap_mb": 20},
    )[0]


def starter_bus_cut(user: Any = None) -> BusCut:
    """A cut of the sample film for that screen, asked for and waiting for a second person's approval."""
    video, profile = starter_film(user), bus_profile()
    version = video.versions.latest("number")
    found = BusCut.objects.filter(version__video=video, profile=profile).first()
    if found is not None:
        return found
    cut = BusCut.objects.create(version=version, profile=profile, start_s="0.50", made_by=user)
    films.ask_for(cut, user=user)
    return cut


def starter_playlist(user: Any = None) -> Playlist:
    """A month of that cut on working days and weekends, in a loop of ten minutes."""
    playlist: Playlist
    playlist, made = Playlist.objects.get_or_create(
        name="车内屏节目单（示例）",
        defaults={
            "starts_on": timezone.localdate(),
            "ends_on": timezone.localdate() + timedelta(days=30),
            "loop_s": 600,
        },
    )
    if made:
        PlaylistItem.objects.create(playlist=playlist, cut=starter_bus_cut(user), plays_per_loop=2)
    return playlist
