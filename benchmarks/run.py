"""placeholder"""


def run_benchmarks(names, *, as_json): ...
