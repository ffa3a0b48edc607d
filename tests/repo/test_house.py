"""Small functions, short files, few arguments; no printing, no evaluating of text, no tolerance out of thin air."""

import ast

import pytest

from tests.repo.sources import ROOT, called_name, files_of, functions, library_files

BODY_LINES, FILE_LINES, POSITIONAL = 40, 300, 6
UNSAFE = {"eval", "exec", "sympify", "parse_expr", "pickle", "load_pickle", "unpickle"}
UNSAFE_OF = {("pickle", "load"), ("pickle", "loads"), ("pickle", "Unpickler"), ("joblib", "load"), ("marshal", "loads")}
RESTRICTED = "linrep/datasets/_restricted.py"
"""The one file that reads pickles: its unpickler finds nothing but what arrays of numbers are restored with."""
TOLERANCES = {"atol", "rtol", "abs", "rel", "abs_tol", "rel_tol"}
LOOSEST_TINY = 1e-4  # a smaller literal in a comparison can only be a tolerance
CLOSE = {"allclose", "isclose", "assert_allclose", "approx"}


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its decorators and its docstring."""
    doc = ast.get_docstring(node, clean=False)
    return (node.end_lineno or node.lineno) - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)


def size_violations(name: str, source: str) -> list[str]:
    """Files and functions that are too long."""
    found = [f"{name}: {source.count(chr(10))} lines"] if source.count("\n") > FILE_LINES else []
    long = [node for node in functions(ast.parse(source)) if lines_of(node) > BODY_LINES]
    return found + [f"{name}:{node.lineno}: {node.name} has {lines_of(node)} lines" for node in long]


def is_formula(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A theorem's formula takes its inputs in order and a field, however many the theorem has."""
    last = node.args.args[-1:]
    return bool(last) and last[0].arg == "field" and ast.unparse(last[0].annotation or ast.Constant("")) == "Field"


def argument_violations(name: str, source: str) -> list[str]:
    """Functions that take too many positional arguments."""
    counts = [
        (node, len(node.args.posonlyargs) + len(node.args.args))
        for node in functions(ast.parse(source))
        if not is_formula(node)
    ]
    return [f"{name}:{node.lineno}: {node.name} takes {count}" for node, count in counts if count > POSITIONAL]


def call_violations(name: str, source: str) -> list[str]:
    """Calls that print, or that turn text or bytes into running code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = {getattr(node, "module", None) or "", *(alias.name for alias in node.names)}
            found += [f"{name}:{node.lineno}: import of {module}" for module in modules & UNSAFE]
        elif isinstance(node, ast.Call):
            called, owner = called_name(node), getattr(getattr(node.func, "value", None), "id", "")
            builtin_only = called in {"eval", "exec", "print"} and isinstance(node.func, ast.Attribute)
            if (called in UNSAFE | {"print"} and not builtin_only) or (owner, called) in UNSAFE_OF:
                found.append(f"{name}:{node.lineno}: call of {called}")
    return found


def literals(node: ast.AST) -> list[float]:
    """The numbers written out in an expression, those inside a call (arguments of a named budget) left aside."""
    if isinstance(node, ast.Constant):
        plain = isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        return [float(node.value)] if plain and isinstance(node.value, (int, float)) else []
    return [] if isinstance(node, ast.Call) else [x for child in ast.iter_child_nodes(node) for x in literals(child)]


def tolerance_violations(name: str, source: str) -> list[str]:
    """Tolerances of a test that are not named budgets: written as numbers, or the default of a closeness test."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            given = [word for word in node.keywords if word.arg in TOLERANCES]
            found += [f"{name}:{node.lineno}: literal {word.arg}" for word in given if any(literals(word.value))]
            if called_name(node) in CLOSE and not given:
                found.append(f"{name}:{node.lineno}: {called_name(node)} with its default tolerance")
        elif isinstance(node, ast.Compare):
            tiny = [x for part in node.comparators for x in literals(part) if 0 < abs(x) < LOOSEST_TINY]
            found += [f"{name}:{node.lineno}: comparison with the literal {x}" for x in tiny]
    return found


def read(paths) -> list[tuple[str, str]]:
    """Name and text of each file."""
    return [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in paths]


def test_sizes():
    everything = [*library_files(), *files_of("tests", "examples", "benchmarks")]
    assert [line for name, text in read(everything) for line in size_violations(name, text)] == []


def test_arguments():
    assert [line for name, text in read(library_files()) for line in argument_violations(name, text)] == []


def test_calls():
    found = [line for name, text in read(library_files()) for line in call_violations(name, text)]
    assert [line for line in found if not (line.startswith(RESTRICTED) and line.endswith("import of pickle"))] == []


def test_tolerances_are_named():
    tests = [path for path in files_of("tests") if path != ROOT / "tests" / "tolerances.py"]
    assert [line for name, text in read(tests) for line in tolerance_violations(name, text)] == []


def function_of(lines: int) -> str:
    """A function of the given number of lines, its `def` included."""
    return "def f():\n    '''Two\n    lines.'''\n" + "    x = 1\n" * (lines - 1)


def test_planted_long_function_is_reported():
    assert size_violations("a.py", function_of(BODY_LINES)) == []
    assert len(size_violations("a.py", function_of(BODY_LINES + 1))) == 1


def test_planted_long_file_is_reported():
    assert size_violations("a.py", "x = 1\n" * FILE_LINES) == []
    assert len(size_violations("a.py", "x = 1\n" * (FILE_LINES + 1))) == 1


def test_planted_arguments_are_reported():
    assert argument_violations("a.py", "def f(a, b, c, d, e, f, *, g): ...") == []
    assert len(argument_violations("a.py", "def f(a, b, c, /, d, e, f, g): ...")) == 1
    assert argument_violations("a.py", "def f(a, b, c, d, e, f, g, field: Field): ...") == []


@pytest.mark.parametrize(
    "source",
    [
        "print(1)",
        "eval('1')",
        "exec('x = 1')",
        "sympy.sympify('x')",
        "sympify('x')",
        "import pickle",
        "from pickle import loads",
        "import pickle as p",
        "joblib.load(path)",
    ],
)
def test_planted_call_is_reported(source: str):
    assert len(call_violations("a.py", source)) == 1


@pytest.mark.parametrize("source", ["console.print(1)", "json.loads(text)", "tomllib.load(file)", "field.exec(1)"])
def test_ordinary_call_is_allowed(source: str):
    assert call_violations("a.py", source) == []


@pytest.mark.parametrize(
    "source",
    [
        "np.allclose(a, b, atol=1e-9)",
        "assert a == pytest.approx(b, rel=10 * 1e-9)",
        "np.testing.assert_allclose(a, b, rtol=0, atol=3 * EPS)",
        "np.testing.assert_allclose(a, b)",
        "assert abs(a - b) < 1e-12",
        "assert abs(a - b) <= 1e-6 * scale",
    ],
)
def test_planted_tolerance_is_reported(source: str):
    assert len(tolerance_violations("a.py", source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "np.testing.assert_allclose(a, b, rtol=0, atol=eigenvalue_budget(40, 1.0))",
        "assert abs(a - b) <= sum_budget(5)",
        "assert error >= 0.25",
        "assert problem.slack > 0",
    ],
)
def test_named_budget_is_allowed(source: str):
    assert tolerance_violations("a.py", source) == []
