"""The agency's figures: one object each, which tile, table, chart and the list behind it all use.

`catalogue` names them, `source` says which records they are about, `filters` what may be asked, `secrecy` what may not
be told, `behind` lists the records of a number, `overview` and `origins` lay out the two screens.
"""
