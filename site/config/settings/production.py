"""Production: the same code, made strict. Refuses to start without its own secret key and host names."""

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *  # noqa: F403

SECRET_KEY = env.text("PUFA_SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("PUFA_SECRET_KEY must be set to a random text of at least 50 characters in production")
ALLOWED_HOSTS = env.names("PUFA_ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("PUFA_ALLOWED_HOSTS must name this site's hosts, separated by commas")

SECURE_SSL_REDIRECT = env.flag("PUFA_HTTPS", True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = env.number("PUFA_HSTS_SECONDS", 31_536_000) if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("PUFA_HSTS_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env.flag("PUFA_HSTS_PRELOAD", True)
BEHIND_PROXY = env.flag("PUFA_BEHIND_PROXY", True)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
EMAIL_HOST = env.text("PUFA_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("PUFA_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("PUFA_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("PUFA_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("PUFA_SMTP_TLS", False)
DEFAULT_FROM_EMAIL = env.text("PUFA_MAIL_FROM", "no-reply@localhost")
