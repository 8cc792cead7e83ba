"""The fingerprint of what was reviewed: the words of a revision, and the round in which they were read."""

import hashlib
import json
from typing import Any

# What Wagtail changes without anybody changing a word.
VOLATILE = frozenset(
    {
        "pk",
        "path",
        "depth",
        "numchild",
        "url_path",
        "live",
        "has_unpublished_changes",
        "live_revision",
        "latest_revision",
        "latest_revision_created_at",
        "first_published_at",
        "last_published_at",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
        "draft_title",
        "updated_at",
        "wagtail_admin_comments",
        "reviewer",
        "reviewed_on",
        "reviewed_sha256",
        "signed",
    }
)


def digest(content: dict[str, Any], round_key: str) -> str:
    """SHA-256, in hex, of a revision's content in one canonical spelling within one round of review.

    The round is part of it: a signature opens the way for one publication, not for every later return of the same
    words.
    """
    words = {name: value for name, value in content.items() if name not in VOLATILE}
    spelled = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{round_key}\n{spelled}".encode()).hexdigest()
