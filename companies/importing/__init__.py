"""Files that people bring become records: read, matched, checked row by row, written, and taken back.

Each app registers its kinds when it starts. `steps.carry_on` takes an import as far as it goes without a person.
"""
