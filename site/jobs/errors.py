"""How a job can end early."""


class JobFailed(Exception):
    """Final: trying again would not help. The message is a sentence for the person who waits."""


class Cancelled(Exception):
    """Somebody cancelled the job while it ran."""


class LeaseLost(Exception):
    """Another worker took the job over; this one must stop without a trace."""
