"""Readers of statutes: a file in, a plain `LawRecord` out, or an InputError with every problem by row. No Django."""
