"""Re-check a certificate with the standard library alone, in exact arithmetic: `python checker.py file.json`."""

import hashlib
import itertools
import json
import math
import re
import sys
from fractions import Fraction
from typing import Any, NamedTuple

FORMAT, LARGEST_FILE, LARGEST_TABLE, LARGEST_ORDER = "linrep certificate 1", 16_000_000, 200_000, 64
CELL, ROOT_GRID, NUMBER = Fraction(1, 2**40), 2**64, re.compile(r"-?[0-9]{1,4000}(/[1-9][0-9]{0,3999})?")
Row = list[Fraction]
Rows = list[Row]


class RejectedError(Exception):
    """Why a certificate proves nothing, in one sentence."""


def need(condition: bool, reason: str) -> None:
    """Reject unless the condition holds."""
    if not condition:
        raise RejectedError(reason)


def number(text: Any, allowed: range | None = None) -> Fraction:
    """The exact number behind its text, which must be the only way of writing it; perhaps a whole one of a range."""
    need(isinstance(text, str) and NUMBER.fullmatch(text) is not None, "a number is not the text of a fraction.")
    value = Fraction(text)
    need(str(value) == text, f"the number {text[:40]} is not in lowest terms.")
    need(allowed is None or (value.denominator == 1 and int(value) in allowed), f"{text[:40]} is out of its range.")
    return value


def table(values: Any, length: int, width: int = 0) -> Rows:
    """A rectangular table of numbers with a known number of rows, and of columns if that is given."""
    need(isinstance(values, list) and len(values) == length > 0, f"a table does not have {length} rows.")
    width = width or (len(values[0]) if isinstance(values[0], list) else 0)
    need(0 < width * length <= LARGEST_TABLE, "a table is empty or too large.")
    need(all(isinstance(r, list) and len(r) == width for r in values), f"a list does not have {width} entries.")
    return [[number(value) for value in entries] for entries in values]


def law(values: Any) -> Row:
    """Positive coprime integers as probabilities: coprime, so that a law is written in one way only."""
    weights = table([values], 1)[0]
    need(all(w > 0 and w.denominator == 1 for w in weights) and math.gcd(*map(int, weights)) == 1, "it is no law.")
    return [weight / total for total in [sum(weights)] for weight in weights]


