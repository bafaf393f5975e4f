"""What can keep the embedded servers from starting, said in a sentence with its mend."""


class StartProblem(Exception):
    """The message is for the person at the terminal: what happened, what was kept, how to mend it."""


def last_words(log: str, lines: int = 6) -> str:
    """The end of a log, for a message; empty where there is nothing to show."""
    end = [line for line in log.splitlines() if line.strip()][-lines:]
    return "\n".join(f"    {line}" for line in end)
