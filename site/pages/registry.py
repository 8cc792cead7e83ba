"""One function per page type and block builds its example. Starter site, tests, screenshots and checks share them."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.module_loading import autodiscover_modules

Build = TypeVar("Build", bound=Callable[..., Any])

_examples: dict[type, Callable[..., Any]] = {}


def example(kind: type) -> Callable[[Build], Build]:
    """Register what builds the example of a page type (`build(parent) -> page`) or of a block (`build() -> value`)."""

    def register(build: Build) -> Build:
        if kind in _examples and _examples[kind].__qualname__ != build.__qualname__:
            raise ValueError(f"{kind.__name__} has an example already: {_examples[kind].__qualname__}")
        _examples[kind] = build
        return build

    return register


def examples() -> dict[type, Callable[..., Any]]:
    """Every registered example by its page type or block class; looks into each app's `examples` module first."""
    autodiscover_modules("examples")
    return dict(_examples)
