"""Long films as HLS for slow lines: two or three sizes and a sheet of small pictures from one decode.

The MP4 is public by then; this comes after it, in a job of its own, and is seen only once it is whole.
"""

import hashlib
import math
import re
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from jobs.runs import Run
from media import sprites
from media.ffmpeg import Source
from media.films import tell
from media.models import VideoRendition, VideoVersion
from media.pipeline import AUDIO, LOUDNESS, NO_METADATA, cut_short, limits_for, progress_of, target_rate, transcode
from media.probe import probe
from media.storage import delete_folder, fetch, listed, sha256_of, store, work_folder

SEGMENT_S = 6
GROUP_S = 2  # every size has its key frames at the same moments, so that a player changes without a gap
SIZES = (1080, 720, 480)
#: Highest bit rates at 25–30 fps in kbit/s; between them by area.
KBPS = {1080: 4500, 720: 2600, 480: 1100}
EXTINF = re.compile(r"^#EXTINF:([\d.]+),", re.MULTILINE)
Kind = VideoRendition.Kind


def ladder(width: int, height: int) -> list[tuple[int, int]]:
    """Sizes to make, largest first: 480 and 720 lines, 1080 where the source has them, never more than the source."""
    short = min(width, height)
    lines = [size for size in SIZES if size <= short]
    if short < 720 and (not lines or short > 1.2 * lines[0]):
        lines.insert(0, short)
    return [(_even(width * size / short), _even(height * size / short)) for size in lines]


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)


def kbps(size: tuple[int, int]) -> int:
    """Highest bit rate for a size, by its shorter side."""
    short = min(size)
    return KBPS.get(short) or max(300, round(KBPS[720] * (short / 720) ** 1.5))


def make(version: VideoVersion, run: Run) -> None:
    """Make and publish the stream of `version`; its MP4 and its state are left alone."""
    with work_folder(f"stream-{version.pk}") as folder:
        fetch(version.file, folder / "original")
        run.progress(1, _("Examining the file"))
        facts = probe(folder / "original")
        sizes = ladder(facts["width"], facts["height"])
        sprite = sprites.plan(facts["duration_s"], *sizes[-1])
        transcode(
            [Source("original", facts["container"])],
            command(sizes, sprite, facts),
            folder,
            limits=limits_for(facts["duration_s"] * len(sizes)),
            tick=progress_of(run, facts["duration_s"], 2, 94, _("Transcoding for slow lines")),
        )
        sprite.put_together(sorted(folder.glob("tile*.jpg")), folder / "sprite.jpg")
        (folder / "thumbs.vtt").write_text(sprite.vtt("sprite.jpg", facts["duration_s"]), encoding="utf-8")
        run.progress(95, _("Checking the result"))
        check(folder, sizes, facts)
        run.progress(97, _("Putting it in place"))
        put_in_place(version, folder, sizes, sprite)


def command(sizes: list[tuple[int, int]], sprite: sprites.Sprite, facts: dict[str, Any]) -> list[str]:
    """ffmpeg's output arguments: one decode, split to every size and to the sheet of pictures.

    Each size carries its own sound: the light build of hls.js knows no separate sound tracks.
    """
    rate = target_rate(facts["fps"])
    count = len(sizes)
    places = range(count)
    graph = [
        f"[0:V:0]split={count + 1}{''.join(f'[p{place}]' for place in places)}[tiles]",
        f"[tiles]{sprite.filters}[sprite]",
    ]
    for place, (width, height) in enumerate(sizes):
        steady = f"fps={rate.numerator}/{rate.denominator}"
        graph.append(f"[p{place}]{steady},scale={width}:{height},setsar=1,format=yuv420p[v{place}]")
    if facts["audio"]:
        ends = "".join(f"[a{place}]" for place in places)
        graph.append(f"[0:a:0]{LOUDNESS},aresample=48000,asplit={count}{ends}")
    output = ["-filter_complex", ";".join(graph)]
    for place, size in enumerate(sizes):
        output += ["-map", f"[v{place}]", f"-maxrate:v:{place}", f"{kbps(size)}k", f"-bufsize:v:{place}"]
        output += [f"{2 * kbps(size)}k", *(["-map", f"[a{place}]"] if facts["audio"] else [])]
    group = str(round(GROUP_S * rate))
    output += ["-c:v", "libx264", "-profile:v", "high", "-preset", "fast", "-crf", "23", "-threads", "2"]
    output += ["-g", group, "-keyint_min", group, "-sc_threshold", "0", *(AUDIO if facts["audio"] else [])]
    output += [*NO_METADATA, "-f", "hls", "-hls_time", str(SEGMENT_S), "-hls_playlist_type", "vod"]
    # One file for each size, its segments found by byte range: a film is a handful of files, not hundreds.
    output += ["-hls_segment_type", "fmp4", "-hls_flags", "single_file+independent_segments"]
    output += ["-hls_segment_filename", "v%v.m4s", "-master_pl_name", "master.m3u8"]
    pairs = [f"v:{place},a:{place}" if facts["audio"] else f"v:{place}" for place in places]
    output += ["-var_stream_map", " ".join(pairs), "v%v.m3u8"]
    output += ["-map", "[sprite]", "-fps_mode", "passthrough", "-frames:v", str(sprite.count), "-c:v", "mjpeg"]
    return [*output, "-q:v", "3", *NO_METADATA, "-f", "image2", "tile%03d.jpg"]


