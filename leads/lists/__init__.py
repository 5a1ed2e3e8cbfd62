"""The lists of this app, and those of lower ones that tell what was said and promised."""


def register_lists() -> None:
    from companies.lists.kinds import register  # noqa: PLC0415 - models are there only now
    from leads.lists import companies, contacts, interactions, leads  # noqa: PLC0415

    for one in (companies.COMPANIES, contacts.CONTACTS, interactions.INTERACTIONS, leads.LEADS):
        register(one)
