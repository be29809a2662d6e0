"""Small faults that may be made in a module: each a piece of its source and what stands there instead.

Written here because the kept tools do not fit: mutmut (3.8) has one configuration of tests for the whole tree and first
runs all of them, cosmic-ray (8.7) changes the tree it is run in; neither draws a bounded sample from a seed.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Of a node: what is replaced, itself or a part of it, and what by.
Mutate = Callable[[ast.AST], Iterator[tuple[ast.AST, ast.AST]]]

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}


@dataclass(frozen=True)
class Mutant:
    """A fault in a module: the bytes from `start` to `end` of its source become `text`."""

    module: str  # its path below the root
    number: int  # counted within the module
    line: int
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        return f"{self.module}:{self.number}"

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutants_of(module: str, source: bytes) -> list[Mutant]:
    """Every fault that can be made in a module, in the order of its source."""
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    found = []
    for node in _reached(ast.parse(source)):
        for mutate in MUTATIONS:
            for part, changed in mutate(node):
                text = ast.unparse(changed)
                start = lines[part.lineno - 1] + part.col_offset
                end = lines[part.end_lineno - 1] + part.end_col_offset
                found.append((start, end, part.lineno, f"({text})" if isinstance(part, ast.expr) else text))
    return [
        Mutant(module, number, line, start, end, text)
        for number, (start, end, line, text) in enumerate(sorted(set(found)))
    ]


def lines_around(source: bytes, line: int) -> range:
    """The lines of the statement that a line is in; of one that holds others, those of its head."""
    around = range(line, line + 1)
    for node in ast.walk(ast.parse(source)):  # what is inside comes later
        if isinstance(node, ast.stmt) and node.lineno <= line <= node.end_lineno:
            body = getattr(node, "body", None)
            end = body[0].lineno if body else node.end_lineno + 1
            if node.lineno <= line < max(end, node.lineno + 1):
                around = range(node.lineno, max(end, node.lineno + 1))
    return around


def _reached(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that do something: no types, no docstrings, no f-strings (Python 3.11 mistakes where parts are)."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "type_comment"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr | ast.Import | ast.ImportFrom):
                    continue
                if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                    continue
                if hasattr(child, "lineno"):
                    yield child
                waiting.append(child)


# --- what can go wrong -----------------------------------------------------------------------------------------------


def _with(node: ast.AST, **parts: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in parts.items():
        setattr(changed, name, value)
    return changed


def _comparison(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            yield node, _with(node, ops=[*node.ops[:at], COMPARISONS[type(operator)](), *node.ops[at + 1 :]])


def _arithmetic(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield node, _with(node, left=node.right, right=node.left)
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        yield node, _with(node, op=OPERATORS[type(node.op)]())


def _logic(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    if isinstance(node, ast.BoolOp):
        yield node, _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node, node.operand
    elif isinstance(node, ast.IfExp):
        yield node, _with(node, body=node.orelse, orelse=node.body)


def _condition(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    if isinstance(node, ast.If | ast.While):
        yield node.test, ast.UnaryOp(ast.Not(), node.test)


def _constant(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    if isinstance(node, ast.Constant):
        match node.value:
            case bool():
                yield node, ast.Constant(not node.value)
            case int() | float():
                yield node, ast.Constant(node.value + 1)
            case str():
                yield node, ast.Constant(f"{node.value}X" if node.value else "X")


def _name(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in NAMES:
            yield node, _with(node, func=ast.Name(NAMES[name]))
        case ast.Call(func=ast.Attribute(attr=name) as called) if name in NAMES:
            yield node, _with(node, func=_with(called, attr=NAMES[name]))


def _argument(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """An argument that was given by name is forgotten."""
    if isinstance(node, ast.Call):
        for at, keyword in enumerate(node.keywords):
            if keyword.arg:
                yield node, _with(node, keywords=[*node.keywords[:at], *node.keywords[at + 1 :]])


def _statement(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    match node:
        case ast.Return(value=value) if value is not None and ast.unparse(value) != "None":
            yield node, ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield node, ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield node, ast.Pass()


MUTATIONS: tuple[Mutate, ...] = (
    _comparison,
    _arithmetic,
    _logic,
    _condition,
    _constant,
    _name,
    _argument,
    _statement,
)
