"""Re-check a certificate with the standard library alone: `python checker.py file.json`, exit status 0 if accepted.

A certificate holds a problem, a witness and what was found; `schema.json` names the fields. Numbers are the texts of
integers or of fractions in lowest terms, arithmetic is exact, and whatever was found is computed again here."""

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
    need(isinstance(values, list) and len(values) > 0, "a law is not a list of weights.")
    weights = [int(number(value, range(1, 2**64))) for value in values]
    need(math.gcd(*weights) == 1, "the weights of a law have a common factor.")
    return [Fraction(weight, sum(weights)) for weight in weights]


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

    def moments(self, values: Rows) -> tuple[Rows, Rows, Row, Fraction]:
        """E f(x) f(x)^T, E f(x) f(x+)^T, E f(x) label and the loss -2 E f(x).f(x+) + E (f(x).f(x-))^2."""
        means = self.mean_values(values)
        scaled = [mass * label for mass, label in zip(self.prior, self.labels, strict=True)]
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
        if self.features is None:
            return table(weights, len(self.marginal))
        columns = list(zip(*table(weights, len(self.features[0])), strict=True))
        return [[dot(phi, list(column)) for column in columns] for phi in self.features]

    def least_error(self, values: Rows) -> Fraction:
        """Least 0-1 error of a linear readout of mean values in the plane, where a margin of zero is an error."""
        points, best = self.mean_values(values), Fraction(0)
        # Open cells of readouts suffice, and each borders on a ray orthogonal to a point: turn a little, both ways.
        for (x, y), s, t in itertools.product(points, (1, -1), (1, -1)):
            sides = [s * (x * v - y * u) or t * (x * u + y * v) for u, v in points]
            right = zip(self.prior, self.labels, sides, strict=True)
            best = max(best, sum((mass for mass, label, side in right if label * side > 0), Fraction(0)))
        return 1 - best


def read_problem(given: Any) -> Problem:
    """The augmentation process, the label and the function class."""
    names = {"prior", "channel", "labels", "features", "views"}
    need(isinstance(given, dict) and set(given) == names, "the problem has other fields.")
    prior, channel, n = law(given["prior"]), given["channel"], int(number(given["views"], range(1, LARGEST_TABLE)))
    rows = isinstance(channel, list) and len(channel) == len(prior) and all(isinstance(r, dict) for r in channel)
    need(rows, "the channel is not one object for each input.")
    laws = [dict(zip((int(number(x, range(n))) for x in r), law([*r.values()]), strict=True)) for r in channel]
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
    total = [[Fraction(0)] * len(rows[0]) for _ in rows[0]]
    for entries, mass in zip(rows, masses, strict=True):
        support = [j for j, entry in enumerate(entries) if entry]
        for j, k in itertools.product(support, support):
            total[j][k] += mass * entries[j] * entries[k]
    return total


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
        above, least = known[low][0], known[high][1]
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
    if theorem == "linrep26.risk_gap_mean":
        best, spread = facts["best_mean"], best - facts["best_mean"]
    return [best + spread / gap for gap in gaps]


