"""What an installed investor puts in next: a lead of its own that names the project before it."""

from collections.abc import Mapping
from typing import Any

from config.staff.models import User
from leads.models import InvestmentType, Lead
from leads.models.choices import Source


def predecessor_asked(reader: User, asked: Mapping[str, Any]) -> Lead | None:
    """The project named in the address, or the company's last decided one, of those that this person may see."""
    seen = Lead.objects.visible_to(reader).decided().filter(company__merged_into=None).select_related("company")
    after, company = str(asked.get("after", "")), str(asked.get("company", ""))
    if _is_number(after):
        return seen.filter(pk=int(after)).first()
    if "reinvestment" in asked and _is_number(company):
        return seen.filter(company=int(company), parent=None).order_by("-decided_on", "-pk").first()
    return None


def facts_after(before: Lead | None) -> dict[str, Any]:
    """What the form of the new lead says already."""
    kinds = InvestmentType.objects.filter(is_reinvestment=True)
    kind = kinds.filter(code="reinvestment").first() or kinds.first()
    facts: dict[str, Any] = {"source": Source.AFTERCARE, "investment_type": kind and kind.pk}
    return facts | ({"predecessor": before.pk, "contact": before.contact_id} if before else {})


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= 18
