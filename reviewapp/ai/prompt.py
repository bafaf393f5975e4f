"""What is said to a model: plain, frozen, hashable values without Django or litellm."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything that decides a reply, apart from the model itself.

    `schema` is a JSON Schema that the reply must follow, or None for free text; `max_tokens` limits the reply.
    `version` names the way in which it was written, for the record; it is not sent and decides nothing.
    """

    messages: tuple[Message, ...]
    schema: dict[str, Any] | None = None
    temperature: float = 0.0
    max_tokens: int = 1024
    version: str = ""

    def as_dict(self) -> dict[str, Any]:
        """What would be sent, as JSON-able values."""
        return {
            "messages": self.as_messages(),
            "schema": self.schema,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
        }

    def as_messages(self) -> list[dict[str, str]]:
        """The conversation in the form that chat completion APIs take."""
        return [{"role": message.role, "content": message.content} for message in self.messages]

    def sha256(self) -> str:
        """Hex digest of the canonical JSON: equal exactly when the same would be sent."""
        canonical = json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def and_then(self, *messages: Message) -> "Prompt":
        """The same prompt with further turns, for the one second question after a reply that broke the schema."""
        return replace(self, messages=(*self.messages, *messages))
