"""What every app's HTTP API shares: pagination and one error shape (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import exception_handler


class Pagination(LimitOffsetPagination):
    """`?limit=&offset=`, 200 at most."""

    max_limit = 200


class JSONBody(JSONParser):
    """JSON, of which a body that is nested without end is an error of its sender."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deep. Nothing was stored.") from error


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