class Problem(NamedTuple):
    """Prior, sparse rows of the channel, labels of the inputs, phi on the views (None: all functions of a view)."""

    prior: Row
    channel: list[dict[int, Fraction]]
    marginal: Row
    labels: Row
    features: Rows | None

    def mean_values(self, values: Rows) -> Rows:
        """E[f(x) | input], one row an input."""
        columns = range(len(values[0]))
        return [[sum((c * values[x][j] for x, c in r.items()), Fraction(0)) for j in columns] for r in self.channel]

    def moments(self, values: Rows | None = None) -> tuple[Rows, Rows, Row, Fraction]:
        """E f(x) f(x)^T, E f(x) f(x+)^T, E f(x) label, loss -2 E f(x).f(x+) + E (f(x).f(x-))^2; of phi by default."""
        if values is None:
            size = range(len(self.features[0] if self.features else self.marginal))
            need(len(size) <= LARGEST_ORDER, "the class has too many features.")
            values = self.features or [[Fraction(int(i == j)) for j in size] for i in size]
        means, scaled = self.mean_values(values), [m * y for m, y in zip(self.prior, self.labels, strict=True)]
        second, paired = gram(values, self.marginal), gram(means, self.prior)
        loss = sum((dot(r, r) - 2 * paired[i][i] for i, r in enumerate(second)), Fraction(0))
        return second, paired, [dot(scaled, list(column)) for column in zip(*means, strict=True)], loss

    def risk(self, second: Rows, seen: Row, predictor: Any) -> Fraction:
        """Least squared error of a linear predictor, which is stored and must solve the normal equations."""
        solution = table([predictor], 1, len(seen))[0]
        need([dot(r, solution) for r in second] == seen, "a predictor does not solve the normal equations.")
        return dot(self.prior, [y * y for y in self.labels]) - dot(seen, solution)

    def representation(self, weights: Any) -> Rows:
        """f = W^T phi on the views."""
        rows = table(weights, len(self.features[0] if self.features else self.marginal))
        columns = [list(column) for column in zip(*rows, strict=True)]
        return [[dot(phi, column) for column in columns] for phi in self.features] if self.features else rows

    def least_error(self, values: Rows) -> Fraction:
        """Least 0-1 error of a linear readout of mean values in the plane, where a margin of zero is an error."""
        points, best = self.mean_values(values), Fraction(0)
        # Open cells of readouts suffice, and each borders on a ray orthogonal to a point: turn a little, both ways.
        for (x, y), s, t in itertools.product(points, (1, -1), (1, -1)):
            sides = [s * (x * v - y * u) or t * (x * u + y * v) for u, v in points]
            best = max(best, dot(self.prior, [Fraction(y * v > 0) for y, v in zip(self.labels, sides, strict=True)]))
        return 1 - best

    def guarantee(self, given: dict[str, Any]) -> dict[str, Any]:
        """Kinds bound_holds, bound_at_most, variant_refuted: a class-aware guarantee and the risk that it bounds."""
        second, paired, seen, loss = self.moments(self.representation(given["weights"]))
        sigma, sigma_bar, b, _ = self.moments()
        brackets = table(given["eigenvalues"], len(seen) + 1, 2)
        check_eigenvalues(sigma, sigma_bar, brackets)
        w, mean = table([given["best_predictor"]], 1, len(b))[0], given["theorem"] == "linrep26.risk_gap_mean"
        excess = [max(loss + sum(pair[end] ** 2 for pair in brackets[:-1]), Fraction(0)) for end in (0, 1)]
        facts: dict[str, Any] = {"loss": loss, "suboptimality": excess, "energy": dot(w, b)}
        facts["inconsistency"] = dot(w, b) - dot(w, [dot(r, w) for r in sigma_bar])
        facts["best_augmented"] = self.risk(sigma, b, given["best_predictor"])
        facts["best_mean"] = self.risk(sigma_bar, b, given["best_mean_predictor"])
        facts["actual"] = actual = self.risk(paired if mean else second, seen, given["predictor"])
        goal = number(given.get("limit", given.get("factor", "1")))
        index = number(given["index"], range(1, len(seen) + 1))
        facts["bound"] = low, high = bound(given["theorem"], int(index), brackets, facts)
        margins = {"bound_holds": low - actual, "bound_at_most": goal - high, "variant_refuted": actual - goal * high}
        need(given["kind"] != "variant_refuted" or 0 <= goal * high < actual, "the scaled bound is not refuted.")
        return facts | {"margin": margins[given["kind"]]}

    def example(self, given: dict[str, Any]) -> dict[str, Any]:
        """Kinds actual_at_most, actual_at_least: a risk; transfer_lower, vacuity_witness: one at a small loss."""
        values, goal, kind = self.representation(given["weights"]), number(given["limit"]), given["kind"]
        wide = values if kind.startswith("actual") else [[*r, Fraction(1)] for r in values]  # with an intercept
        (second, paired, seen, _), loss = self.moments(wide), self.moments(values)[3]
        if kind == "vacuity_witness":
            variance = self.risk(second, seen, ["0"] * (len(seen) - 1) + [str(seen[-1])])  # a constant does as well
            need(variance > 0, "the label is constant.")
            return {"variance": variance, "loss": loss, "margin": goal - loss}
        need(given.get("readout", "augmented") in ("augmented", "mean"), "the readout is neither augmented nor mean.")
        actual = self.risk(paired if given.get("readout") == "mean" else second, seen, given["predictor"])
        if kind == "transfer_lower":
            return {"loss": loss, "actual": actual, "margin": goal - loss}
        return {"actual": actual, "margin": actual - goal if kind == "actual_at_least" else goal - actual}

    def ceiling(self, given: dict[str, Any]) -> dict[str, Any]:
        """Kind transfer_upper: multipliers of theory V7's dual, feasible by a Schur complement (docs/transfer.md)."""
        dim, average = int(number(given["dim"], range(1, LARGEST_TABLE))), dot(self.prior, self.labels)
        slope, level, limit = (number(given[name]) for name in ("multiplier", "level", "limit"))
        plain = self._replace(labels=[y - average for y in self.labels])  # the readout fits an intercept
        (sigma, sigma_bar, b, _), variance = plain.moments(), dot(self.prior, [y * y for y in plain.labels])
        columns = table(given["excess_columns"], dim, len(b))
        images = [[dot(r, v) for r in sigma] for v in columns]
        rows = [*zip(sigma, sigma_bar, gram([b, *images], [Fraction(1)] * (dim + 1)), strict=True)]
        whole = [[slope * v for v in r + k] for r, k, _ in rows]
        whole += [[slope * v for v in k] + [level * v + w for v, w in zip(r, e, strict=True)] for r, k, e in rows]
        need(min(slope, level) >= 0 and inertia(whole)[1] == 0, "the multipliers are not feasible.")
        return {"variance": variance, "ceiling": sum(map(dot, columns, images), variance + slope * limit + dim * level)}

    def indistinguishable(self, given: dict[str, Any]) -> dict[str, Any]:
        """Kind indistinguishable_pair: two representations of equal loss, the first with the smaller 0-1 error."""
        need(set(self.labels) == {-1, 1} and self.features is None, "the labels or the features are of other kinds.")
        pair = [table(given[name], len(self.marginal), 2) for name in ("first", "second")]
        losses, errors = [self.moments(f)[3] for f in pair], [self.least_error(f) for f in pair]
        need(losses[0] == losses[1] and errors[0] < errors[1], "the losses differ, or the first error is not smaller.")
        return {"loss": losses[0], "errors": errors}


