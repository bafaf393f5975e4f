"""Servers of other providers' wire shapes, as small as they can be: Anthropic, Gemini, Azure, Bedrock, Ollama.

One server speaks all of them (and OpenAI's, for Mistral, Groq and the like), each under its own path. The model's name
says how it behaves, as in `tests.model_server`: `redirect` answers 307 with the address of `elsewhere`, which counts
who comes; `drop` hangs up after the request was read.
"""

from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.model_replies import reply_text
from tests.model_server import ModelServer, Stats, behaviour

Messages = list[dict[str, str]]


class ShapesServer(ModelServer):
    """Speaks every shape. `elsewhere` is where `redirect` points."""

    def __init__(self, elsewhere: str = "") -> None:
        super().__init__()
        self.elsewhere = elsewhere

    @property
    def root(self) -> str:
        """Without a path."""
        return f"http://127.0.0.1:{self.port}"

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=16 * 1024**2)
        for path, shape in SHAPES:
            app.router.add_post(path, self._answering(shape))
        return app

    def _answering(self, shape: Any) -> Any:
        async def answer(request: web.Request) -> web.StreamResponse:
            body = await request.json()
            model = unquote(request.match_info.get("model") or str(body.get("model", "")))
            self.stats.remember({**body, "model": model}, _key(request))
            parts = behaviour(model)
            if "redirect" in parts:
                return web.Response(status=307, headers={"Location": f"{self.elsewhere}{request.path_qs}"})
            if "drop" in parts and request.transport is not None:
                request.transport.abort()
            return web.json_response(shape(body, model, parts))

        return answer


class Elsewhere(ModelServer):
    """A host that nobody allowed: whatever comes is counted."""

    def _application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._count)
        return app

    async def _count(self, request: web.Request) -> web.Response:
        self.stats.remember({"path": request.path, "body": await request.text()}, _key(request))
        return web.json_response({})


def _key(request: web.Request) -> str:
    """The key, wherever a provider wants it."""
    names = ("Authorization", "x-api-key", "x-goog-api-key", "api-key")
    return next((request.headers[name] for name in names if name in request.headers), request.query.get("key", ""))


def _counts(messages: Messages, text: str) -> tuple[int, int]:
    return sum(len(message["content"]) for message in messages) // 4, len(text) // 4


def _openai(body: dict[str, Any], model: str, parts: dict[str, list[int]]) -> dict[str, Any]:
    text = reply_text(body["messages"], parts, 1)
    tokens_in, tokens_out = _counts(body["messages"], text)
    usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    kind = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1_790_000_000, "service_tier": "default"}
    return {**kind, "model": model, "choices": [choice], "usage": usage}


def _anthropic(body: dict[str, Any], model: str, parts: dict[str, list[int]]) -> dict[str, Any]:
    """Messages API, version 2023-06-01. litellm asks older models for JSON by way of a tool that is the answer."""
    messages = _flat([{"role": "system", "content": body.get("system", "")}, *body["messages"]])
    text = reply_text(messages, parts, 1)
    tokens_in, tokens_out = _counts(messages, text)
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": tokens_in, "output_tokens": tokens_out},
    }


def _gemini(body: dict[str, Any], model: str, parts: dict[str, list[int]]) -> dict[str, Any]:
    """generateContent of v1beta. For models that it doesn't know litellm puts the system's words before the user's."""
    said = body.get("system_instruction", {}).get("parts", [])
    turns = [{"role": "user", "content": turn["parts"]} for turn in body["contents"]]
    if not said:
        said, turns[0]["content"] = turns[0]["content"][:1], turns[0]["content"][1:]
    messages = _flat([{"role": "system", "content": said}, *turns])
    text = reply_text(messages, parts, 1)
    tokens_in, tokens_out = _counts(messages, text)
    return {
        "candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {
            "promptTokenCount": tokens_in,
            "candidatesTokenCount": tokens_out,
            "totalTokenCount": tokens_in + tokens_out,
        },
        "modelVersion": model,
    }


def _bedrock(body: dict[str, Any], model: str, parts: dict[str, list[int]]) -> dict[str, Any]:
    """Converse."""
    messages = _flat([{"role": "system", "content": body.get("system", [])}, *body["messages"]])
    text = reply_text(messages, parts, 1)
    tokens_in, tokens_out = _counts(messages, text)
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": tokens_in, "outputTokens": tokens_out, "totalTokens": tokens_in + tokens_out},
        "metrics": {"latencyMs": 1},
    }


def _ollama(body: dict[str, Any], model: str, parts: dict[str, list[int]]) -> dict[str, Any]:
    """api/chat without streaming."""
    text = reply_text(body["messages"], parts, 1)
    tokens_in, tokens_out = _counts(body["messages"], text)
    message = {"role": "assistant", "content": text}
    counted = {"prompt_eval_count": tokens_in, "eval_count": tokens_out}
    return {"model": model, "message": message, "done": True, "done_reason": "stop", **counted}


def _flat(turns: list[dict[str, Any]]) -> Messages:
    """Turns whose content is a text or a list of {text}, as role and text."""
    return [{"role": turn["role"], "content": _text(turn["content"])} for turn in turns]


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "\n".join(str(part.get("text", "")) for part in content)


SHAPES = (
    ("/v1/chat/completions", _openai),
    ("/v1/messages", _anthropic),
    ("/v1beta/models/{model:[^:]+}:generateContent", _gemini),
    ("/openai/deployments/{model}/chat/completions", _openai),
    ("/model/{model}/converse", _bedrock),
    ("/api/chat", _ollama),
)
__all__ = ["Elsewhere", "ShapesServer", "Stats"]
