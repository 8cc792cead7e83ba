"""The laws that this site needs from a corpus of many: what to call them in addresses, and where they are listed."""

from dataclasses import dataclass

from lawbook.models.laws import Topic


@dataclass(frozen=True)
class ListedLaw:
    """`title` without 中华人民共和国; the first one of `LISTED` is what bare numbers mean on a new site."""

    title: str
    slug: str
    topic: Topic


LISTED = (
    ListedLaw("社区矫正法", "community-correction", Topic.CORRECTION),
    ListedLaw("刑法", "criminal-law", Topic.CRIMINAL),
    ListedLaw("刑事诉讼法", "criminal-procedure", Topic.CRIMINAL),
    ListedLaw("监狱法", "prison-law", Topic.CRIMINAL),
    ListedLaw("未成年人保护法", "protection-of-minors", Topic.MINORS),
    ListedLaw("预防未成年人犯罪法", "prevention-of-juvenile-crime", Topic.MINORS),
    ListedLaw("治安管理处罚法", "public-security-penalties", Topic.ORDER),
    ListedLaw("法律援助法", "legal-aid", Topic.HELP),
)
