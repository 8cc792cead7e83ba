"""Pictures of the film handbook (docs/handbook/视频.md)."""

from scripts.handbook.shots import Shot

SHOTS: list[Shot] = [
    Shot("film-list", "video-editor", "/admin/films/list/"),
]
