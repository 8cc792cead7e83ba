"""What every response goes through: which content security policy it gets, whether it is baked, compression."""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from baking.headers import takes_gzip
from baking.middleware import BakedPagesMiddleware
from config.script import PREFIX, is_in_both_scripts

COMPRESSED = ("text/", "application/json", "application/geo+json", "application/atom+xml", "image/svg+xml")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Strict everywhere but under Wagtail's admin, which runs inline scripts and styles of its own."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith("/admin/") and not hasattr(response, "_csp_replace"):
            vars(response)["_csp_replace"] = settings.ADMIN_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)


class PublicPagesMiddleware(BakedPagesMiddleware):
    """Finished pages for what the public reads: Wagtail's pages and the routes that have both scripts."""

    def is_public(self, path: str) -> bool:
        rest = path.removeprefix(PREFIX) if path.startswith(f"{PREFIX}/") else path
        return is_in_both_scripts(rest)


class CompressionMiddleware(GZipMiddleware):
    """Compress what is made anew and is text. Django pads it at random, so that lengths tell nothing of its secrets.

    Never a stream: a film asked for in ranges has its length, and is compressed already.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(COMPRESSED):
            return response
        if not takes_gzip(request):
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
