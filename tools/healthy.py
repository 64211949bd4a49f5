"""Health check of a container: `healthy.py 8081` asks the service there, `healthy.py FILE` looks how fresh it is.

Standard library only, and little of it: it runs every few seconds.
"""

import http.client
import sys
import time
from pathlib import Path

FRESH_S = 15
PATIENCE_S = 3


def main(subject: str) -> int:
    try:
        is_well = _answers(int(subject)) if subject.isdigit() else _is_fresh(Path(subject))
    except (OSError, http.client.HTTPException):
        return 1
    return 0 if is_well else 1


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", "/health/ready")
    return connection.getresponse().status == http.HTTPStatus.OK


def _is_fresh(file: Path) -> bool:
    return time.time() - file.stat().st_mtime < FRESH_S


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
