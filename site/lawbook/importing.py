"""From a `LawRecord` to the tables: idempotent, and with a diff against what is there."""

import re
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.search import index

from lawbook.comparing import Change, Text, align, changes
from lawbook.linking import relink_everything, relink_version
from lawbook.listed import LISTED
from lawbook.models import Article, Division, Item, Law, LawVersion, Paragraph, Topic
from lawbook.models.laws import NATION, RESERVED_SLUGS
from lawbook.sources.corpus import read_corpus, titles_in
from lawbook.sources.records import LawRecord
from trust.errors import InputError, InputProblem, gettext_noop
from trust.imports import Report
from zh.spacing import without_space

MOST_DIFFERENCES = 40


@transaction.atomic
def import_listed(corpus: Path) -> Report:
    """Take in every listed law that `corpus` has; say which it has not. Raises InputError where one is damaged."""
    total = Report()
    known = titles_in(corpus)
    for listed in LISTED:
        if not {listed.title, NATION + listed.title} & known:
            total.lines.append(_("%(law)s: not in this corpus.") % {"law": listed.title})
            continue
        law = Law.objects.filter(title__in=[listed.title, NATION + listed.title]).first()
        for record in read_corpus(corpus, listed.title):
            # A law that came in earlier keeps the address and the place that it has.
            slug = law.slug if law else listed.slug
            add_up(total, import_record(record, slug=slug, topic=listed.topic, link=False))
    if total.created:
        relink_everything()
    return total


@transaction.atomic
def import_record(
    record: LawRecord, *, slug: str = "", short_title: str = "", topic: str = Topic.OTHER, link: bool = True
) -> Report:
    """Take in one text of one law.

    The same text again, from whatever file, changes nothing; another text of a known law becomes another version.
    `topic` places a law that is new here. With `link=False` the caller calls `relink_everything` after the last of
    many texts. Raises InputError where a new law has no usable slug.
    """
    report = Report()
    law, is_new = _law(record, slug, short_title, topic)
    known = law.versions.filter(text_sha256=record.text_sha256).first()
    if known:
        _meet_again(known, record, report)
        return report
    before = law.versions.by_age().first()
    if before:
        report.lines += differences(before, record)
    version = _create_version(law, record)
    report.created += 1
    report.lines.append(
        _("%(law)s: new text with %(articles)d articles under %(divisions)d headings, fingerprint %(sha256)s")
        % {
            "law": law.title,
            "articles": len(record.articles),
            "divisions": len(record.divisions),
            "sha256": record.text_sha256[:12],
        }
    )
    if not record.effective_on:
        report.lines.append(_("The day it took effect is not known from this source: please set it in the admin."))
    if not link:
        return report
    if is_new:
        relink_everything()  # texts all over the site may have named it before it came
    else:
        relink_version(version)
    return report


def add_up(total: Report, report: Report) -> None:
    """Count `report` into `total`."""
    total.created += report.created
    total.updated += report.updated
    total.unchanged += report.unchanged
    total.removed += report.removed
    total.lines += report.lines


def _law(record: LawRecord, slug: str, short_title: str, topic: str) -> tuple[Law, bool]:
    law = Law.objects.filter(title=record.title).first()
    if law:
        if slug and slug != law.slug:
            raise _problem(record, "slug", slug, gettext_noop("the address that this law already has"))
        return law, False
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise _problem(record, "slug", slug, gettext_noop("--slug with small letters, digits and hyphens"))
    if slug in RESERVED_SLUGS or Law.objects.filter(slug=slug).exists():
        raise _problem(record, "slug", slug, gettext_noop("an address that no other law has"))
    law = Law.objects.create(
        slug=slug,
        title=record.title,
        short_title=short_title or record.title.removeprefix(NATION),
        topic=topic,
        is_default=not Law.objects.filter(is_default=True).exists(),
    )
    return law, True


def _problem(record: LawRecord, where: str, found: str, expected: str) -> InputError:
    return InputError([InputProblem(record.source, 0, where, found, expected)])


