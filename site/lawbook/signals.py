"""Whatever names an article is looked at again when it is saved, goes, moves or is closed to the public."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_slug_changed, page_unpublished, post_page_move

from lawbook.linking import relink
from lawbook.models import Article, Citation


@receiver(post_save)
def relink_saved(sender: type[Any], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    # Articles come in whole texts: the import links them.
    if not raw and hasattr(sender, "citation_texts") and sender is not Article:
        relink(sender, instance.pk)


@receiver(post_delete)
def forget_deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if hasattr(sender, "citation_texts"):
        source_type = ContentType.objects.get_for_model(sender)
        Citation.objects.filter(source_type=source_type, source_id=str(instance.pk)).delete()


@receiver([page_slug_changed, page_unpublished, post_page_move])
def relink_branch(instance: Page, **kwargs: Any) -> None:
    """The addresses of everything below have changed with it."""
    for page in Page.objects.get(pk=instance.pk).get_descendants(inclusive=True).specific():
        if hasattr(page, "citation_texts"):
            relink(type(page), page.pk)


@receiver([post_save, post_delete], sender=PageViewRestriction)
def relink_restricted(instance: PageViewRestriction, **kwargs: Any) -> None:
    relink_branch(instance.page)
