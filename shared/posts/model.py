"""A post as it is approved: which text goes to which platform, under whose name, to whom, and when."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from shared.contracts.base import WireModel

LONGEST_TEXT = 63_206


class Platform(StrEnum):
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    X = "x"
    LINKEDIN = "linkedin"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"


class Visibility(StrEnum):
    """Who sees a post: everybody, everybody but not on public timelines, or followers and contacts."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"


VISIBILITIES: dict[Platform, frozenset[Visibility]] = {
    Platform.MASTODON: frozenset(Visibility),
    Platform.BLUESKY: frozenset({Visibility.PUBLIC}),
    Platform.X: frozenset({Visibility.PUBLIC}),
    Platform.LINKEDIN: frozenset({Visibility.PUBLIC, Visibility.FOLLOWERS}),
    Platform.FACEBOOK: frozenset({Visibility.PUBLIC}),
    Platform.INSTAGRAM: frozenset({Visibility.PUBLIC}),
}


def _check_encodable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain half of a surrogate pair") from None
    return text


def _check_moment(text: str) -> str:
    datetime.fromisoformat(text)  # a ValueError for a day that no month has
    return text


PostText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), AfterValidator(_check_encodable)]
Identity = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9@._:\-]{1,200}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
UtcSecond = Annotated[
    str,
    StringConstraints(pattern=r"^20\d\d-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"),
    AfterValidator(_check_moment),
]
ImageUrl = Annotated[
    str,
    StringConstraints(
        pattern=r"^https://[a-z0-9.\-]{3,200}(/[A-Za-z0-9._~\-]{1,100}){0,5}/[0-9a-f]{64}\.jpg$"
    ),
]


class PostParams(WireModel):
    """Fields are in the order of RFC 8785, so that the model's own JSON is the canonical one.

    Nothing here changes a character: the text that was reviewed is the text that is sent. `image_url` is for
    Instagram, which takes no post without a picture; its file is named by the SHA-256 of its content, so
    that an approval of the address is one of the picture. `scheduled_for` has one spelling for each second.
    """

    image_url: ImageUrl | None = None
    language: Language
    platform: Platform
    posting_identity: Identity | None = None
    scheduled_for: UtcSecond | None = None
    text: PostText
    visibility: Visibility = Visibility.PUBLIC

    @model_validator(mode="after")
    def _fits_platform(self) -> Self:
        if self.visibility not in VISIBILITIES[self.platform]:
            raise ValueError(f"{self.platform.value} has no visibility {self.visibility.value!r}")
        if (self.image_url is not None) != (self.platform is Platform.INSTAGRAM):
            raise ValueError("an image_url is needed for instagram, and taken for no other platform")
        return self
