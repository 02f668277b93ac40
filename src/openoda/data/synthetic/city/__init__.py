"""A synthetic city: people, households, properties, businesses, and what agencies hold of them."""
