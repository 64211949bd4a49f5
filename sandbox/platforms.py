"""The imitated platforms for posts, each with its dialect and its demo accounts."""

from sandbox.bluesky import dialect as bluesky
from sandbox.clock import SandboxClock
from sandbox.linkedin import dialect as linkedin
from sandbox.mastodon import dialect as mastodon
from sandbox.meta import dialect as meta
from sandbox.settings import SandboxSettings
from sandbox.social.venue import SocialVenue
from sandbox.x import dialect as x

_DIALECTS = {
    "mastodon": (mastodon.Mastodon, mastodon.DEMO_ACCOUNTS),
    "bluesky": (bluesky.Bluesky, bluesky.DEMO_ACCOUNTS),
    "x": (x.X, x.DEMO_ACCOUNTS),
    "linkedin": (linkedin.LinkedIn, linkedin.DEMO_ACCOUNTS),
    "meta": (meta.Meta, meta.DEMO_ACCOUNTS),
}


def create_platforms(settings: SandboxSettings, *, clock: SandboxClock) -> tuple[SocialVenue, ...]:
    return tuple(
        SocialVenue(
            name,
            dialect=dialect,
            demo_accounts=demo_accounts,
            clock=clock,
            requests_per_window=settings.posts_rate_limit,
        )
        for name, (dialect, demo_accounts) in _DIALECTS.items()
    )
