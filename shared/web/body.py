"""The body as it came, for a look at it before it is parsed into fields."""

import json

from fastapi import Request

from shared.errors import FieldError, invalid_fields


async def submitted_json(request: Request) -> object:
    """Raises: PlatformError 422 when the body is not JSON."""
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise invalid_fields(FieldError("body", "must be JSON in UTF-8")) from error
