class BackupFailed(Exception):
    """Nothing was saved or restored; the message is for the person at the keyboard."""
