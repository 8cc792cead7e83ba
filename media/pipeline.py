"""From an uploaded original to what the public plays: probe, MP4, poster, checked before anything is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jobs.runs import Run
from media import slots
from media.errors import FilmProblem
from media.ffmpeg import FfmpegFailed, Source, run_ffmpeg
from media.films import STREAM_S, ask_for_stream, tell
from media.limits import MAX_FILE_BYTES, Limits
from media.models import State, Video, VideoRendition, VideoVersion
from media.probe import probe
from media.storage import fetch, listed, sha256_of, store, work_folder

LONG_SIDE, SHORT_SIDE = 1280, 720
RATES = (Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30))
AUDIO = ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]
#: −16 LUFS suits phones and small speakers; −1.5 dBTP leaves room for lossy coding (EBU R 128, AES TD1008).
LOUDNESS = "loudnorm=I=-16:TP=-1.5:LRA=11"
#: Place, phone model and time of filming stay with the private original.
NO_METADATA = ["-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]
PIXELS = {"yuv420p", "yuvj420p"}


@dataclass(frozen=True)
class Made:
    """A finished file in the work folder and what it turned out to be."""

    kind: str
    path: Path
    name: str
    width: int
    height: int
    bit_rate: int


def process(version: VideoVersion, run: Run) -> None:
    """Make and publish every rendition of `version`. The film's pointer moves last."""
    with work_folder(f"version-{version.pk}") as folder:
        original = folder / "original"
        fetch(version.file, original)
        run.progress(1, _("Examining the file"))
        facts = probe(original)
        version.mark(probe=facts, message="", state=State.READY if version.state == State.READY else State.PROCESSING)
        film = make_mp4(folder, facts, run)
        run.progress(92, _("Making the poster"))
        poster = make_poster(folder, film, facts, run)
        run.progress(95, _("Checking the result"))
        check(film, facts)
        run.progress(97, _("Putting it in place"))
        put_in_place(version, [film, poster], facts)


def target_size(width: int, height: int) -> tuple[int, int]:
    """Even size within 1280 × 720, or 720 × 1280 for an upright film; never larger than the source."""
    longest, shortest = max(width, height), min(width, height)
    scale = min(1.0, LONG_SIDE / longest, SHORT_SIDE / shortest)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def target_rate(fps: float) -> Fraction:
    """A steady rate for a film that may vary: its own where it is a usual one, else 25 or 30."""
    near = min(RATES, key=lambda rate: abs(float(rate) - fps))
    if abs(float(near) - fps) < 0.005 * float(near):
        return near
    return Fraction(25) if 0 < fps < 27.5 else Fraction(30)


def make_mp4(folder: Path, facts: dict[str, Any], run: Run) -> Made:
    width, height = target_size(facts["width"], facts["height"])
    rate = target_rate(facts["fps"])
    picture = f"scale={width}:{height},setsar=1,fps={rate.numerator}/{rate.denominator},format=yuv420p"
    output = ["-map", "0:V:0", "-vf", picture, "-c:v", "libx264", "-profile:v", "high", "-preset", "fast"]
    output += ["-crf", "22", "-maxrate", "3M", "-bufsize", "6M", "-g", str(round(2 * rate)), "-threads", "2"]
    if facts["audio"]:
        output += ["-map", "0:a:0", "-af", f"{LOUDNESS},aresample=48000", *AUDIO]
    else:
        output += ["-an"]
    output += ["-sn", "-dn", *NO_METADATA, "-movflags", "+faststart", "-f", "mp4", "film.mp4"]
    transcode(
        [Source("original", facts["container"])],
        output,
        folder,
        limits=limits_for(facts["duration_s"]),
        tick=progress_of(run, facts["duration_s"], 3, 90, _("Transcoding")),
    )
    made = probe(folder / "film.mp4")
    bit_rate = round(8 * made["size_bytes"] / max(made["duration_s"], 0.001))
    return Made(VideoRendition.Kind.MP4, folder / "film.mp4", "film-720p", made["width"], made["height"], bit_rate)


def make_poster(folder: Path, film: Made, facts: dict[str, Any], run: Run) -> Made:
    """A frame at a tenth of the film, of the rendition's size."""
    source = Source(film.path.name, "mov", options=("-ss", f"{facts['duration_s'] / 10:.3f}"))
    picture = "scale=out_range=full,format=yuvj420p"
    output = ["-map", "0:V:0", "-frames:v", "1", "-vf", picture, "-c:v", "mjpeg", "-q:v", "3", *NO_METADATA]
    output += ["-f", "image2", "-update", "1", "poster.jpg"]
    transcode([source], output, folder, limits=limits_for(60), tick=lambda seconds: run.check())
    return Made(VideoRendition.Kind.POSTER, folder / "poster.jpg", "poster", film.width, film.height, 0)


