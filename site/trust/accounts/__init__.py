"""Staff accounts: lock-out, second factor, idle time-out, sessions, passwords."""
