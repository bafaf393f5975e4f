"""`manage.py load_demonstration`: the invented review, and who may sign in to it."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Load the invented demonstration review, once; then print its sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is not there; an existing demonstration is left as people have changed it."""
        from reviewapp.management.demonstration import load
        from screening.management.demonstration.loader import PEOPLE, password

        self.stdout.write("Loaded the demonstration." if load() else "The demonstration is there already.")
        robin = User.objects.get(username=PEOPLE[0].username)
        if not robin.check_password(password()):
            self.stdout.write("Passwords were set otherwise since, or SECRET_KEY was changed: these may not open it.")
        width = max(len(sign_in.username) for sign_in in PEOPLE)
        for sign_in in PEOPLE:
            self.stdout.write(f"{sign_in.username:<{width}}  {password()}  {sign_in.what}")
