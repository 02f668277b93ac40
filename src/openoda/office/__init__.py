"""The doors of the house: one use case a module, called alike by the command line and the web."""
