"""Who may open a view. What they may see in it is `visible_to`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from config.staff.models import User
from config.staff.requests import StaffRequest

Args = ParamSpec("Args")
View = Callable[Concatenate[StaffRequest, Args], HttpResponse]
Answer = Callable[Concatenate[HttpRequest, Args], HttpResponse]


def _only(may: Callable[[User], bool], view: View[Args]) -> Answer[Args]:
    """Login first; whoever may not open the view is told that there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponse:
        if not may(request.user):  # type: ignore[arg-type]
            raise Http404
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return login_required(guarded)  # type: ignore[return-value]


def members(view: View[Args]) -> Answer[Args]:
    """For everybody with an account, guest delegates included."""
    return _only(lambda user: user.is_active, view)


def staff(view: View[Args]) -> Answer[Args]:
    return _only(lambda user: user.is_staff_member, view)


def managers(view: View[Args]) -> Answer[Args]:
    return _only(lambda user: user.is_manager, view)


def administrators(view: View[Args]) -> Answer[Args]:
    return _only(lambda user: user.is_administrator, view)


def freshly_authenticated(view: Answer[Args]) -> Answer[Args]:
    """Asks for the password (or passkey) again where the last time is a while ago: role changes, merges, exports."""
    return reauthentication_required()(view)  # type: ignore[no-any-return]


def exporters(view: View[Args]) -> Answer[Args]:
    """For those of the staff who may export, who are asked for the password (or passkey) again."""
    fresh = freshly_authenticated(view)  # type: ignore[arg-type]

    @wraps(view)
    def guarded(request: StaffRequest, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponse:
        if not request.user.may_export:
            raise PermissionDenied(_("Taking records away as a file needs a right of its own."))
        return fresh(request, *args, **kwargs)

    return staff(guarded)  # type: ignore[arg-type] # wrapped, it has a name for its first argument
