"""What people do with API tokens."""

from typing import Any

from audit.presenters import present


@present("token.made")
def _token_made(data: dict[str, Any]) -> str:
    return f"made the API token {data['token']}, which may {data['may']} until {data['expires']}"


@present("token.revoked")
def _token_revoked(data: dict[str, Any]) -> str:
    return f"revoked the API token {data['token']} of {data['person']}"
