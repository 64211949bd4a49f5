"""A platform's opened bundle in the words of publishers."""

from plant.publishers.base import PlatformCredentials
from shared.bundle_format import BundleContents
from shared.posts.model import Platform


def platform_credentials(contents: BundleContents) -> PlatformCredentials:
    """Requires: the bundle is for a platform account."""
    tokens = contents.tokens
    return PlatformCredentials(
        platform=Platform(contents.provider),
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        posting_identity=tokens.posting_identity,
        read_only=contents.read_only,
    )
