"""A process of its own that answers one question: what is asked comes as JSON, lines of progress and the answer go out.

`python -m app.simulation.answering`, started by the worker, which ends it when it takes too long.
"""

import json
import os
import sys

from app.simulation.asked import Asked
from app.simulation.what_if import answer

NICENESS = 10


def main() -> None:
    """Reads standard input to its end. Each line written is `{"progress": n}` or, last, `{"answer": …}`."""
    os.nice(NICENESS)
    asked = Asked.model_validate_json(sys.stdin.read())

    def say(line: dict[str, object]) -> None:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    say({"answer": answer(asked, lambda done: say({"progress": done}))})


if __name__ == "__main__":
    main()
