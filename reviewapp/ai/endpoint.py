"""Where a model lives, and whether text may leave for there (SEC-07). Knows no network library."""

from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from reviewapp.ai import providers
from reviewapp.ai.errors import ModelAway

# litellm's names whose public address is passed on explicitly, so that no environment variable can send text elsewhere.
PUBLIC_ADDRESSES = {
    prefix: address for prefix in providers.BY_PREFIX if (address := providers.public_address(prefix, {}))
}
# Those that need no key of their own: a local server.
KEYLESS = frozenset({"ollama", "ollama_chat"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model at one address.

    `model` is a litellm id, "provider/name". `api_base` is empty for a provider's public address. `timeout` is the
    longest a whole call may take, in seconds. The key never shows in a repr. `options` are what a provider needs
    besides (`api_version` of Azure, `aws_region` of Bedrock): name and value, nothing secret.
    """

    model: str
    api_base: str = ""
    api_key: str = field(default="", repr=False)
    timeout: float = 60.0
    options: tuple[tuple[str, str], ...] = ()

    @property
    def provider(self) -> str:
        """The part of the id before the first slash, empty if there is none."""
        return providers.prefix_of(self.model)

    @property
    def address(self) -> str:
        """The base address that is called; empty if it is not known."""
        return self.api_base or providers.public_address(self.provider, dict(self.options))


def host_of(endpoint: Endpoint) -> tuple[str, int]:
    """Host (lower case) and port that a call would connect to; `ModelAway` with the mend if there is no telling."""
    if not endpoint.provider:
        raise ModelAway(f"The model id “{endpoint.model[:80]}” names no provider; write it as provider/name.")
    address = endpoint.address
    if not address:
        raise ModelAway(f"The address of {endpoint.provider} is not known here; give the model's address.")
    return _split(address)


def _split(address: str) -> tuple[str, int]:
    unreadable = ModelAway("The model's address can't be read; write it as https://host/path, without a user name.")
    if any(character.isspace() or character == "\\" or not character.isprintable() for character in address):
        raise unreadable
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise unreadable from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise unreadable
    return parts.hostname.lower().rstrip("."), port or (443 if parts.scheme == "https" else 80)


def check_host(endpoint: Endpoint, allowed: Collection[str]) -> str:
    """The host that text would leave for, if it is allowed; else `ModelAway`.

    `allowed` holds exact entries, "host" (any port) or "host:port"; there are no wildcards.
    """
    host, port = host_of(endpoint)
    known = {entry.strip().lower().rstrip(".") for entry in allowed}
    if host in known or f"{host}:{port}" in known or f"[{host}]:{port}" in known:
        return host
    raise ModelAway(
        f"Nothing was sent: {host[:100]} is not among the hosts that text may leave for. "
        "An administrator can allow it in the settings."
    )


def key_for(endpoint: Endpoint) -> str:
    """The key to send, never None: litellm would then take whatever key the environment holds.

    A self-hosted server without a key gets a placeholder; a hosted provider without one is `ModelAway` before a call.
    """
    if endpoint.api_key:
        return endpoint.api_key
    own_server = endpoint.address != providers.public_address(endpoint.provider, dict(endpoint.options))
    if endpoint.provider in KEYLESS or (own_server and endpoint.provider not in {"azure", "bedrock"}):
        return "none"
    raise ModelAway(f"No key is set for {endpoint.provider}; set it in the environment or on the model card.")