def transcode(
    sources: list[Source],
    output: list[str],
    folder: Path,
    *,
    limits: Limits,
    tick: Callable[[float], None],
) -> str:
    """run_ffmpeg in its turn, with its failure as a sentence for a person."""
    try:
        with slots.turn(lambda: tick(0.0)):
            return run_ffmpeg(sources, output, workdir=folder, limits=limits, tick=tick)
    except FfmpegFailed as error:
        if "No space left on device" in error.tail:
            raise FilmProblem(_("The disk of the server is full. Tell the system administrator.")) from error
        if error.code in (-9, 137, -24, 152):  # killed, or over its processor time: worth another attempt
            raise
        raise FilmProblem(
            _("The film could not be converted: part of the file is damaged. Export it again as MP4 (H.264).")
        ) from error


def limits_for(duration_s: float) -> Limits:
    """Time in proportion to the film: a 4K original takes up to 20 times its length on one core."""
    cpu_s = 300 + round(40 * duration_s)
    return Limits(cpu_s=cpu_s, wall_s=cpu_s, file_bytes=MAX_FILE_BYTES)


def progress_of(run: Run, duration_s: float, low: float, high: float, note: str) -> Callable[[float], None]:
    """A tick that maps seconds of output to `low`–`high` percent of the job."""

    def tick(seconds: float) -> None:
        run.progress(low + (high - low) * min(1.0, seconds / max(duration_s, 0.1)), note)

    return tick


def check(film: Made, facts: dict[str, Any]) -> None:
    """Refuse an output that is not what was asked for: nothing unchecked is ever shown."""
    made = probe(film.path)
    whole = abs(made["duration_s"] - facts["duration_s"]) <= max(0.5, 0.02 * facts["duration_s"])
    coded = made["video_codec"] == "h264" and made["pixel_format"] in PIXELS
    if not (whole and coded and bool(made["audio"]) == bool(facts["audio"])):
        raise cut_short(made["duration_s"], facts["duration_s"])


def cut_short(made_s: float, original_s: float) -> FilmProblem:
    """What is said of an output that is not as long as its original."""
    return FilmProblem(
        _("The converted film lasts %(made).1f seconds, the original %(original).1f: part of the file is damaged.")
        % {"made": made_s, "original": original_s}
    )


def put_in_place(version: VideoVersion, files: list[Made], facts: dict[str, Any]) -> None:
    """Store the files, then show them in one transaction. Never touches a film's own fields but the pointer."""
    stored = [(made, *_store(version, made)) for made in files]
    message = _("The original is HDR; colours may look pale on the site.") if facts["hdr"] else ""
    with transaction.atomic():
        for made, name, sha256, size in stored:
            version.renditions.update_or_create(
                kind=made.kind,
                defaults={
                    "file": name,
                    "width": made.width,
                    "height": made.height,
                    "bit_rate": made.bit_rate,
                    "sha256": sha256,
                    "size_bytes": size,
                },
            )
        version.mark(state=State.READY, message=message)
        older = Q(current_version__isnull=True) | Q(current_version__number__lt=version.number)
        Video.objects.filter(older, pk=version.video_id).update(current_version=version)
        if facts["duration_s"] > STREAM_S:
            ask_for_stream(version)
        transaction.on_commit(lambda: tidy(version))
        tell(version.video)


def tidy(version: VideoVersion) -> None:
    """Delete the files of `version` that no row names: of attempts cut short, or of the run before.

    The folders of streams are the stream's own affair.
    """
    base = f"films/{version.token}"
    shown = {Path(str(made.file.name)).name for made in version.renditions.all()}
    for name in listed(default_storage, base)[1]:
        if name not in shown:
            default_storage.delete(f"{base}/{name}")


def _store(version: VideoVersion, made: Made) -> tuple[str, str, int]:
    sha256, size = sha256_of(made.path)
    name = f"films/{version.token}/{made.name}-{sha256[:8]}{made.path.suffix}"
    if default_storage.exists(name):  # the same bytes from an attempt that was cut short, or from the last run
        if default_storage.size(name) == size:
            return name, sha256, size
        default_storage.delete(name)
    return store(default_storage, made.path, name), sha256, size
