"""The admin's common ground, and the records of the staff; each app registers its own."""

from config.staff.admin import people

__all__ = ["people"]
