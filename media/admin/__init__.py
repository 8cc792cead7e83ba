"""Films in Wagtail's admin: lists and forms (viewsets), the desk of one film, cuts and packages (views)."""
