"""Claims: figures that never travel without their unit, interval, label and source."""
