"""OpenODA: the open software that runs an Office of Data Analytics.

The rooms, and which may import which, are in ARCHITECTURE.md.
"""

__version__ = "0.1.0"
