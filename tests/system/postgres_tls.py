"""TLS in front of a server that was built without it: its own end of the protocol, over TCP.

A client of PostgreSQL asks with eight bytes whether there is TLS; what follows the handshake is
the protocol as it is, which goes on to the socket of the server.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_ASKS = (8).to_bytes(4) + (80877103).to_bytes(4)


class Authority:
    """Signs certificates of servers; ``file`` is its own one."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / f"{name}.crt"
        self.file.write_bytes(_pem(self._signed(name, self.key, ca=True)))

    def context(self, host: str) -> ssl.SSLContext:
        """What a server needs to answer as a host."""
        key = ec.generate_private_key(ec.SECP256R1())
        file = self.folder / f"{self.name}-{host}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file.write_bytes(private + _pem(self._signed(host, key, ca=False)))
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(file)
        return made

    def _signed(self, host: str, key: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        is_address = host[0].isdigit()
        named = x509.IPAddress(ip_address(host)) if is_address else x509.DNSName(host)
        return (
            x509.CertificateBuilder()
            .subject_name(_called(host))
            .issuer_name(_called(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([named]), critical=False)
            .sign(self.key, hashes.SHA256())
        )


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


@dataclass
class Front:
    """A port of this machine behind which a server listens; without ``tls`` it has none.

    ``told`` is what clients said once they were in.
    """

    server: Path
    tls: ssl.SSLContext | None
    told: bytearray = field(default_factory=bytearray)
    ends: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(str(self.server / ".s.PGSQL.5432"))
            self.ends += [client, server]
            if client.recv(8, socket.MSG_PEEK) == _ASKS:
                client.recv(8)
                client.sendall(b"N" if self.tls is None else b"S")
                if self.tls is not None:
                    client = self.tls.wrap_socket(client, server_side=True)
                    self.ends.append(client)
            other = threading.Thread(
                target=self._carry, args=(server, client, bytearray()), daemon=True
            )
            other.start()
            self._carry(client, server, self.told)
            other.join(5)

    def _carry(self, one: socket.socket, other: socket.socket, heard: bytearray) -> None:
        with suppress(OSError):
            while said := one.recv(1 << 16):
                heard += said
                other.sendall(said)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def statements(self) -> list[tuple[str, str]]:
        """Name, empty for none, and text of everything that one client asked for."""
        said, found = bytes(self.told), list[tuple[str, str]]()
        said = said[int.from_bytes(said[:4]) :]  # how it came in
        while said:
            kind, size = said[:1], int.from_bytes(said[1:5])
            body, said = said[5 : size + 1], said[size + 1 :]
            if kind == b"Q":
                found.append(("", body.split(b"\0")[0].decode()))
            elif kind == b"P":
                name, text = body.split(b"\0")[:2]
                found.append((name.decode(), text.decode()))
        return found

    def close(self) -> None:
        self.listener.close()
        for end in self.ends:
            end.close()
