"""What is true everywhere. Every switch is an environment variable; docs/operations.md lists them."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env

ROOT = Path(__file__).resolve().parents[3]
SITE = ROOT / "site"
DATA_DIR = Path(env.text("PUFA_DATA_DIR") or ROOT / "var").resolve()

DEBUG = False
BEHIND_PROXY = False  # whether the last entry of X-Forwarded-For is our own proxy's word
ALLOWED_HOSTS = env.names("PUFA_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("PUFA_TRUSTED_ORIGINS")
PUBLIC_URL = env.text("PUFA_PUBLIC_URL", f"http://localhost:{env.number('PORT', 8000)}").rstrip("/")

# A demo shows what nobody has signed yet, marked 示例·待审核; production does not serve it.
DEMO = env.flag("PUFA_DEMO", False)

INSTALLED_APPS = [
    "config",
    "campaigns",
    "editorial",
    "pages",
    "lawbook",
    "media",
    "geo",
    "feedback",
    "search",
    "trust",
    "jobs",
    "baking",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "config.apps.StaticFiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "config.metrics.middleware.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.CompressionMiddleware",
    "config.middleware.PublicPagesMiddleware",
    "config.script.ScriptPrefixMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "trust.middleware.TrailMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "trust.accounts.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.script.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "lawbook.templatetags.citation_links",
            ],
        },
    },
]

DATABASES = {"default": env.database(env.text("PUFA_DATABASE_URL"), DATA_DIR / "db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("PUFA_REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "trust.accounts.passwords.PasswordRules"},
]
LOGIN_URL = "wagtailadmin_login"
WAGTAILADMIN_USER_LOGIN_FORM = "trust.accounts.forms.LoginForm"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

# Accounts: five wrong passwords for one account from one address lock that pair out; who signs shows a second factor;
# half an hour without a deed ends a session.
SECOND_FACTOR_REQUIRED = env.flag("PUFA_SECOND_FACTOR", True)
PASSWORD_DAYS = env.number("PUFA_PASSWORD_DAYS", 180)
IDLE_MINUTES = env.number("PUFA_IDLE_MINUTES", 30)
LOCK_MINUTES = 15
SESSION_COOKIE_AGE = 12 * 60 * 60
OTP_TOTP_ISSUER = "普法直通车"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=LOCK_MINUTES)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "trust.accounts.lockouts.locked_page"
AXES_CLIENT_IP_CALLABLE = "trust.accounts.addresses.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the trail has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [SITE / "locale", SITE / "borrowed" / "locale"]  # ours, and what the packages lack
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    SITE / "static",
    ("vendor/leaflet", ROOT / "node_modules" / "leaflet" / "dist"),
    ("vendor/hls", ROOT / "node_modules" / "hls.js" / "dist"),
    ("vendor/tus", ROOT / "node_modules" / "tus-js-client" / "dist"),
]
MEDIA_URL = "/uploads/"
MEDIA_ROOT = DATA_DIR / "uploads"
PRIVATE_ROOT = DATA_DIR / "private"
WORK_ROOT = DATA_DIR / "work"
KEYS_ROOT = DATA_DIR / "keys"

# Backups: `manage.py backup`, and once a day by the worker where a folder is named.
BACKUP_DIR = env.path("PUFA_BACKUP_DIR")
BACKUP_PASSPHRASE_FILE = env.path("PUFA_BACKUP_PASSPHRASE_FILE")
BACKUP_KEEP = env.number("PUFA_BACKUP_KEEP", 14)
VENDOR_FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"

# Finished pages (docs/decisions/0006). Off only in tests that are not about them.
BAKED_PAGES = True
BAKED_ROOT = DATA_DIR / "baked"
#: What no visitor ever sees: `app.Model`, or `app.Model.field`. A write to anything else makes every public page anew.
NEVER_IN_PUBLIC = [
    "jobs.Job",
    "sessions.Session",
    "trust.Account",
    "trust.AuditEvent",
    "trust.StaffSession",
    "axes.AccessAttempt",
    "axes.AccessAttemptExpiration",
    "axes.AccessFailureLog",
    "axes.AccessLog",
    "otp_totp.TOTPDevice",
    "otp_static.StaticDevice",
    "otp_static.StaticToken",
    "editorial.Allowance",
    "editorial.Deputy",
    "editorial.FileText",
    "editorial.HealthReport",
    "editorial.Release",
    "editorial.ReviewDate",
    "editorial.ReviewTask",
    "editorial.ReviewTaskState",
    "editorial.TermRule",
    "editorial.UrgentCorrection",
    "editorial.WatchedName",
    "geo.FileImport",
    "feedback.Attempts",
    "feedback.Message",
    "feedback.Note",
    "feedback.ReplyTemplate",
    "search.NoResult",
    "campaigns.AdCode",
    "campaigns.Campaign",
    "campaigns.Placement",
    "campaigns.RateCard",
    "campaigns.RateLine",
    "campaigns.ScanFile",
    "campaigns.ScanCount",
    "campaigns.PlanVersion",
    "campaigns.PlanPick",
    "campaigns.Artwork",
    "campaigns.Booking",
    "campaigns.ClosingReport",
    "campaigns.CrewLink",
    "campaigns.Payment",
    "campaigns.PostingProof",
    "media.BusCut",
    "media.BusProfile",
    "media.MediaPackage",
    "media.Playlist",
    "media.PlaylistItem",
    "media.PlayReport",
    "media.Upload",
    "wagtailadmin.EditingSession",
    "wagtailadmin.FormState",
    "wagtailcore.APIToken",
    "wagtailcore.Comment",
    "wagtailcore.CommentReply",
    "wagtailcore.ModelLogEntry",
    "wagtailcore.PageLogEntry",
    "wagtailcore.PageSubscription",
    "wagtailcore.ReferenceIndex",
    "wagtailcore.Revision",
    "wagtailcore.TaskState",
    "wagtailcore.UploadedFile",
    "wagtailcore.WorkflowState",
    "wagtailsearch.IndexEntry",
    "wagtailusers.UserProfile",
    # A draft, and a log-in.
    "wagtailcore.Page.draft_title",
    "wagtailcore.Page.has_unpublished_changes",
    "wagtailcore.Page.latest_revision",
    "wagtailcore.Page.latest_revision_created_at",
    "lawbook.Explanation.has_unpublished_changes",
    "lawbook.Explanation.latest_revision",
    "auth.User.last_login",
]
#: Rows that a page adds for itself while it is made; where one is changed or goes, pages are made anew.
MADE_WHILE_SERVING = ["wagtailimages.Rendition"]

STORAGES = {
    "default": env.files("uploads", {}, MEDIA_URL),
    "private": env.files("private", {"location": PRIVATE_ROOT}, None),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Wagtail: nothing leaves this host, slugs are ASCII, small tasks run where they are asked for (long work is jobs.Job).
WAGTAIL_SITE_NAME = "普法直通车"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_APPEND_SLASH = True
# Three reviews, three people: a change begins them anew, and the end of a workflow publishes what they signed.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "editorial.workflow.finish"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "editorial.forms.CheckedDocumentForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 64_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, object]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backend", "SEARCH_CONFIG": "simple"}}
# A context manager around every job: refusals in it outlive a rollback. Named here, as jobs and trust share a floor.
JOB_CONTEXT = "trust.audit.boundary"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# Strict on everything that the public and the planner see; Wagtail's own admin needs inline styles and scripts
# (config.middleware picks the policy).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "media-src": [SELF, "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
    "base-uri": [SELF],
    "object-src": [NONE],
}
# The base map under the planner: imported layers, else tiles of a folder, else 天地图, whose host alone is let through.
BASE_MAP_TILES = env.text("PUFA_BASE_MAP_TILES")
TIANDITU_KEY = env.text("PUFA_TIANDITU_KEY")
if TIANDITU_KEY:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append("https://t0.tianditu.gov.cn")
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # Wagtail's previews and our maps stand in frames of this site
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None  # gone with the browser: nobody is known again by it next month
CSRF_FAILURE_VIEW = "feedback.views.csrf_failure"

# Who may ask for /metrics; nobody, and nothing is counted, where it is empty.
METRICS_FROM = env.networks("PUFA_METRICS_FROM")
SLOW_QUERY_MS = env.number("PUFA_SLOW_QUERY_MS", 500)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.LineFormatter", "format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "config.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("PUFA_LOG_FORMAT", ["line", "json"]),
        }
    },
    # Wagtail's small tasks run at once and say so twice each.
    "loggers": {"django_tasks": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.text("PUFA_LOG_LEVEL", "INFO")},
}
