"""A real Neo4j Community server for tests: Maven assembles its jars, Java runs them on the loopback.

In: a version and the machine's own `mvn` and Java. Out: a `Neo4jServer` with a Bolt address, credentials and an HTTP
address, which conftest.py hands to the tests as a driver on an empty database.
"""

import contextlib
import fcntl
import functools
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

STABLE = "5.26.31"
NEWEST = "2026.08.1"
JAVA = {STABLE: range(17, 22), NEWEST: range(21, 26)}  # the Java versions that each is made for

START_SECONDS = 120
STOP_SECONDS = 30

# The kernel kills the child when the process that started it ends, however it ends.
TIED_TO_PARENT = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != int(sys.argv[1]):
        sys.exit("the process that asked for this one is gone")
os.execvp(sys.argv[2], sys.argv[2:])
"""

OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")


class Unavailable(Exception):
    """Raised by `find_java` and `assemble` where the machine has no fitting Java, or no Maven."""


class ServerFailed(Exception):
    """Raised where Maven, or the server, ended or did not answer; the message closes with its own last words."""


@functools.cache
def installed_java() -> dict[int, Path]:
    """Find the Java programs of this machine, by their major version."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    programs = [home / "bin" / "java" for home in homes]
    if on_path := shutil.which("java"):
        programs.insert(0, Path(on_path))
    found: dict[int, Path] = {}
    for program in dict.fromkeys(program.resolve() for program in programs if program.is_file()):
        said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
        if major := re.search(r'version "(\d+)', said):
            found.setdefault(int(major[1]), program)
    return found


def find_java(version: str) -> Path:
    """Choose the oldest Java here that runs this version of Neo4j."""
    wanted = JAVA[version]
    fitting = [major for major in installed_java() if major in wanted]
    if not fitting:
        here = ", ".join(map(str, sorted(installed_java()))) or "none"
        raise Unavailable(f"Neo4j {version} needs Java {wanted[0]} to {wanted[-1]}; on this machine: {here}")
    return installed_java()[min(fitting)]


def assemble(version: str) -> Path:
    """Copy the server's jars into the cache, once, and return their folder.

    The cache is the folder YUANLIU_TEST_CACHE, or ~/.cache/yuanliu-tests. A second process waits for the first; what a
    killed one left half done is thrown away.
    """
    cache = Path(os.environ.get("YUANLIU_TEST_CACHE") or Path.home() / ".cache" / "yuanliu-tests")
    jars = cache / f"neo4j-{version}"
    if jars.is_dir():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable(f"Neo4j {version} is not in {cache}, and there is no Maven (mvn) to fetch it")
    cache.mkdir(parents=True, exist_ok=True)
    with _locked(cache / "neo4j.lock"):
        if jars.is_dir():
            return jars
        for left in cache.glob(f"{jars.name}.part-*"):
            shutil.rmtree(left)
        part = Path(tempfile.mkdtemp(prefix=f"{jars.name}.part-", dir=cache))
        pom = Path(__file__).with_name("pom.xml")
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={part}"]
        _run([maven, "-q", "-B", "-f", str(pom), f"-Dneo4j.version={version}", *goal], dict(os.environ))
        part.rename(jars)
    return jars


