"""The StreamField of this site: migrations know that it holds JSON, and nothing of its blocks."""

from typing import Any

from wagtail.fields import StreamField as WagtailStreamField


class StreamField(WagtailStreamField):
    """A StreamField whose block definitions stay out of migrations.

    Wagtail writes every block into every migration, so that a changed label makes a new one. Ours is deconstructed
    without blocks. A historical model therefore has none, and would drop what it cannot name: without blocks the
    field hands on the stored JSON as it is, so that a data migration may read, change and save it safely.
    """

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        super().__init__(block_types, **kwargs)

    @property
    def is_historical(self) -> bool:
        return self.block_types_arg in ((), [])

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs

    def to_python(self, value: Any) -> Any:
        return value if self.is_historical else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        if self.is_historical and isinstance(value, (list, dict)):
            return value
        return super().get_prep_value(value)
