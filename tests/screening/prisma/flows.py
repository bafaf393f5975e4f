"""Flows for the tests: one finished, one running, one that is hard to draw, and any that balances."""

from hypothesis import strategies as st

from screening.prisma import Flow, Reason, Source

FINISHED = Flow(
    sources=(
        Source("PubMed", "database", 420, "1"),
        Source("Embase", "database", 310, "2"),
        Source("ClinicalTrials.gov", "register", 1270, "3"),
    ),
    duplicates=300,
    automation_ineligible=40,
    removed_other=3,
    screened=1657,
    excluded_human=1500,
    excluded_automation=20,
    sought=137,
    not_retrieved=4,
    assessed=133,
    reasons=(Reason("Wrong population", 40, "1"), Reason("Wrong design", 53, "2")),
    included_reports=40,
    included_studies=31,
)
RUNNING = Flow(
    sources=FINISHED.sources,
    duplicates=300,
    automation_ineligible=40,
    removed_other=3,
    awaiting_screening=657,
    screened=1000,
    excluded_human=900,
    excluded_automation=20,
    sought=80,
    not_retrieved=4,
    awaiting_retrieval=10,
    awaiting_assessment=16,
    assessed=50,
    reasons=(Reason("Wrong population", 20, "1"),),
    included_reports=30,
    included_studies=25,
)
NAMES = (
    "MEDLINE ALL (Ovid) 1946 to present, Epub Ahead of Print, In-Process & Other Non-Indexed Citations",
    "中国知网数据库（中国学术期刊全文数据库）以及万方数据知识服务平台、维普中文科技期刊数据库",
    "قاعدة بيانات المنظومة العربية للمعلومات الطبية والصحية في الشرق الأوسط وشمال أفريقيا",
    "מאגר המידע הרפואי הלאומי",
    "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
    "<script>alert(1)</script>&amp;\x00\u202eevil",
    "Реестр клинических исследований Российской Федерации",
    "W" * 200,
    "हिन्दी में एक बहुत लंबा नाम",
    "👩‍🔬🧪" * 30,
    "",
    "e\u0301" * 90,
)
HARD = Flow(
    sources=tuple(Source(name, "database" if i % 2 else "register", 10**i, str(i)) for i, name in enumerate(NAMES)),
    awaiting_screening=sum(10**i for i in range(len(NAMES))) - 2000,
    screened=2000,
    sought=2000,
    awaiting_retrieval=1,
    awaiting_assessment=9,
    assessed=1990,
    reasons=tuple(Reason(f"Reason {i}: " + "no separate data could be had " * i, 100, str(i)) for i in range(15)),
    included_reports=490,
    included_studies=490,
)

counts = st.integers(0, 10**6)


@st.composite
def balanced(draw: st.DrawFn) -> Flow:
    """Any state a review can be in: drawn from the end backwards, each list as long as what flows into it."""
    included = draw(counts)
    reasons = tuple(Reason(f"r{i}", n, str(i)) for i, n in enumerate(draw(st.lists(counts, max_size=5))))
    assessed = included + sum(reason.n for reason in reasons)
    lost, unfetched, unread = draw(counts), draw(counts), draw(counts)
    sought = assessed + lost + unfetched + unread
    human, automation, unscreened = draw(counts), draw(counts), draw(counts)
    screened = sought + human + automation
    duplicates, ineligible, other = draw(counts), draw(counts), draw(counts)
    identified = screened + unscreened + duplicates + ineligible + other
    in_databases = draw(st.integers(0, identified))
    return Flow(
        sources=(Source("D", "database", in_databases, "d"), Source("R", "register", identified - in_databases, "r")),
        duplicates=duplicates,
        automation_ineligible=ineligible,
        removed_other=other,
        awaiting_screening=unscreened,
        screened=screened,
        excluded_human=human,
        excluded_automation=automation,
        sought=sought,
        not_retrieved=lost,
        awaiting_retrieval=unfetched,
        awaiting_assessment=unread,
        assessed=assessed,
        reasons=reasons,
        included_reports=included,
        included_studies=draw(st.integers(min(1, included), included)),
    )
