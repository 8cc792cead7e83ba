"""The demo that `make run` serves, and a developer's desk with PUFA_DEBUG=1."""

import secrets

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import KEYS_ROOT, STATIC_ROOT, STORAGES

DEBUG = env.flag("PUFA_DEBUG", False)
DEMO = env.flag("PUFA_DEMO", True)
SECOND_FACTOR_REQUIRED = env.flag("PUFA_SECOND_FACTOR", False)
PASSWORD_DAYS = env.number("PUFA_PASSWORD_DAYS", 0)


def _secret_key() -> str:
    """A key of this installation's own, made once."""
    path = KEYS_ROOT / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = env.text("PUFA_SECRET_KEY") or _secret_key()
ALLOWED_HOSTS = env.names("PUFA_ALLOWED_HOSTS", "*")
# Collected and compressed at every start (scripts.serve), under their own names; at the desk straight from the code.
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
