"""litellm fetches nothing and tells nobody: a process that asks each kind of provider connects to its server alone."""

import json
import subprocess
import sys

from django.conf import settings

from tests.model_shapes import ShapesServer

PROGRAM = """
import json, socket, sys
seen = []
resolve, connect = socket.getaddrinfo, socket.socket.connect
def getaddrinfo(host, *rest, **more):
    seen.append(str(host))
    return resolve(host, *rest, **more)
def connecting(self, address):
    seen.append(":".join(map(str, address[:2])) if isinstance(address, tuple) else str(address))
    return connect(self, address)
socket.getaddrinfo, socket.socket.connect = getaddrinfo, connecting
from reviewapp.ai.completion import complete
from reviewapp.ai.endpoint import Endpoint
from reviewapp.ai.prompt import Message, Prompt
root = sys.argv[1]
prompt = Prompt((Message("user", "Say something."),))
shapes = {"openai": "/v1", "anthropic": "", "gemini": "/v1beta", "mistral": "/v1", "ollama_chat": "", "groq": "/v1"}
for provider, path in shapes.items():
    model = f"{provider}/x"
    complete(prompt, Endpoint(model, root + path, "sk-x", 20))
print(json.dumps(sorted(set(seen))))
"""


def test_nothing_is_fetched_even_where_the_environment_asks_for_it() -> None:
    with ShapesServer() as server:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, server.root],
            cwd=settings.BASE_DIR,
            env={"PATH": "/usr/bin:/bin", "LITELLM_LOCAL_MODEL_COST_MAP": "False", "LITELLM_LOCAL_BLOG_POSTS": "no"},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert server.stats.calls == 6
        own = {"127.0.0.1", server.root.removeprefix("http://")}
    assert set(json.loads(done.stdout)) <= own
