"""What every block of ours shares: its example is its preview in the block picker."""

from typing import Any

from pages.registry import examples


class Example:
    """Mixin for blocks: the value built by the registered example is what an editor sees before choosing the block."""

    def get_preview_value(self) -> Any:
        build = examples().get(type(self))
        return self.normalize(build()) if build else super().get_preview_value()  # type: ignore[misc, attr-defined]
