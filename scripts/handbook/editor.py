"""Pictures of the editors' handbook (docs/handbook/编辑手册.md)."""

from scripts.handbook.shots import Shot

SHOTS: list[Shot] = [
    Shot("editor-dashboard", "first-reviewer"),
]
