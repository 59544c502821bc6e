"""The site on the network: loopback only, a few threads, nothing printed."""

from __future__ import annotations

import ipaddress
import os
import socket
import threading

from flask import Flask

from graphmap.errors import ConfigError
from graphmap_web.network import warm

THREADS = 8


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def open_socket(host: str, port: int) -> tuple[socket.socket, str]:
    """The listening socket and the site's address, to be printed before serving. Port 0 = any free one."""
    if not is_loopback(host):
        raise ConfigError(
            f"the site has no login yet and would be open to everybody at {host}",
            remedy="set site.host to 127.0.0.1",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere this option lets two processes share one port
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        # Listening already: whoever opens the printed address at once is kept waiting, not refused.
        bound.listen(128)
    except (OSError, OverflowError) as error:
        bound.close()
        raise ConfigError(
            f"port {port} on {host} cannot be used: {error}",
            remedy="choose another --port, or 0 for any free one",
        ) from error
    shown = f"[{host}]" if ":" in host else host
    return bound, f"http://{shown}:{bound.getsockname()[1]}/"


def serve(
    app: Flask, host: str = "127.0.0.1", port: int = 8750, *, opened: socket.socket | None = None
) -> None:
    """Answers until interrupted. ``opened`` is what :func:`open_socket` gave, else it is opened here."""
    import waitress

    bound = opened if opened is not None else open_socket(host, port)[0]
    # The map builder takes a third of a second to import; nobody should wait for it on the first page.
    threading.Thread(target=warm, name="graphmap-warm", daemon=True).start()
    try:
        waitress.serve(app, sockets=[bound], threads=THREADS, ident=None, _quiet=True)
    finally:
        bound.close()
