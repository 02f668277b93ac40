"""One module an area of `oda`; each command calls one door of the office and shows the answer."""
