"""Risk of bias (EXT-08): instruments, which questions they ask, the published algorithms, and plots of judgements.

Pure: no framework, no table. Judgements that come out of here are proposals; a person confirms each.
"""

from extraction.bias.instrument import Domain, Instrument, Judgement, Level, Option, Question
from extraction.bias.judging import INSTRUMENTS, asked, departures, judge, not_asked, overall, proposed, questions
from extraction.bias.narrow import narrow_summary, narrow_traffic_light
from extraction.bias.plots import summary, traffic_light
from extraction.bias.rows import Mark, Row, summary_rows, table_rows
from extraction.bias.schema import as_schema

__all__ = [
    "INSTRUMENTS",
    "Domain",
    "Instrument",
    "Judgement",
    "Level",
    "Mark",
    "Option",
    "Question",
    "Row",
    "as_schema",
    "asked",
    "departures",
    "judge",
    "narrow_summary",
    "narrow_traffic_light",
    "not_asked",
    "overall",
    "proposed",
    "questions",
    "summary",
    "summary_rows",
    "table_rows",
    "traffic_light",
]
