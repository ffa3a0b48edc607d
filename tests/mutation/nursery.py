"""A process that has the large libraries in memory and forks a child for every mutant. Run as a script by `run`.

One JSON object a line comes in (module, path, source, tests, limit), one goes out (outcome, by, seconds). The mutant
replaces its module at import, in memory: no file is ever changed. Forking is safe because importing these libraries
starts no thread; a child that starts some is gone before the next.
"""

import importlib.abc
import importlib.util
import json
import os
import resource
import select
import signal
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import hypothesis
import pytest

LARGE = ("jax.numpy", "jaxtyping", "scipy.integrate", "scipy.optimize", "scipy.sparse.csgraph", "scipy.sparse.linalg")
LARGE += ("scipy.spatial", "scipy.stats", "sympy.polys.matrices")
"""Libraries that children find in memory. They start no thread."""

PASSED, FAILED, INTERRUPTED = 0, 1, 2
"""Exit codes of pytest; 2 is what a module that cannot be imported any more leads to."""

BROKEN = 70
"""Exit code of a child in which pytest itself did not run: no judgement."""

MOST_EXAMPLES = 25
"""A test that asks for more generated problems gets this many: a wrong formula is wrong on most of them."""


class _Capped(hypothesis.settings):
    """Settings that ask for at most MOST_EXAMPLES, whatever a test wrote."""

    def __init__(self, parent: Any = None, **given: Any) -> None:
        if "max_examples" in given:
            given["max_examples"] = min(given["max_examples"], MOST_EXAMPLES)
        super().__init__(parent, **given)


hypothesis.settings.register_profile(
    "mutation",
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),  # a kill need not be shrunk
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=MOST_EXAMPLES,
    suppress_health_check=list(hypothesis.HealthCheck),
)


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds one module, in a changed form."""

    def __init__(self, module: str, path: str, source: str) -> None:
        self.module, self.path, self.source = module, path, source

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != self.module:
            return None
        folders = [str(Path(self.path).parent)] if self.path.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=folders
        )

    def get_source(self, fullname: str) -> str:
        return self.source

    def get_filename(self, fullname: str) -> str:
        return self.path


class FirstFailure:
    """A plugin of pytest that writes down which test failed first."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            os.write(self.descriptor, report.nodeid.encode()[:2000] + b"\n")

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            os.write(self.descriptor, b"(collection) " + report.nodeid.encode()[:2000] + b"\n")


def child(job: dict[str, Any], descriptor: int) -> int:
    """Import the mutant and run its tests; the exit code of pytest."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (job["limit"], job["limit"] + 1))
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    sys.path.insert(0, os.getcwd())
    hypothesis.settings = _Capped  # type: ignore[misc]
    sys.meta_path.insert(0, Mutated(job["module"], job["path"], job["source"]))
    options = ["-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of the plugins that are in memory already
    code = PASSED
    for tests in job["tests"]:  # one after the other, so that a mutant that the first notices costs no more than that
        code = code or int(pytest.main([*options, tests], plugins=[FirstFailure(descriptor)]))
    return code


def judged(job: dict[str, Any]) -> dict[str, Any]:
    """Fork, run, wait: the limit is on the processor's time, so that a busy machine kills nobody, and ten times that by
    the clock for what waits for ever."""
    start, (reading, writing) = time.monotonic(), os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # JAX warns of forks with threads; there are none
        pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            code = child(job, writing)
        except BaseException:
            code = BROKEN
        os._exit(code)
    os.close(writing)
    code = waited(pid, start + 10 * job["limit"])
    first = os.read(reading, 4096).decode().splitlines()[:1] if select.select([reading], [], [], 0)[0] else []
    os.close(reading)
    seconds = round(time.monotonic() - start, 2)
    return {"outcome": _outcome(code, bool(first)), "by": "".join(first), "seconds": seconds}


def _outcome(code: int | None, failure: bool) -> str:
    """A kill is a test that failed, a module that cannot be imported, or a crash; anything else is no judgement."""
    if code in (None, -signal.SIGXCPU):
        return "hung"
    if code in (FAILED, INTERRUPTED) and failure:
        return "killed"
    return "survived" if code == PASSED else "crashed" if code < 0 else "no judgement"


def waited(pid: int, end: float) -> int | None:
    """The exit code of a child (negative: a signal); None where it had to be stopped."""
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    for stop in (lambda: os.killpg(pid, signal.SIGKILL), lambda: os.kill(pid, signal.SIGKILL)):
        try:
            stop()
        except ProcessLookupError:  # not yet a group of its own, or gone
            continue
    os.waitpid(pid, 0)
    return None


def main() -> None:
    if Path("linrep").is_dir():
        for name in LARGE:
            importlib.import_module(name)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(judged(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
