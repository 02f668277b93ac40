"""Rules about who may do what with data. Rules only: nothing here stores anything."""