def guarantee(given: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """Kinds bound_holds, bound_at_most, variant_refuted: a class-aware guarantee and the risk that it bounds."""
    n, values = len(problem.marginal), problem.representation(given["weights"])
    need((len(problem.features[0]) if problem.features else n) <= LARGEST_ORDER, "the class has too many features.")
    phi = problem.features or [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]
    (sigma, sigma_bar, b, _), (second, paired, seen, loss) = problem.moments(phi), problem.moments(values)
    brackets = table(given["eigenvalues"], len(seen) + 1, 2)
    check_eigenvalues(sigma, sigma_bar, brackets)
    w, mean = table([given["best_predictor"]], 1, len(b))[0], given["theorem"] == "linrep26.risk_gap_mean"
    excess = [max(loss + sum(pair[end] ** 2 for pair in brackets[:-1]), Fraction(0)) for end in (0, 1)]
    facts: dict[str, Any] = {"loss": loss, "suboptimality": excess, "energy": dot(w, b)}
    facts["inconsistency"] = dot(w, b) - dot(w, [dot(r, w) for r in sigma_bar])
    facts["best_augmented"] = problem.risk(sigma, b, given["best_predictor"])
    facts["best_mean"] = problem.risk(sigma_bar, b, given["best_mean_predictor"])
    facts["actual"] = problem.risk(paired if mean else second, seen, given["predictor"])
    facts["bound"] = bound(given["theorem"], int(number(given["index"], range(1, len(seen) + 1))), brackets, facts)
    (low, high), actual = facts["bound"], facts["actual"]
    goal = number(given.get("limit", given.get("factor", "1")))
    margins = {"bound_holds": low - actual, "bound_at_most": goal - high, "variant_refuted": actual - goal * high}
    need(given["kind"] != "variant_refuted" or (goal >= 0 and actual > goal * high), "the scaled bound is not refuted.")
    return facts | {"margin": margins[given["kind"]]}


def actual_risk(given: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """Kinds actual_at_most, actual_at_least: the squared error of a representation under its best readout."""
    second, paired, seen, _ = problem.moments(problem.representation(given["weights"]))
    need(given["readout"] in ("augmented", "mean"), "the readout is neither augmented nor mean.")
    actual = problem.risk(second if given["readout"] == "augmented" else paired, seen, given["predictor"])
    excess = actual - number(given["limit"])
    return {"actual": actual, "margin": excess if given["kind"] == "actual_at_least" else -excess}


def vacuity(given: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """Kind vacuity_witness: a representation of small loss that is uncorrelated with the label."""
    centred = [y - dot(problem.prior, problem.labels) for y in problem.labels]
    _, _, seen, loss = problem._replace(labels=centred).moments(problem.representation(given["weights"]))
    need(any(centred) and not any(seen), "the label is constant, or the representation is correlated with it.")
    variance = dot(problem.prior, [y * y for y in centred])
    return {"variance": variance, "loss": loss, "margin": number(given["limit"]) - loss}


def indistinguishable(given: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """Kind indistinguishable_pair: two representations of equal loss, the first with the smaller 0-1 error."""
    need(set(problem.labels) == {-1, 1} and problem.features is None, "the labels or the features are of other kinds.")
    pair = [table(given[name], len(problem.marginal), 2) for name in ("first", "second")]
    losses, errors = [problem.moments(f)[3] for f in pair], [problem.least_error(f) for f in pair]
    need(losses[0] == losses[1] and errors[0] < errors[1], "the losses differ, or the first error is not smaller.")
    return {"loss": losses[0], "errors": errors}


def counting_floor(given: dict[str, Any], _: Any) -> dict[str, Any]:
    """e(N, d) = 1 - t/N: t the least with C(N, d) Pr[2H + N/2 - m > t] < 1 for all m, H ~ Hypergeometric(N, N/2, m)."""
    n, agreement = int(number(given["inputs"], range(2, 513, 2))), 0
    half, patterns = n // 2, 2 * sum(math.comb(n - 1, i) for i in range(int(number(given["dim"], range(1, n + 1)))))
    for m in range(n + 1):
        hits, tail = m, math.comb(half, m)
        while patterns * tail < math.comb(n, m):
            hits -= 1
            tail += math.comb(half, hits) * math.comb(half, m - hits)
        agreement = max(agreement, 2 * hits + half - m)
    return {"patterns": patterns, "floor": 1 - Fraction(agreement, n)}


GUARANTEE = "problem theorem index weights eigenvalues best_predictor best_mean_predictor predictor"
RISK = "problem weights readout predictor limit"
RULES = {  # kind: the rule, the fields that it starts from, the claim in words
    "bound_holds": (guarantee, GUARANTEE, "the risk {actual} is below {theorem}, by at least {margin}"),
    "bound_at_most": (guarantee, GUARANTEE + " limit", "{theorem} guarantees at most {limit}"),
    "variant_refuted": (guarantee, GUARANTEE + " factor", "{theorem} times {factor} is below the risk {actual}"),
    "actual_at_most": (actual_risk, RISK, "the {readout} risk is at most {limit}"),
    "actual_at_least": (actual_risk, RISK, "the {readout} risk is at least {limit}"),
    "vacuity_witness": (vacuity, "problem weights limit", "a loss of {limit} may know nothing linear of the label"),
    "indistinguishable_pair": (indistinguishable, "problem first second", "the loss {loss} allows the errors {errors}"),
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
    facts = rule(given, read_problem(given["problem"]) if "problem" in fields else None)
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
