"""UK identifiers, dates, names and contacts: one rule a module, each with its official source.

Every rule is a pure function of a text that answers with `checked.Checked`. Well-formed is not
existing: none of them asks a register. `registry` lists them all.
"""
