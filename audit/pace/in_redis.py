"""The pace in the broker's Redis or Valkey, by its own clock: one hash for each card, gone when nobody needs it.

Each verb is one script, which Redis runs whole or not at all. Time is the server's, so clocks of workers don't matter.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from audit.pace.terms import (
    LONGEST_HOLD,
    LONGEST_OBEYED,
    LOOKED_BACK,
    PATIENCE,
    SHORTEST_HOLD,
    SLACK,
    STRAY_HOLD,
    TOO_MANY,
    AwayError,
    Draw,
    Word,
)

PREFIX = "reviewapp:pace:"
TIME_LIMIT = 1.0  # seconds: after so long the other store is asked
KEPT = 600_000  # milliseconds for which a hash outlives the last time in it: a hold is remembered, to be doubled
NOW = f"""
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local function kept(name) return tonumber(redis.call('HGET', KEYS[1], name) or 0) end
local function whole(number) return string.format('%.0f', number) end
local function keep(last)
  redis.call('PEXPIRE', KEYS[1], whole(math.max(0, last - now) / 1000 + {KEPT}))
end
"""
# The virtual scheduling form of GCRA (audit.pace): no earlier than the line's end, and what is taken moves that on.
DRAW = f"""{NOW}
local request, tokens, lead = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tokens_at = kept('tokens_at')
local turn = math.max(now + lead, kept('requests_at'), tokens_at - {SLACK}, kept('held_until'))
if turn - now > {PATIENCE} then return {{turn - now, 0}} end
tokens_at = math.max(tokens_at, turn) + tokens
redis.call('HSET', KEYS[1], 'requests_at', whole(turn + request), 'tokens_at', whole(tokens_at))
keep(math.max(turn + request, tokens_at))
return {{turn - now, 1}}
"""
TELL = f"""{NOW}
local answers, failed, hold = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local held_until, held_for = kept('held_until'), kept('held_for')
local lately = redis.call('HGET', KEYS[1], 'lately') or ''
lately = string.sub(lately .. string.rep('0', answers) .. string.rep('1', failed), -{LOOKED_BACK})
local _, failures = string.gsub(lately, '1', '')
local tripped = failures >= {TOO_MANY}
if tripped then lately = '' end
if answers > 0 and held_until <= now then held_for = 0 end
if hold > 0 then
  hold = math.min(hold, {LONGEST_OBEYED})
  if now + hold > held_until then held_until, held_for = now + hold, hold end
elseif (hold == 0 or tripped) and held_until <= now then
  held_for = math.min({LONGEST_HOLD}, math.max(tripped and {SHORTEST_HOLD} or {STRAY_HOLD}, held_for * 2))
  held_until = now + held_for
end
redis.call('HSET', KEYS[1], 'lately', lately, 'held_until', whole(held_until), 'held_for', whole(held_for))
keep(math.max(held_until, kept('requests_at'), kept('tokens_at')))
return math.max(0, held_until - now)
"""


def address_of(broker: str) -> str | None:
    """redis-py's address of the broker that Celery has; None where it is no Redis, or several.

    Celery writes a socket as `redis+socket://PATH?virtual_host=1` and a check of certificates as CERT_REQUIRED.
    """
    parts = urlsplit(broker)
    scheme = {"redis": "redis", "rediss": "rediss", "redis+socket": "unix", "valkey": "redis", "valkeys": "rediss"}
    if parts.scheme not in scheme or ";" in broker:
        return None
    names = {"virtual_host": "db"}
    query = [(names.get(name, name), value) for name, value in parse_qsl(parts.query)]
    query = [(name, value.lower().removeprefix("cert_") if name == "ssl_cert_reqs" else value) for name, value in query]
    return f"{scheme[parts.scheme]}://{parts.netloc}{parts.path}{'?' if query else ''}{urlencode(query)}"


class Store:
    """The verbs of the pace at one address. Both raise AwayError; lengths are microseconds."""

    def __init__(self, address: str) -> None:
        again = Retry(
            NoBackoff(), 1, (redis.ConnectionError,)
        )  # a kept connection that a restarted server has forgotten is made anew
        client = redis.Redis.from_url(
            address, socket_timeout=TIME_LIMIT, socket_connect_timeout=TIME_LIMIT, retry=again, max_connections=1_000
        )
        self._draw, self._tell = client.register_script(DRAW), client.register_script(TELL)

    def draw(self, key: str, wanted: Draw, *, lead: int) -> tuple[int, bool]:
        """How long until the caller's turn, and whether it was drawn; `lead`: not before so long."""
        wait, ours = self._asked(self._draw, key, [wanted.request, wanted.tokens, lead])
        return int(wait), bool(ours)

    def tell(self, key: str, word: Word) -> int:
        """Store what a process says of a card; for how much longer that is held."""
        said = [min(word.answers, LOOKED_BACK), int(word.failed), -1 if word.hold is None else word.hold]
        return int(self._asked(self._tell, key, said))

    def _asked(self, script: Callable[..., Any], key: str, said: list[int]) -> Any:
        try:
            return script(keys=[PREFIX + key], args=said)
        except (redis.RedisError, OSError) as error:
            raise AwayError(str(error)) from error
