"""Accounts, in Django's own admin. Nobody is deleted who has acted: the record speaks of them."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

from audit.models.event import Event

admin.site.unregister(User)  # importing UserAdmin has registered Django's own


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Whoever has acted or is in a team is made inactive instead: no sign-in, and every past act keeps its name."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only for accounts that have left no trace; never in bulk."""
        if obj is None or Event.objects.filter(actor_id=obj.pk).exists() or obj.memberships.exists():
            return False
        return super().has_delete_permission(request, obj)
