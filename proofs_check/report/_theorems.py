"""What the report says of one theorem: all of it from saved tables and from the theorem's own file."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from linrep.bounds import Theorem
from linrep.evaluate import Status
from linrep.tables import Table, Value
from proofs_check.explain import explanation
from proofs_check.report._maths import mathml

SHOWN = 12
"""Most problems of a theorem that are listed, the tightest first."""

Row = Mapping[str, Value]


def section(theorem: Theorem, digest: Row, tables: Mapping[str, Table]) -> dict[str, Any]:
    """One theorem: statement, symbols, hypotheses with their rulings, proof on a problem, controls, numbers.

    Args:
        theorem: of the catalogue.
        digest: its row of `verify.digest`.
        tables: the saved tables by name; "verify" is needed, "chains" and "controls" are used where they are there.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> from proofs_check.verify import DIGEST, ROW
    >>> row = dict.fromkeys(DIGEST, 0)
    >>> section(linrep26.HYPERCUBE, row, {"verify": Table(ROW, ())})["key"]
    'linrep26.hypercube'
    """
    told = explanation(theorem)
    rows = tables["verify"].where(theorem=theorem.key).rows
    return {
        "key": theorem.key,
        "title": told["title"],
        "statement": mathml(told["statement"]["latex"]),
        "index": told["statement"]["index"],
        "unavailable": told["unavailable"],
        "symbols": [{**s, "mathml": mathml(s["symbol"])} for s in told["symbols"]],
        "hypotheses": rulings(told["hypotheses"], rows),
        "source": told["source"],
        "digest": digest,
        "verdict": verdict(digest),
        "chain": waterfall(tables["chains"].where(theorem=theorem.key).rows) if "chains" in tables else None,
        "controls": tables["controls"].where(theorem=theorem.key).rows if "controls" in tables else (),
        "rows": listed(rows),
    }


def verdict(digest: Row) -> str:
    """One word: what happened to the theorem over all problems, the worst first.

    Source: ours.

    >>> verdict({"FAILS": 0, "UNDECIDED": 1, "HOLDS": 3, "UNAVAILABLE": 0})
    'UNDECIDED'
    """
    order = (Status.FAILS, Status.UNDECIDED, Status.HOLDS, Status.UNAVAILABLE)
    return next((s.value for s in order if digest[s.value]), Status.INAPPLICABLE.value)


def rulings(hypotheses: Iterable[Mapping[str, str]], rows: Iterable[Row]) -> list[dict[str, Any]]:
    """On how many problems each hypothesis holds, and does not (or is not settled), with one example of what was seen.

    Source: ours.

    >>> said = [{"name": "minimiser", "statement": "W minimises the loss"}]
    >>> found = rulings(said, [{"fails": "minimiser (0.1 above)"}, {"fails": ""}])
    >>> found[0]["holds"], found[0]["not"], found[0]["seen"]
    (1, 1, '0.1 above')
    """
    failed: dict[str, Counter[str]] = {h["name"]: Counter() for h in hypotheses}
    total = 0
    for row in rows:
        total += 1
        for part in str(row["fails"] or "").split("; "):
            name, _, seen = part.partition(" (")
            if name in failed:
                failed[name][seen.removesuffix(")")] += 1
    return [
        {**h, "holds": total - n, "not": n, "seen": next(iter(dict(failed[h["name"]].most_common(1))), "")}
        for h in hypotheses
        for n in (sum(failed[h["name"]].values()),)
    ]


def waterfall(rows: Iterable[Row]) -> dict[str, Any] | None:
    """The path of a proof as bars: where each begins and ends, in percent of the largest value that is drawn.

    Values beyond ten times the trivial level are cut there and said in numbers.

    Source: ours.

    >>> step = {"on_path": True, "left_value": 1.0, "right_value": 2.0, "vacuous": False, "reason": "r",
    ...         "relation": "<=", "right": "b", "left": "a", "problem": "p", "statement": "s", "trivial": 4.0}
    >>> [(bar["from"], bar["to"]) for bar in waterfall([step])["bars"]]
    [(0.0, 25.0), (25.0, 50.0)]
    """
    on_path = [row for row in rows if row["on_path"]]
    path = [row for row in on_path if _finite(row["left_value"]) and _finite(row["right_value"])]
    if not path:
        return None
    first = path[0]
    level = _number(first["trivial"]) if _finite(first["trivial"]) else None
    values = [_number(first["left_value"]), *(_number(row["right_value"]) for row in path)]
    drawn = [abs(v) for v in values] + ([level] if level else [])
    top = min(max(drawn), 10 * level) if level else max(drawn)
    ends = [round(100 * min(max(v, 0.0), top) / top, 2) if top else 0.0 for v in values]
    heads = [(first["left"], "what is bounded", False), *((r["right"], r["reason"], bool(r["vacuous"])) for r in path)]
    bars = [
        {"from": min(a, b), "to": max(a, b), "value": v, "maths": mathml(str(head)), "reason": why, "vacuous": gone}
        for a, b, v, (head, why, gone) in zip([0.0, *ends], ends, values, heads, strict=False)
    ]
    mark = None if not level else round(100 * min(level, top) / top, 2)
    return {"bars": bars, "trivial": mark, "level": level, "problem": first["problem"], "statement": first["statement"]}


def listed(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The problems to which the theorem applies, failures and open ones first, then the tightest.

    Source: ours.

    >>> listed([{"status": "INAPPLICABLE"}])
    []
    """
    order = {Status.FAILS.value: 0, Status.UNDECIDED.value: 1, Status.HOLDS.value: 2}
    some = [dict(row) for row in rows if row["status"] in order]
    return sorted(some, key=lambda row: (order[str(row["status"])], _distance(row)))[:SHOWN]


def _distance(row: Row) -> float:
    if row["bound"] is None or row["actual"] is None:
        return math.inf
    return abs(_number(row["bound"]) - _number(row["actual_upper"] if row["kind"] == "upper" else row["actual"]))


def _finite(value: Value) -> bool:
    return value is not None and not isinstance(value, str) and math.isfinite(value)


def _number(value: Value) -> float:
    assert value is not None
    return float(value)
