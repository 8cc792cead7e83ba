"""Films, their versions and captions; bus cuts, playlists, packages and what the buses report."""

from media.models.bus import BusCut, BusProfile
from media.models.captions import CaptionRevision, CaptionTrack
from media.models.films import Video, VideoRendition, VideoVersion
from media.models.packages import MediaPackage, Playlist, PlaylistItem, PlayReport
from media.models.states import State
from media.models.uploads import Upload

__all__ = [
    "BusCut",
    "BusProfile",
    "CaptionRevision",
    "CaptionTrack",
    "MediaPackage",
    "PlayReport",
    "Playlist",
    "PlaylistItem",
    "State",
    "Upload",
    "Video",
    "VideoRendition",
    "VideoVersion",
]
