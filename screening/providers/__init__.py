"""Public databases and how each is asked: a strategy to requests, replies to counts and pages. Pure: no network."""

from . import europe_pmc, pubmed
from .asking import Answer, Ask, Credentials, NotUnderstoodError, Provider, Query, RefusedStrategyError, Step

PROVIDERS: dict[str, Provider] = {"pubmed": pubmed.PubMed(), "europe_pmc": europe_pmc.EuropePmc()}

__all__ = [
    "PROVIDERS",
    "Answer",
    "Ask",
    "Credentials",
    "NotUnderstoodError",
    "Provider",
    "Query",
    "RefusedStrategyError",
    "Step",
]
