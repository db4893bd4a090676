"""One measured row: rounds of ours beside rounds of its baseline, in turn, and the line that tells of them."""
import statistics
import sys


class Row:
    """Collects a figure a round for either side. `target` is ("<=" or ">=", number, "ratio" or "ours")."""

    def __init__(self, name, unit, against, target=None):
        self.name = name
        self.unit = unit
        self.against = against
        self.target = target
        # What else is to be said of it, behind a blank.
        self.note = ""
        self.ours = []
        self.baseline = []

    def add(self, ours, baseline):
        self.ours.append(ours)
        self.baseline.append(baseline)

    def ratio(self):
        return statistics.median(self.ours) / statistics.median(self.baseline)

    def line(self):
        ours, baseline = statistics.median(self.ours), statistics.median(self.baseline)
        return (
            f"METRIC {self.name} ours={_short(ours)} baseline={_short(baseline)} ratio={ours / baseline:.2f}"
            f" unit={self.unit} against={self.against} oursSpread={_spread(self.ours)}"
            f" baselineSpread={_spread(self.baseline)} rounds={len(self.ours)}{self.note}{self._verdict()}"
        )

    def _verdict(self):
        if self.target is None:
            return ""
        sign, limit, of = self.target
        found = self.ratio() if of == "ratio" else statistics.median(self.ours)
        is_met = found <= limit if sign == "<=" else found >= limit
        return f" target={of}{sign}{limit} {'met' if is_met else 'MISSED'}"

    def tell(self):
        print(self.line())
        sys.stdout.flush()


def _spread(values):
    return f"{_short(min(values))}..{_short(max(values))}"


def _short(value):
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def p50(values):
    return sorted(values)[len(values) // 2]
