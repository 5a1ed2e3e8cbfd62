"""The factories' common ground: calling one gives the record itself, and mypy knows it."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import factory

Record = TypeVar("Record")


class Made(factory.django.DjangoModelFactory[Record], Generic[Record]):
    class Meta:
        abstract = True

    if TYPE_CHECKING:
        # factory_boy answers from its metaclass, which its own annotations do not tell.
        def __new__(cls, *args: Any, **fields: Any) -> Record: ...  # type: ignore[misc]
