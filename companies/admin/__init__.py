"""The admin pages of companies, a file a subject."""

from companies.admin import cleaning, company, contact, file, look_alike, privacy, saved_view, taxonomy

__all__ = [
    "cleaning",
    "company",
    "contact",
    "file",
    "look_alike",
    "privacy",
    "saved_view",
    "taxonomy",
]
