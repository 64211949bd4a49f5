"""The page of a list, as routes take it: `?limit=&cursor=`."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from shared.paging import DEFAULT_LIMIT, MAX_LIMIT, Page


async def page_of(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT, cursor: UUID | None = None
) -> Page:
    return Page(limit, cursor)


ThePage = Annotated[Page, Depends(page_of)]
