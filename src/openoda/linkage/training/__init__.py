"""Training: how often each level holds of matches and of others, and how rare matches are."""
