"""What can be wrong with a film, as sentences for the person who uploaded it."""

from jobs.errors import JobFailed


class FilmProblem(JobFailed):
    """This file cannot become a film. Final for a job, a form error for an upload: one check for every route."""
