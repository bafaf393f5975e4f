"""How fast are quotes located? `python tests/benchmarks/locate.py [--pages N] [--quotes N]` prints milliseconds.

Quotes are cut from an invented 30-page text and written as a model would: line ends and hyphens joined, some over the
end of a page; one in ten stands nowhere, which costs the most. The index is made anew, as for a document just opened.
"""

import argparse
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from screening.fulltext.locate import PagedText, locate, numbers_in  # noqa: E402  (a script, run from anywhere)

GOAL = 200  # milliseconds (issue 3)
TEXT = "randomised patients were assigned to “receive” placebo – mean difference −3·2 (95% CI 1·2 to 3·4) eﬃcacy"


def page_text(chance: random.Random, lines: int = 110) -> str:
    words = TEXT.split()
    drawn = [[chance.choice(words) + str(chance.randrange(1000)) for _ in range(7)] for _ in range(lines)]
    return "Journal of Invented Trials\n\n" + "".join(
        " ".join(line) + chance.choice(["\n", "\n", " ran-\ndomised ", "\n\n"]) for line in drawn
    )


def quotes_of(texts: list[str], count: int, chance: random.Random) -> list[str]:
    found = []
    for at in range(count):
        text = "\n".join(texts[(page := chance.randrange(len(texts) - 1)) : page + 2])
        start = chance.randrange(len(text) - 300)
        quote = " ".join(text[start : start + chance.randrange(60, 240)].replace("-\n", "").split())
        found.append(quote + " nowhere" if at % 10 == 0 else quote)
    return found


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=30)
    arguments.add_argument("--quotes", type=int, default=200)
    chosen = arguments.parse_args()
    chance = random.Random(1)
    texts = [page_text(chance) for _ in range(chosen.pages)]
    quotes = quotes_of(texts, chosen.quotes, chance)

    start = time.perf_counter()
    paged = PagedText(list(enumerate(texts, 1)))
    verified = sum(locate(quote, paged).verified for quote in quotes)
    first = 1000 * (time.perf_counter() - start)
    start = time.perf_counter()
    again = sum(locate(quote, paged).verified for quote in quotes)
    second = 1000 * (time.perf_counter() - start)
    start = time.perf_counter()
    numbers = sum(len(numbers_in(quote)) for quote in quotes)
    third = 1000 * (time.perf_counter() - start)

    print(f"{chosen.quotes} quotes in {chosen.pages} pages of {len(texts[0]):,} characters; {verified} found")
    print(f"  with making the index {first:6.0f} ms;  again {second:6.0f} ms ({again} found)")
    print(f"  {numbers} numbers in the quotes {third:6.0f} ms")
    print(f"goal: {GOAL} ms")
    return 0 if first < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
