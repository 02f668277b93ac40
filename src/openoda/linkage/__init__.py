"""Linkage: which records are of one person, household or property, by Fellegi and Sunter's model."""
