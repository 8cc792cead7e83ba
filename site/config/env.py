"""Typed reading of the environment: the only way a production switch gets in."""

import ipaddress
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: How the connection is encrypted, in libpq's own words.
_POSTGRES_OPTIONS = ("sslmode", "sslrootcert")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; expected one of 1, 0, true, false, yes, no, on, off")


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; expected a whole number") from error


def choice(name: str, among: Sequence[str]) -> str:
    """One of `among`; the first where the variable is empty."""
    value = text(name) or among[0]
    if value not in among:
        raise ImproperlyConfigured(f"{name} is {value!r}; expected one of {', '.join(among)}")
    return value


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses and networks (`10.0.0.0/8`), separated by commas."""
    try:
        return [ipaddress.ip_network(part) for part in names(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}; expected addresses or networks such as 10.1.2.0/24") from error


def path(name: str) -> Path | None:
    """A file or folder, or None where the variable is empty."""
    value = text(name)
    return Path(value).resolve() if value else None


def files(folder: str, on_disk: dict[str, Any], address: str | None) -> dict[str, Any]:
    """Django's storage for one folder of files: on this machine's disk, or in the S3 bucket that PUFA_S3_BUCKET names.

    `on_disk` are the options of the first; `address` is where the site serves the files, None for private ones.
    """
    bucket = text("PUFA_S3_BUCKET")
    if not bucket:
        kind = "django.core.files.storage.FileSystemStorage" if address else "media.storage.PrivateDisk"
        return {"BACKEND": kind, "OPTIONS": on_disk}
    endpoint, key, secret = text("PUFA_S3_ENDPOINT"), text("PUFA_S3_KEY"), text("PUFA_S3_SECRET")
    if not (endpoint.startswith(("http://", "https://")) and key and secret):
        raise ImproperlyConfigured(
            "PUFA_S3_BUCKET also needs PUFA_S3_ENDPOINT (https://…), PUFA_S3_KEY and PUFA_S3_SECRET"
        )
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "location": folder,
        "base_url": address,
        "endpoint_url": endpoint,
        "region_name": text("PUFA_S3_REGION") or None,
        "access_key": key,
        "secret_key": secret,
        "addressing_style": choice("PUFA_S3_ADDRESSING", ["auto", "path", "virtual"]),
    }
    return {"BACKEND": "media.s3.S3Files", "OPTIONS": options}


def database(url: str, sqlite_file: Path) -> dict[str, Any]:
    """Django's settings from `postgres://user:password@host:port/name?sslmode=…`, or SQLite where `url` is empty."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_file,
            # One writer at a time: take the lock when a transaction starts, and wait for it rather than fail.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("PUFA_DATABASE_URL is not of the form postgres://user:password@host:port/name")
    options = dict(parse_qsl(parts.query))
    if strange := options.keys() - _POSTGRES_OPTIONS:
        raise ImproperlyConfigured(
            f"PUFA_DATABASE_URL has {', '.join(sorted(strange))}; after `?` may stand {', '.join(_POSTGRES_OPTIONS)}"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
