"""What every app's HTTP API shares: pagination and one error shape (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler


class Pagination(LimitOffsetPagination):
    """`?limit=&offset=`, 200 at most."""

    max_limit = 200


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as application/problem+json (RFC 9457): type, title, status, detail, and fields that are wrong."""
    response = exception_handler(error, context)
    if response is None:
        return None
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
        "detail": _detail(error, response.data),
    }
    if isinstance(error, ValidationError) and isinstance(response.data, dict):
        body["errors"] = response.data
    response.data = body
    response.content_type = "application/problem+json"
    return response


def _detail(error: Exception, data: Any) -> str:
    if isinstance(error, ValidationError):
        return "Something in the request is not right; `errors` says what. Nothing was stored."
    return str(data.get("detail", error)) if isinstance(data, dict) else str(error)
