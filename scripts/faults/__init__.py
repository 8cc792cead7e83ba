"""What becomes of what was confirmed to people when parts of an installation die or misbehave: `make faults`."""
