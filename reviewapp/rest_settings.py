"""How the HTTP API is served: Django REST framework's settings and those of its OpenAPI schema, for `settings.py`.

Nothing of it comes from the environment.
"""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "screening.api.bearer.BearerTokens",  # first: its 401 says how to sign in
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["reviewapp.throttling.PerPerson", "reviewapp.throttling.PerToken"],
    "DEFAULT_THROTTLE_RATES": {"person": "6000/min", "token": "600/min"},  # in each server process
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["reviewapp.json_body.JSONBody"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "reviewapp.rest.Pagination",
    "EXCEPTION_HANDLER": "reviewapp.rest.problem",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "reviewapp",
    "DESCRIPTION": "Systematic literature reviews with a person in the loop. A person's judgement is given by the "
    "person: where an operation lists no `token`, a token is answered with 403.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}
