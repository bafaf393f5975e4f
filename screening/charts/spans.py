"""Lengths of time in words: work in hours and minutes, waiting in days and hours."""

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def work(seconds: float) -> str:
    """ "45 s", "12 min", "3 h 20 min", "132 h"."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / MINUTE)
    if minutes < 90:
        return f"{minutes} min"
    if minutes >= 24 * 60:
        return f"{round(seconds / HOUR):,} h"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def waiting(seconds: float) -> str:
    """ "20 min", "5 h", "1 day 6 h", "12 days"."""
    hours = round(seconds / HOUR)
    if hours < 2:
        return f"{max(1, round(seconds / MINUTE))} min"
    if hours < 48:
        days, rest = divmod(hours, 24)
        return f"{hours} h" if not days else f"1 day {rest} h" if rest else "1 day"
    return f"{round(seconds / DAY)} days"