def _create_version(law: Law, record: LawRecord) -> LawVersion:
    version = LawVersion.objects.create(
        law=law,
        status=record.status.value,
        adopted_on=record.adopted_on,
        effective_on=record.effective_on,
        preamble=record.preamble,
        appendix=record.appendix,
        source=record.origin or record.source,
        source_sha256=record.source_sha256,
        text_sha256=record.text_sha256,
    )
    divisions = _create_divisions(version, record)
    articles = Article.objects.bulk_create(
        Article(
            version=version,
            division=None if article.division is None else divisions[article.division],
            number=article.key.number,
            suffix=article.key.suffix,
            label=article.key.label,
            order=order,
        )
        for order, article in enumerate(record.articles, 1)
    )
    pairs = [
        (paragraph, Paragraph(article=row, number=paragraph.number, text=paragraph.text))
        for row, article in zip(articles, record.articles, strict=True)
        for paragraph in article.paragraphs
    ]
    Paragraph.objects.bulk_create(row for _record, row in pairs)
    Item.objects.bulk_create(
        Item(paragraph=row, number=item.number, label=item.label, text=item.text)
        for paragraph, row in pairs
        for item in paragraph.items
    )
    # bulk_create sends no signal: the search index is told here.
    for article in Article.get_indexed_objects().filter(version=version):
        index.insert_or_update_object(article)
    return version


def _create_divisions(version: LawVersion, record: LawRecord) -> list[Division]:
    rows: list[Division] = []
    for order, division in enumerate(record.divisions, 1):
        rows.append(
            Division.objects.create(
                version=version,
                parent=None if division.parent is None else rows[division.parent],
                kind=division.kind.value,
                number=division.number,
                label=division.label,
                title=division.title,
                order=order,
            )
        )
    return rows


def _meet_again(version: LawVersion, record: LawRecord, report: Report) -> None:
    """The same articles from another file: keep them, and take over what the earlier file did not say."""
    taken: list[str] = []
    for name in ("adopted_on", "effective_on", "preamble"):
        if not getattr(version, name) and getattr(record, name):
            setattr(version, name, getattr(record, name))
            taken.append(name)
    if taken:
        version.save(update_fields=taken)
    if len(record.divisions) > version.divisions.count():
        _replace_divisions(version, record)
        taken.append("divisions")
    if taken:
        report.updated += 1
        report.lines.append(
            _("%(law)s: the same text; taken over from this source: %(fields)s")
            % {"law": version.law.title, "fields": ", ".join(str(FIELD_NAMES[name]) for name in taken)}
        )
    else:
        report.unchanged += 1
        report.lines.append(_("%(law)s: the same text is already here.") % {"law": version.law.title})


def _replace_divisions(version: LawVersion, record: LawRecord) -> None:
    """Finer headings over the same articles, as parts that an earlier file left out."""
    version.divisions.all().delete()
    rows = _create_divisions(version, record)
    for order, article in enumerate(record.articles, 1):
        if article.division is not None:
            version.articles.filter(order=order).update(division=rows[article.division])


FIELD_NAMES = {
    "adopted_on": LawVersion._meta.get_field("adopted_on").verbose_name,
    "effective_on": LawVersion._meta.get_field("effective_on").verbose_name,
    "preamble": LawVersion._meta.get_field("preamble").verbose_name,
    "divisions": Division._meta.verbose_name_plural,
}


def differences(version: LawVersion, record: LawRecord) -> list[str]:
    """What a new text changes in the newest one that is here, an article a line, in the order of the new text."""
    old = [Text(article.key, article.text) for article in version.articles.with_text()]
    new = [Text(article.key, article.text) for article in record.articles]
    lines = []
    for row in align(old, new):
        before, after = None if row.old is None else old[row.old], None if row.new is None else new[row.new]
        if row.change != Change.SAME:
            lines.append(_difference(before, after))
    shown = lines[:MOST_DIFFERENCES]
    if len(lines) > len(shown):
        shown.append(_("… and %(n)d more articles differ") % {"n": len(lines) - len(shown)})
    return shown


def _difference(before: Text | None, after: Text | None) -> str:
    if after is None:
        return _("- %(article)s is gone") % {"article": before.key.label if before else ""}
    if before is None:
        return _("+ %(article)s is new") % {"article": after.key.label}
    label = after.key.label
    if before.key != after.key:
        label = _("%(article)s, formerly %(number)s") % {"article": label, "number": before.key.label}
    runs = [run for run in changes(without_space(before.words), without_space(after.words)) if run.kind]
    parts = [f"[-{run.words[:30]}-]" if run.kind == "del" else f"{{+{run.words[:30]}+}}" for run in runs]
    return f"~ {label}" + (f"：{''.join(parts[:8])}" if parts else "") + (" …" if len(parts) > 8 else "")
