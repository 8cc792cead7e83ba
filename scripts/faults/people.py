"""People before their browsers: staff who have signed in, and anybody in the street."""

from __future__ import annotations

import http.client
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0"


@dataclass
class Person:
    """A browser of one member of staff, or of somebody in the street (`cookies` empty)."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, *, form: dict[str, str] | None = None, body: bytes | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        """The answer, read; OSError or HTTPException where there is none."""
        sent = {"Host": f"localhost:{self.port}", "User-Agent": PHONE}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            sent["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        if form is not None:
            body = urlencode(form).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            answer.read()
            return answer
        finally:
            connection.close()

    def said(self, method: str, path: str, **more: Any) -> int:
        """The status, 0 where there was no answer."""
        try:
            return self.ask(method, path, **more).status
        except (OSError, http.client.HTTPException):
            return 0


def signed_in(user: Any, port: int) -> Person:
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Person(port, {settings.SESSION_COOKIE_NAME: session, "csrftoken": secrets.token_hex(16)})


def chief(name: str) -> Any:
    from django.contrib.auth import get_user_model  # noqa: PLC0415

    return get_user_model().objects.create_superuser(f"{name}-{secrets.token_hex(4)}", password=secrets.token_hex(16))
