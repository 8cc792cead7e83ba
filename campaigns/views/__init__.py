"""The planner's pages: thin edges over `campaigns.services`."""