def check(folder: Path, sizes: list[tuple[int, int]], facts: dict[str, Any]) -> None:
    """Every size is there, whole, and what its play list says; nothing unchecked is ever shown."""
    slack_s = max(1.0, 0.02 * facts["duration_s"])
    master = (folder / "master.m3u8").read_text(encoding="utf-8")
    for place, size in enumerate(sizes):
        made = probe(folder / f"v{place}.m4s")
        listed_s = math.fsum(map(float, EXTINF.findall((folder / f"v{place}.m3u8").read_text(encoding="utf-8"))))
        whole = max(abs(listed_s - facts["duration_s"]), abs(made["held_s"] - facts["duration_s"])) <= slack_s
        coded = made["video_codec"] == "h264" and (made["width"], made["height"]) == size
        sound = bool(made["audio"]) == bool(facts["audio"])
        if not (whole and coded and sound and f"v{place}.m3u8" in master):
            raise cut_short(listed_s, facts["duration_s"])


def put_in_place(version: VideoVersion, folder: Path, sizes: list[tuple[int, int]], sprite: sprites.Sprite) -> None:
    """Store every file below a folder named by their digests, then show them in one transaction."""
    names = [name for place in range(len(sizes)) for name in (f"v{place}.m4s", f"v{place}.m3u8")]
    names += ["sprite.jpg", "thumbs.vtt", "master.m3u8"]
    sums = {name: sha256_of(folder / name) for name in names}
    digest = hashlib.sha256("".join(f"{sha256}  {name}\n" for name, (sha256, _size) in sums.items()).encode())
    target = f"films/{version.token}/stream-{digest.hexdigest()[:8]}"
    for name in names:
        place = f"{target}/{name}"
        if default_storage.exists(place):  # from an attempt that was cut short
            if default_storage.size(place) == sums[name][1]:
                continue
            default_storage.delete(place)
        store(default_storage, folder / name, place)
    total = sum(size for _sha256, size in sums.values())
    sheet = {"width": sprite.sheet_width, "height": sprite.sheet_height}
    rows = {
        Kind.STREAM: {
            "file": f"{target}/master.m3u8",
            "width": sizes[0][0],
            "height": sizes[0][1],
            "bit_rate": 1000 * kbps(sizes[0]),
            "sha256": digest.hexdigest(),
            "size_bytes": total,
            "facts": {"sizes": [list(size) for size in sizes]},
        },
        Kind.SPRITE: {
            **sheet,
            "file": f"{target}/sprite.jpg",
            "sha256": sums["sprite.jpg"][0],
            "size_bytes": sums["sprite.jpg"][1],
            "facts": sprite.facts(),
        },
        Kind.THUMBS: {
            **sheet,
            "file": f"{target}/thumbs.vtt",
            "sha256": sums["thumbs.vtt"][0],
            "size_bytes": sums["thumbs.vtt"][1],
        },
    }
    with transaction.atomic():
        for kind, values in rows.items():
            version.renditions.update_or_create(kind=kind, defaults=values)
        transaction.on_commit(lambda: tidy(version))
        tell(version.video)


def tidy(version: VideoVersion) -> None:
    """Delete stream folders of `version` that no row names: of attempts cut short, or of the run before."""
    shown = {Path(str(made.file.name)).parent.name for made in version.renditions.filter(kind=Kind.STREAM)}
    base = f"films/{version.token}"
    for name in listed(default_storage, base)[0]:
        if name.startswith("stream-") and name not in shown:
            delete_folder(default_storage, f"{base}/{name}")
