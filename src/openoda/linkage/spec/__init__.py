"""What a linkage compares, and how: the declarative spec, and Splink's settings both ways."""
