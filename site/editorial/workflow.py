"""What Wagtail calls at the end of a workflow. A setting names it, and Wagtail imports it while its own models load."""

from typing import Any


def finish(workflow_state: Any, user: Any = None) -> None:
    from editorial import review  # noqa: PLC0415 - models are not ready when this module is imported

    review.finish(workflow_state, user)
