"""From pairs to clusters: records that are thought to be of one person, household or property."""
