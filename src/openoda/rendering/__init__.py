"""Turns finished documents into files people and machines read: one renderer for each kind.

`documents` holds the values; `worklist_files` writes CSV and JSON, `worklist_xlsx` the workbook;
`pages` makes the two HTML pages, with `charts`; `terminal` a short summary; `wording` says figures.
"""
