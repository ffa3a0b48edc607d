"""Small changes to the functions of a module, one at a time: what a test suite has to notice."""

import ast
import copy
import functools
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
}
"""What takes the place of an arithmetic operator."""

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
"""The boundary moved, and the comparison turned round."""

OPPOSITE = {"min": "max", "minimum": "maximum", "argmin": "argmax", "any": "all", "floor": "ceil"}
OPPOSITE |= {other: name for name, other in OPPOSITE.items()}
"""Functions that are taken for one another."""


@dataclass(frozen=True)
class Mutant:
    """One changed place.

    `key` names the place by its function, not by its line, so that it survives edits elsewhere in the file.
    """

    path: str
    key: str
    line: int
    make: Callable[[], str] = field(repr=False, compare=False)

    @functools.cached_property
    def source(self) -> str:
        """The text of the changed module."""
        return self.make()

    @property
    def digest(self) -> str:
        """Of the whole changed module."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:16]


def mutants(path: str, source: str) -> list[Mutant]:
    """Every mutant of a module: changes inside functions and lambdas, texts and annotations left alone."""
    tree, seen, found = ast.parse(source), {}, []
    for owner, around, node in _places(tree):
        for operator, replacement in _variants(node):
            before, after = ast.unparse(around), ast.unparse(_replaced(around, node, replacement))
            name = f"{path} {owner}: {operator}: `{before}` -> `{after}`"
            seen[name] = seen.get(name, 0) + 1
            key = name if seen[name] == 1 else f"{name} (number {seen[name]})"
            found.append(Mutant(path, key, node.lineno, functools.partial(_rewritten, tree, node, replacement)))
    return found


def _rewritten(tree: ast.Module, old: ast.expr, new: ast.expr) -> str:
    return ast.unparse(_replaced(tree, old, new))


def _replaced(tree: ast.AST, old: ast.expr, new: ast.expr) -> ast.AST:
    """The tree with one node replaced; nodes are told apart by identity."""
    return copy.deepcopy(tree, {id(old): new})


_SHOWN = (ast.BinOp, ast.Compare, ast.Call, ast.Subscript)
"""A number is shown together with the nearest of these that holds it."""


def _places(tree: ast.Module) -> Iterator[tuple[str, ast.AST, ast.expr]]:
    """Expressions inside functions: the dotted name of the function, what to show, the expression."""

    def visit(node: ast.AST, owner: str, inside: bool, around: ast.AST) -> Iterator[tuple[str, ast.AST, ast.expr]]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            owner = f"{owner}.{node.name}" if owner else node.name
        inside = inside or isinstance(node, ast.FunctionDef | ast.Lambda)
        if inside and isinstance(node, ast.expr):
            yield owner or "<module>", around if isinstance(node, ast.Constant) else node, node
        around = node if isinstance(node, _SHOWN) or not isinstance(node, ast.expr | ast.Slice) else around
        for name, value in ast.iter_fields(node):
            if name in _UNTOUCHED or isinstance(node, ast.JoinedStr):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from visit(child, owner, inside, around if isinstance(around, ast.expr) else child)

    return visit(tree, "", False, tree)


_UNTOUCHED = {"annotation", "returns", "decorator_list", "type_params", "ctx", "op", "ops"}


def _variants(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """The changes of one expression, each with the name of its kind."""
    for kind, change in _CHANGES.items():
        if isinstance(node, kind):
            yield from change(node)


def _arithmetic(node: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    if (other := ARITHMETIC.get(type(node.op))) is not None:
        yield "operator", ast.BinOp(node.left, other(), node.right)
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        yield "term dropped", node.left


def _comparison(node: ast.Compare) -> Iterator[tuple[str, ast.expr]]:
    for i, op in enumerate(node.ops):
        for other in COMPARISONS.get(type(op), ()):
            ops = [*node.ops[:i], other(), *node.ops[i + 1 :]]
            yield "comparison", ast.Compare(node.left, ops, node.comparators)


def _connective(node: ast.BoolOp) -> Iterator[tuple[str, ast.expr]]:
    yield "connective", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _negation(node: ast.UnaryOp) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield "negation removed", node.operand


def _constant(node: ast.Constant) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield "constant", ast.Constant(node.value + 1)


def _called(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    function = node.func
    if isinstance(function, ast.Name) and function.id in OPPOSITE:
        yield "opposite", ast.Call(ast.Name(OPPOSITE[function.id], ast.Load()), node.args, node.keywords)
    if isinstance(function, ast.Attribute) and function.attr in OPPOSITE:
        swapped = ast.Attribute(function.value, OPPOSITE[function.attr], ast.Load())
        yield "opposite", ast.Call(swapped, node.args, node.keywords)


def _shifted(node: ast.Subscript) -> Iterator[tuple[str, ast.expr]]:
    """An index or an end of a slice that is a name or a formula, moved by one; constants are moved as constants."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for i, part in enumerate(parts):
        for other in _moved(part):
            rest = [*parts[:i], other, *parts[i + 1 :]]
            index = ast.Tuple(rest, ast.Load()) if isinstance(node.slice, ast.Tuple) else other
            yield "index", ast.Subscript(node.value, index, node.ctx)


def _moved(part: ast.expr) -> Iterator[ast.expr]:
    if isinstance(part, ast.Slice):
        for name in ("lower", "upper"):
            end = getattr(part, name)
            if end is not None and not isinstance(end, ast.Constant):
                yield ast.Slice(**{**vars(part), name: ast.BinOp(end, ast.Add(), ast.Constant(1))})


_CHANGES = {
    ast.BinOp: _arithmetic,
    ast.Compare: _comparison,
    ast.BoolOp: _connective,
    ast.UnaryOp: _negation,
    ast.Constant: _constant,
    ast.Call: _called,
    ast.Subscript: _shifted,
}
