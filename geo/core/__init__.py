"""Where people are, where buses go, and what an advertisement makes of it: arrays in, arrays out.

Pure numpy, scipy, shapely, pyproj and numba. Nothing here knows Django, a database, a file or the clock.
"""
