"""The servers that come with reviewapp: PostgreSQL and a broker from wheels, for one machine and one command.

This module is imported by the settings, so it stays cheap: where the servers listen follows from the data directory
alone, and nothing is opened to know it. `postgres` and `broker` know how to run them; `manage.py up` is who does so.
"""

from reviewapp.embedded.addresses import broker_url, database_url

__all__ = ["broker_url", "database_url"]
