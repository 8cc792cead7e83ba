"""Files go with the rows that named them, once that is committed: nothing of a deleted film stays on the disk."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from media.models import BusCut, MediaPackage, Video, VideoVersion
from media.signals import film_changed
from media.storage import delete_folder


@receiver(post_delete, sender=VideoVersion)
def delete_version_files(instance: VideoVersion, **kwargs: Any) -> None:
    original, storage, folder = instance.file.name, instance.file.storage, f"films/{instance.token}"

    def after() -> None:
        if original:
            storage.delete(original)
        delete_folder(default_storage, folder)

    transaction.on_commit(after)


@receiver(post_delete, sender=BusCut)
@receiver(post_delete, sender=MediaPackage)
def delete_private_file(instance: Any, **kwargs: Any) -> None:
    name, storage = instance.file.name, instance.file.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@receiver(post_delete, sender=Video)
def tell_of_deleted_film(instance: Video, **kwargs: Any) -> None:
    transaction.on_commit(lambda: film_changed.send(sender=Video, video=instance))
