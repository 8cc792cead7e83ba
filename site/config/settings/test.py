"""The suite: its own data folder, fast passwords, SQLite or the database that PUFA_DATABASE_URL names."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("PUFA_DATA_DIR", str(Path(tempfile.gettempdir()) / f"pufa-test-{os.getpid()}"))

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, DATA_DIR, DATABASES, REDIS_URL, STORAGES

SECRET_KEY = "only-for-tests-" + "x" * 50
DEMO = True
SECOND_FACTOR_REQUIRED = False
AXES_ENABLED = False  # a test client logs in without a request; the tests of the lock-out switch it on
# A test's transaction is never committed, so a kept page would never be made anew; tests/baking turns it on.
BAKED_PAGES = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PUBLIC_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not :memory:, so that a live server, a worker and threads share it as they do in production.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
(DATA_DIR / "static").mkdir(parents=True, exist_ok=True)
if REDIS_URL:
    # Tests empty the cache. Parallel ones must not empty each other's: a Redis database for each process.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES["default"]["LOCATION"] = f"{REDIS_URL.rpartition('/')[0]}/{worker + 1}"
