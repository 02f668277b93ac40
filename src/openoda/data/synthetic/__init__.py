"""Made-up data of the shape of real data, always labelled synthetic."""
