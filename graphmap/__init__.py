"""How much every customer account depends on a single person of ours, and what to do about it."""
