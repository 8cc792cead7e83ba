"""Saving an installation in one file, and getting it back."""