class Neo4jServer:
    """A Neo4j server of our own, in a temporary home, between `with` and the end of its block.

    It ends with the thread that started it. `password=None` turns authentication off.
    """

    def __init__(self, version: str = STABLE, *, password: str | None = "origin-of-the-river") -> None:
        self.version = version
        self.password = password
        self._java = find_java(version)
        self._jars = assemble(version)
        self._folder = tempfile.TemporaryDirectory(prefix="yuanliu-neo4j-", ignore_cleanup_errors=True)
        self._home = Path(self._folder.name)
        self._process: subprocess.Popen[bytes] | None = None
        self._bolt, self._http = _free_ports()

    @property
    def uri(self) -> str:
        """Where the driver finds it; the same after a restart."""
        return f"bolt://127.0.0.1:{self._bolt}"

    @property
    def http_url(self) -> str:
        """Where HTTP answers; the Browser is at /browser/ under it."""
        return f"http://127.0.0.1:{self._http}"

    @property
    def auth(self) -> tuple[str, str] | None:
        """The user and password for the driver, None where authentication is off."""
        return None if self.password is None else ("neo4j", self.password)

    @property
    def pid(self) -> int:
        """The server's process id."""
        if self._process is None:
            raise ServerFailed("the server is not running")
        return self._process.pid

    @property
    def log(self) -> str:
        """What the server has printed since its home was made."""
        out = self._home / "server.out"
        return out.read_text(encoding="utf-8", errors="replace") if out.exists() else ""

    def __enter__(self) -> Self:
        try:
            self._prepare()
            self.start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def start(self) -> None:
        """Start it, and return once Bolt and HTTP answer."""
        if self._process is not None:
            raise ServerFailed("the server is running already")
        folders = [f"--home-dir={self._home}", f"--config-dir={self._home / 'conf'}"]
        with (self._home / "server.out").open("ab") as out:
            self._process = subprocess.Popen(
                _tied([*self._command(), self._entry_point(), *folders, "--console-mode"]),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=_environment(),
                start_new_session=True,  # Ctrl-C reaches pytest, which then stops the server in order
            )
        deadline = time.monotonic() + START_SECONDS
        while not (self._http_answers() and self._bolt_answers()):
            if (code := self._process.poll()) is not None:
                self._process = None
                raise ServerFailed(f"Neo4j {self.version} ended with {code}:\n{self.log[-3000:]}")
            if time.monotonic() > deadline:
                self.kill()
                raise ServerFailed(f"Neo4j {self.version} gave no answer in {START_SECONDS} s:\n{self.log[-3000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Shut it down in order; its data stay until the end of the block."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it at once with SIGKILL, as a power cut would."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None

    def restart(self, settings: Mapping[str, str] | None = None) -> None:
        """Start it again on the same data and addresses, after stopping it where it runs; with more settings."""
        self.stop()
        with (self._home / "conf" / "neo4j.conf").open("a", encoding="utf-8") as conf:
            conf.writelines(f"{name}={value}\n" for name, value in (settings or {}).items())
        self.start()

    def connect(self) -> Driver:
        """Open a driver; the caller closes it."""
        return GraphDatabase.driver(self.uri, auth=self.auth)

    def _prepare(self) -> None:
        settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{self._bolt}",
            "server.bolt.advertised_address": f"127.0.0.1:{self._bolt}",
            "server.http.listen_address": f"127.0.0.1:{self._http}",
            "server.http.advertised_address": f"127.0.0.1:{self._http}",
            "server.https.enabled": "false",
            "server.bolt.telemetry.enabled": "false",
            "server.memory.pagecache.size": "64m",
            "db.tx_log.preallocate": "false",
            "dbms.usage_report.enabled": "false",
            "dbms.security.auth_enabled": str(self.password is not None).lower(),
        }
        quiet = "internal.dbms.bolt.netty_server_shutdown_quiet_period"  # otherwise every stop takes ten seconds
        if self.version == STABLE:
            settings |= {quiet: "0"}
        else:
            settings |= {
                f"{quiet}_duration": "0s",
                "server.fleet_discovery.enabled": "false",
                "dbms.fleet_manager.enabled": "false",
            }
        conf = self._home / "conf"
        conf.mkdir()
        lines = (f"{name}={value}\n" for name, value in settings.items())
        (conf / "neo4j.conf").write_text("".join(lines), encoding="utf-8")
        if self.password is None:
            return
        folders = {"NEO4J_HOME": str(self._home), "NEO4J_CONF": str(conf)}
        admin = ["org.neo4j.cli.AdminTool", "dbms", "set-initial-password", self.password]
        _run([*self._command(), *admin], _environment() | folders)

    def _command(self) -> list[str]:
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
        quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]  # short runs: start soon rather than run fast
        return [str(self._java), "-Xmx768m", *quick, *opened, "-cp", f"{self._jars}/*"]

    def _entry_point(self) -> str:
        """Read the main class from the jar: it has another name in each line of versions."""
        with zipfile.ZipFile(self._jars / f"neo4j-{self.version}.jar") as jar:
            return jar.read("META-INF/services/org.neo4j.server.startup.EntryPoint").decode().strip()

    def _bolt_answers(self) -> bool:
        with self.connect() as driver:
            try:
                driver.verify_connectivity()
            except (DriverError, Neo4jError):
                return False
        return True

    def _http_answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.http_url, timeout=5):
                return True
        except urllib.error.HTTPError as answer:
            answer.close()
            return False
        except OSError:
            return False

    def _close(self) -> None:
        self.stop()
        self._folder.cleanup()


def _tied(command: list[str]) -> list[str]:
    return [sys.executable, "-c", TIED_TO_PARENT, str(os.getpid()), *command]


def _environment() -> dict[str, str]:
    """Keep our environment without the variables that would configure the server from outside."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        _tied(command),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServerFailed(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}")


def _free_ports() -> list[int]:
    """Choose two ports below those that Linux gives to outgoing connections, so that nothing takes them by chance."""
    found: list[int] = []
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == 2:
            return found
    raise ServerFailed("no free ports on 127.0.0.1")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
