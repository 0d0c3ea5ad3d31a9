"""Goes through the records that the tests left, and counts what was judged."""

import collections
import json
import pathlib
from collections.abc import Callable


def judge(folder: str, faults_of: Callable[[dict], tuple[str, list[str]] | None], required: set[str]) -> int:
    """Prints what was checked and every fault; returns the exit status.

    `faults_of` gives a record's kind and its faults, or None for a record that another program judges. A required kind
    of which there is no record is a fault too.
    """
    counts: collections.Counter = collections.Counter()
    failed = 0
    for file in sorted(pathlib.Path(folder).glob("*.json")):
        for number, record in enumerate(json.loads(file.read_text())):
            judged = faults_of(record)
            if judged is None:
                continue
            kind, faults = judged
            counts[kind] += 1
            for fault in faults:
                failed += 1
                print(f"{file.name} record {number} ({kind}): {fault}")
    for kind in sorted(required - set(counts)):
        failed += 1
        print(f"no output of kind {kind} was left to check")
    for kind, count in sorted(counts.items()):
        print(f"checked independently: {count} × {kind}")
    print(f"{sum(counts.values())} records, {failed} faults")
    return 1 if failed else 0
