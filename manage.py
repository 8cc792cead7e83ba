#!/usr/bin/env python
"""Django's command line, with `site/` added as a source root."""

import os
import sys
from pathlib import Path


def main() -> None:
    sys.path.insert(1, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed in this environment. Run `make run` once: it sets everything up."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
