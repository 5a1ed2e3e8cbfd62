"""Lists of records: filters, columns, order and saved views in the address; paged, exported, edited many at once.

Each app declares its lists in the terms of `kinds`; everything else here is the same for all of them.
"""
