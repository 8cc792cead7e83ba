"""What staff do with films: upload, caption, review, publish. Each checks, writes, leaves a trail and tells."""

from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Collection

from jobs.queue import enqueue
from media.captions import parse, to_vtt
from media.errors import FilmProblem
from media.limits import MAX_FILE_BYTES
from media.magic import HEAD_BYTES, sniff
from media.models import CaptionRevision, CaptionTrack, State, Video, VideoVersion
from media.signals import film_changed
from media.storage import sha256_of
from trust import release
from trust.approvals import approve
from trust.audit import record

CAPTION_STEP = "captions"
STREAM_S = 180  # seconds; a longer film is also offered as HLS
STREAM_PRIORITY = 10
LONG_BYTES = 200 * 1024**2


def check_upload(file: Any) -> None:
    """Refuse early what cannot be a film: one check for every way a file comes in. Raises FilmProblem."""
    check_size(file.size)
    file.seek(0)
    sniff(file.read(HEAD_BYTES))
    file.seek(0)


def check_size(size_bytes: int) -> None:
    """Refuse by size alone, before anything is sent. Raises FilmProblem."""
    if size_bytes > MAX_FILE_BYTES:
        raise FilmProblem(_("The file is larger than %(limit)d GB.") % {"limit": MAX_FILE_BYTES // 1024**3})
    if size_bytes <= 0:
        sniff(b"")


@transaction.atomic
def add_version(video: Video, file: "File[bytes]", *, name: str, user: Any = None) -> VideoVersion:
    """Keep `file` as the film's next version and ask the worker for it; the one before plays until this is ready."""
    check_upload(file)
    sha256, size = sha256_of(file)
    file.seek(0)
    newest = video.newest_version
    version = VideoVersion(
        video=video,
        number=(newest.number if newest else 0) + 1,
        original_name=name.replace("\x00", "")[-200:],
        sha256=sha256,
        size_bytes=size,
        uploaded_by=user,
    )
    version.file.save("original", file, save=False)
    version.save()
    record("film.upload", actor=user, subject=video, detail={"version": version.number, "sha256": sha256})
    ask_for(version, user=user)
    return version


def ask_for(made: Any, *, user: Any = None) -> Any:
    """Ask the worker to make this row (a version, a cut, a package), or to make it anew. Returns the job.

    What is ready stays ready meanwhile: its files serve until the new ones take their place.
    """
    if made.state != State.READY:
        made.mark(state=State.WAITING, message="")
    size = getattr(made, "size_bytes", 0)
    argument = made.job_kind.rpartition(".")[2]
    return enqueue(
        made.job_kind, {argument: made.pk}, key=made.job_key, priority=5 if size > LONG_BYTES else 0, user=user
    )


def ask_for_stream(version: VideoVersion, *, user: Any = None) -> Any:
    """Ask for the HLS stream of a long film; it waits behind everything short. Returns the job."""
    return enqueue(
        VideoVersion.stream_kind, {"stream": version.pk}, key=version.stream_key, priority=STREAM_PRIORITY, user=user
    )


@transaction.atomic
def create_film(title: str, file: "File[bytes]", *, name: str, user: Any = None, **fields: Any) -> Video:
    """A new film with its first version, in the root collection unless told otherwise."""
    collection = fields.pop("collection", None) or Collection.get_first_root_node()
    video = Video.objects.create(title=title, collection=collection, created_by=user, **fields)
    add_version(video, file, name=name, user=user)
    return video


@transaction.atomic
def save_captions(video: Video, language: str, text: str, *, file: str, user: Any = None) -> CaptionRevision:
    """Check `text` (WebVTT or SRT) and keep it as the next revision. Raises InputError with rows."""
    version = video.current_version or video.newest_version
    cues = parse(text, file=file, duration_s=version.duration_s or None if version else None)
    track, _made = CaptionTrack.objects.get_or_create(video=video, language=language)
    revision = track.add_revision(to_vtt(cues), author=user)
    record("captions.save", actor=user, subject=video, detail={"language": language, "revision": revision.number})
    tell(video)
    return revision


def review_captions(revision: CaptionRevision, *, user: Any) -> None:
    """Sign the exact text as somebody other than its author. Raises trust.approvals.OwnWork or AlreadyApproved."""
    approve(revision, sha256=revision.sha256, step=CAPTION_STEP, person=user, makers=[revision.author])
    CaptionRevision.objects.filter(pk=revision.pk).update(reviewed_by=user, reviewed_on=timezone.localdate())
    tell(revision.track.video)


def why_not_public(video: Video) -> list[str]:
    """Sentences that say what is missing before visitors could see the film; empty when nothing is."""
    missing = []
    if video.current_version is None:
        missing.append(_("No version of the film is ready yet."))
    if not video.served_captions() and not video.no_captions_reason:
        missing.append(_("The film has no reviewed captions and no reason why not."))
    return [*missing, *release.why_not(video)]


@transaction.atomic
def publish(video: Video, *, user: Any = None) -> list[str]:
    """Show the film to visitors, or return why that cannot be."""
    if missing := why_not_public(video):
        return missing
    day = video.published_on or timezone.localdate()
    Video.objects.filter(pk=video.pk).update(published=True, published_on=day)
    video.published, video.published_on = True, day
    record("film.publish", actor=user, subject=video)
    tell(video)
    return []


@transaction.atomic
def withdraw(video: Video, *, user: Any = None) -> None:
    """Take the film off the public site; its address and everything else stays."""
    Video.objects.filter(pk=video.pk).update(published=False)
    video.published = False
    record("film.withdraw", actor=user, subject=video)
    tell(video)


def tell(video: Video) -> None:
    """Let search, citations and whoever listens look at the film again, after the commit."""

    def after() -> None:
        fresh = Video.objects.filter(pk=video.pk).first()
        if fresh is not None:
            fresh.save(update_fields=["updated_at"])  # its captions may have changed, and no signal tells of them
            film_changed.send(sender=Video, video=fresh)

    transaction.on_commit(after)
