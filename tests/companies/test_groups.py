import pytest

from companies.groups import GroupCycle, move_under
from tests.companies.factories import CompanyFactory

pytestmark = pytest.mark.django_db


def test_the_ultimate_parent_stands_at_the_top_of_any_depth() -> None:
    top, middle, bottom = CompanyFactory(), CompanyFactory(), CompanyFactory()
    move_under(middle, top)

    assert move_under(bottom, middle).ultimate_parent == top


def test_moving_a_company_moves_those_beneath_it() -> None:
    old, new, middle, bottom = (CompanyFactory() for _n in range(4))
    move_under(middle, old)
    move_under(bottom, middle)

    move_under(middle, new)

    bottom.refresh_from_db()
    assert bottom.ultimate_parent == new


def test_a_company_does_not_stand_above_its_parent() -> None:
    top, bottom = CompanyFactory(), CompanyFactory()
    move_under(bottom, top)

    with pytest.raises(GroupCycle):
        move_under(top, bottom)
