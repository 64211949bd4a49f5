"""Print the platform portal's OpenAPI document; needs no settings and no database: `python -m pp_backend.document`."""

import sys

from pp_backend.app import ROUTERS, SERVICE, TITLE
from shared.web.document import render_document


def main() -> None:
    sys.stdout.write(render_document(service=SERVICE, title=TITLE, routers=ROUTERS) + "\n")


if __name__ == "__main__":
    main()
