"""The open products on the same work.

The figures were measured in November 2026 on two quiet shared cores without errors: "save a decision and have the next
record", no thinking time. ASReview LAB 3.0.8 and Colandr's back end had 10,000 records, Parsifal 1,000; none of the
three writes an audit trail, and ASReview has one label per record for the whole team.
"""

# users: (pairs per second, p95 in ms)
Figures = dict[int, tuple[float, float]]

ASREVIEW: Figures = {1: (15.7, 81), 8: (16.6, 977), 32: (17.4, 2_356)}
PARSIFAL: Figures = {1: (40, 32), 8: (69, 157), 32: (67, 558)}
COLANDR: Figures = {1: (12, 99), 8: (19, 516), 32: (17, 1_962)}
# with the CPU ms of the server per pair
PEERS: dict[str, tuple[Figures, str]] = {
    "ASReview LAB 3.0.8": (ASREVIEW, "60–70"),
    "Parsifal": (PARSIFAL, "22–26"),
    "Colandr back end": (COLANDR, "80–113"),
}


def table() -> str:
    """The peers' figures as lines of text."""
    lines = ["The open products on such a machine, per second and p95 at 1 / 8 / 32 users, and CPU ms per pair:"]
    for name, (figures, cpu) in PEERS.items():
        cells = "  ".join(f"{rate:5.1f}/s {p95:5,} ms" for rate, p95 in figures.values())
        lines.append(f"  {name:20} {cells}  {cpu} ms")
    return "\n".join(lines)


def beside(users: int, p95: float) -> str:
    """A p95 of ours as a share of the peers', where they were measured with as many users."""
    return ", ".join(
        f"{p95 / figures[users][1]:.2f} of {name}'s" for name, (figures, _) in PEERS.items() if users in figures
    )