def read_problem(given: Any) -> Problem:
    """The augmentation process, the label and the function class."""
    need(isinstance(given, dict) and set(given) == {*Problem._fields, "views"} - {"marginal"}, "it is no problem.")
    prior, rows, n = law(given["prior"]), given["channel"], int(number(given["views"], range(1, LARGEST_TABLE)))
    good = isinstance(rows, list) and len(rows) == len(prior) and all(isinstance(r, dict) for r in rows)
    need(good, "the channel is not one object for each input.")
    laws = [dict(zip((int(number(x, range(n))) for x in r), law([*r.values()]), strict=True)) for r in rows]
    marginal = [Fraction(0)] * n
    for mass, (x, chance) in ((mass, entry) for mass, r in zip(prior, laws, strict=True) for entry in r.items()):
        marginal[x] += mass * chance
    need(all(marginal), "some view has probability zero.")
    features = None if given["features"] == "one_hot" else table(given["features"], n)
    return Problem(prior, laws, marginal, table([given["labels"]], 1, len(prior))[0], features)


def dot(left: Row, right: Row) -> Fraction:
    """The inner product."""
    return sum((a * b for a, b in zip(left, right, strict=True) if a and b), Fraction(0))


def gram(rows: Rows, masses: Row) -> Rows:
    """sum_i mass_i row_i row_i^T."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    weighted = ([mass * v for mass, v in zip(masses, column, strict=True)] for column in columns)
    return [[dot(left, right) for right in columns] for left in weighted]


def inertia(matrix: Rows) -> tuple[int, int]:
    """Numbers of positive and of negative eigenvalues of a symmetric matrix, by congruence (Sylvester)."""
    work, counts = [list(entries) for entries in matrix], [0, 0]
    while any(map(any, work)):
        places = range(len(work))
        at = next((i for i in places if work[i][i]), None)
        if at is None:  # adding one coordinate to another makes an entry beside the diagonal a pivot
            at, other = next((i, j) for i in places for j in places if work[i][j])
            work[at] = [a + b for a, b in zip(work[at], work[other], strict=True)]
            for entries in work:
                entries[at] += entries[other]
        pivot, rest = work[at], [i for i in places if i != at]
        counts[pivot[at] < 0] += 1
        work = [[work[i][j] - pivot[i] * pivot[j] / pivot[at] for j in rest] for i in rest]
    return counts[0], counts[1]


def check_eigenvalues(sigma: Rows, sigma_bar: Rows, brackets: Rows) -> None:
    """Each [r, r] is the i-th largest eigenvalue of K itself; each [lo, hi] is the cell of the 2^-40 grid around it."""
    rank, known = inertia(sigma)[0], {}
    for r in {end for pair in brackets for end in pair}:  # numbers above r, and at least r: 0 beyond the rank
        rows = zip(sigma_bar, sigma, strict=True)
        above, below = inertia([[a - r * b for a, b in zip(*pair, strict=True)] for pair in rows])
        known[r] = above, (rank - below if r > 0 else sys.maxsize)
    for i, (low, high) in enumerate(brackets, start=1):
        cell = high - low == CELL and (low / CELL).denominator == 1
        need(low >= 0 and (cell or low == high), f"bracket {i} is neither a number nor a cell of the grid.")
        (above, _), (_, least) = known[low], known[high]
        need(above >= i > least if cell else above < i <= least, f"eigenvalue {i} is not where it is said to be.")


def bound(theorem: Any, k: int, brackets: Rows, facts: dict[str, Any]) -> Row:
    """Lower and upper end of what a theorem guarantees at index k."""
    gaps, best, spread = [1 - end for end in brackets[k]], facts["best_augmented"], facts["inconsistency"]
    need(gaps[1] > 0, "the eigenvalue that the theorem divides by is not certainly positive.")
    if theorem == "linrep26.suboptimal_augmented":  # R + (sqrt(delta S) + sqrt(V / lambda))^2
        (low, high), (cut_low, cut_high), excess = brackets[k - 1], brackets[-1], facts["suboptimality"]
        need(low > cut_high, "the index is not certainly admissible.")
        defects = [excess[0] / (high**2 - cut_low**2), excess[1] / (low**2 - cut_high**2)]
        parts = [(min(Fraction(1), v) * facts["energy"], spread / gap) for v, gap in zip(defects, gaps, strict=True)]
        under, over = (a * b * ROOT_GRID**2 for a, b in parts)
        roots = [math.isqrt(math.floor(under)), math.isqrt(math.ceil(over) - 1) + 1 if over else 0]
        return [best + a + b + Fraction(2 * r, ROOT_GRID) for (a, b), r in zip(parts, roots, strict=True)]
    need(theorem in ("linrep26.risk_gap_mean", "linrep26.risk_gap_augmented"), "the checker knows no such theorem.")
    need(k == len(brackets) - 1 and facts["suboptimality"] == [0, 0], "the theorem needs a minimiser and the index d.")
    mean = facts["best_mean"] if theorem == "linrep26.risk_gap_mean" else None
    return [best + spread / gap for gap in gaps] if mean is None else [mean + (best - mean) / gap for gap in gaps]


def counting_floor(_: Any, given: dict[str, Any]) -> dict[str, Any]:
    """e(N, d) = 1 - t/N: t the least with C(N, d) Pr[2H + N/2 - m > t] < 1 for all m, H ~ Hypergeometric(N, N/2, m)."""
    n, agreement = int(number(given["inputs"], range(2, 513, 2))), 0
    half, patterns = n // 2, 2 * sum(math.comb(n - 1, i) for i in range(int(number(given["dim"], range(1, n + 1)))))
    for m in range(n + 1):
        tails = itertools.accumulate(math.comb(half, h) * math.comb(half, m - h) for h in range(m, -1, -1))
        agreement = max(
            agreement, m + half - 2 * next(i for i, v in enumerate(tails) if patterns * v >= math.comb(n, m))
        )
    return {"patterns": patterns, "floor": 1 - Fraction(agreement, n)}


GUARANTEE = "problem theorem index weights eigenvalues best_predictor best_mean_predictor predictor"
RISK, UPPER = "problem weights readout predictor limit", "problem dim limit multiplier level excess_columns"
RULES = {  # kind: the rule, the fields that it starts from, the claim in words
    "bound_holds": (Problem.guarantee, GUARANTEE, "the risk {actual} is below {theorem}, by at least {margin}"),
    "bound_at_most": (Problem.guarantee, GUARANTEE + " limit", "{theorem} guarantees at most {limit}"),
    "variant_refuted": (Problem.guarantee, GUARANTEE + " factor", "{theorem} times {factor} is below {actual}"),
    "actual_at_most": (Problem.example, RISK, "the {readout} risk is at most {limit}"),
    "actual_at_least": (Problem.example, RISK, "the {readout} risk is at least {limit}"),
    "vacuity_witness": (Problem.example, "problem weights limit", "a loss of {limit} may know nothing of the label"),
    "transfer_lower": (Problem.example, "problem weights predictor limit", "loss {limit}: a one-view risk is {actual}"),
    "transfer_upper": (Problem.ceiling, UPPER, "d = {dim}, loss {limit}: no one-view risk is above {ceiling}"),
    "indistinguishable_pair": (Problem.indistinguishable, "problem first second", "a loss {loss} allows {errors}"),
    "counting_floor": (counting_floor, "inputs dim", "e({inputs}, {dim}) = {floor} bounds the worst 0-1 error below"),
}


def seal(given: dict[str, Any]) -> str:
    """Digest of everything but the digest itself."""
    return hashlib.sha256(json.dumps(given | {"sha256": ""}, sort_keys=True).encode()).hexdigest()


def check(given: Any) -> str:
    """The claim in words, or RejectedError."""
    need(isinstance(given, dict) and str(given.get("kind")) in RULES, "it is no certificate of a known kind.")
    rule, fields, words = RULES[str(given["kind"])]
    needed = {"format", "kind", "sha256", *fields.split()}
    need(needed <= set(given) and given["format"] == FORMAT, "a field is missing, or the format is another one.")
    need(given["sha256"] == seal(given), "the seal does not fit.")
    facts = rule(read_problem(given["problem"]) if "problem" in fields else None, given)
    need(facts.get("margin", 0) >= 0, "the claim is false.")
    found = {name: [*map(str, value)] if isinstance(value, list) else str(value) for name, value in facts.items()}
    need(given == {name: given[name] for name in needed} | found, "what was found is not what the problem gives.")
    long = [name for name, v in given.items() if len(str(v)) > 24 and NUMBER.fullmatch(str(v))]
    return f"{given['kind']}: {words.format(**given | {name: float(Fraction(given[name])) for name in long})}"


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, whose fields may not occur twice."""
    need(len(dict(pairs)) == len(pairs), "a field occurs twice.")
    return dict(pairs)


def main(path: str) -> int:
    """Print the ruling on a file; 0 if it is accepted."""
    try:
        with open(path, "rb") as file:
            given = json.loads(file.read(LARGEST_FILE), object_pairs_hook=unique)  # a longer file ends in mid-air
        line, code = f"ACCEPTED {check(given)}", 0
    except (RejectedError, OSError, ValueError, ArithmeticError, RecursionError) as error:
        line, code = f"REJECTED: {error}", 1
    sys.stdout.write(line + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else "usage: python checker.py file.json")
