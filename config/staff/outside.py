"""One POST to an address that a person typed in or a browser named.

Outside of the demo and the tests only by https, to a host whose every address is public, on the very address that was
looked at: else a name could mean our own network a moment later. It follows no redirect and reads little.
"""

import ipaddress
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from config.staff.sending import Delayed, Refused, time_limit

PORTS = {443, 8443}
MOST_READ = 2000
# Ways for one kind of address to stand for another: NAT64, 6to4 and Teredo.
IN_DISGUISE = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
LATER = {408, 425, 429}


class NotAllowed(Refused):
    """This address is none that we send to."""


@dataclass(frozen=True)
class Reply:
    status: int
    text: str

    @property
    def words(self) -> str:
        return f"{self.status} {self.text}".strip()


def read_address(url: str) -> SplitResult:
    """The parts of an address that we may send to; a sentence where we may not, without asking the network."""
    try:
        address = urlsplit(url.strip())
        port = address.port
    except ValueError as fault:
        raise NotAllowed(_("This is no address.")) from fault
    schemes = {"https", "http"} if settings.LOCAL else {"https"}
    if address.scheme not in schemes or not address.hostname:
        raise NotAllowed(_("The address must begin with https://."))
    if address.username or address.password:
        raise NotAllowed(_("The address must hold no user name."))
    if port not in {None, *PORTS} and not settings.LOCAL:
        raise NotAllowed(_("We send to the usual port of https only."))
    return address


def host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def post(url: str, body: bytes, headers: dict[str, str], *, timeout: float) -> Reply:
    """What the other side said, whatever its status; Delayed where nothing came, NotAllowed where we may not ask."""
    address = read_address(url)
    port = address.port or (443 if address.scheme == "https" else 80)
    line = _Line(address, port, _public_address(address.hostname or "", port), timeout)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    with time_limit(timeout, line.cut, OSError, HTTPException):
        try:
            line.connection.request("POST", path, body, {"User-Agent": "Puente", **headers})
            answer = line.connection.getresponse()
            text = answer.read(MOST_READ).decode("utf-8", "replace").replace("\0", "")
        except (OSError, HTTPException) as trouble:
            raise _not_now(trouble) from trouble
        finally:
            line.connection.close()
    return Reply(answer.status, " ".join(text.split()))


def raise_unless_taken(reply: Reply) -> None:
    """2xx is a yes. A server in trouble is asked again; anything else will not become better by itself."""
    if 200 <= reply.status < 300:
        return
    if reply.status >= 500 or reply.status in LATER:
        raise Delayed(reply.words)
    if 300 <= reply.status < 400:
        raise Refused(_("%(status)s: it sends on to another address, which we do not follow.") % vars(reply))
    raise Refused(reply.words)


def _not_now(trouble: Exception) -> Exception:
    return trouble if isinstance(trouble, OSError) else OSError(str(trouble) or type(trouble).__name__)


def _public_address(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as trouble:
        raise Delayed(f"{host}: {trouble}") from trouble
    addresses = [str(entry[4][0]) for entry in found]
    if not settings.LOCAL and not all(map(_is_public, addresses)):
        raise NotAllowed(_("%(host)s is no public host.") % {"host": host})
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    plain = getattr(address, "ipv4_mapped", None) or address
    disguised = any(plain in net for net in IN_DISGUISE if net.version == plain.version)
    return plain.is_global and not plain.is_multicast and not disguised


class _Line:
    """A connection to one looked-up address, under the name of its host; it can be cut while it is waited for."""

    def __init__(self, address: SplitResult, port: int, ip: str, timeout: float) -> None:
        line = self
        self.sock: socket.socket | None = None
        kind: Any = HTTPSConnection if address.scheme == "https" else HTTPConnection

        class Connection(kind):  # type: ignore[misc]
            def connect(self) -> None:
                line.sock = self.sock = socket.create_connection((ip, port), timeout)
                if address.scheme == "https":
                    context = ssl.create_default_context()
                    line.sock = self.sock = context.wrap_socket(self.sock, server_hostname=address.hostname)

        self.connection = Connection(address.hostname, port, timeout=timeout)

    def cut(self) -> None:
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
