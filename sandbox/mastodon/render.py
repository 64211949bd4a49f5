"""Statuses, accounts and the instance as Mastodon's JSON."""

from sandbox.clock import iso_time
from sandbox.mastodon.text import MAX_CHARACTERS, to_html
from sandbox.social.book import Post, SocialAccount

HOST = "mastodon.test"
VERSION = "4.4.0"

Json = dict[str, object]


def account_json(account: SocialAccount, *, posts: int = 0, own: bool = False) -> Json:
    url = f"https://{HOST}/@{account.api_key}"
    shown: Json = {
        "id": str(account.number),
        "username": account.api_key,
        "acct": account.api_key,
        "display_name": account.api_key,
        "locked": False,
        "bot": False,
        "created_at": "2026-01-01T00:00:00.000Z",
        "note": "",
        "url": url,
        "uri": f"https://{HOST}/users/{account.api_key}",
        "avatar": f"https://{HOST}/avatar.png",
        "avatar_static": f"https://{HOST}/avatar.png",
        "header": f"https://{HOST}/header.png",
        "header_static": f"https://{HOST}/header.png",
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": posts,
        "last_status_at": None,
        "emojis": [],
        "fields": [],
    }
    if own:
        shown["source"] = {
            "privacy": "public",
            "sensitive": False,
            "language": "en",
            "note": "",
            "fields": [],
        }
    return shown


def status_json(post: Post, account: SocialAccount) -> Json:
    return {
        "id": post.post_id,
        "created_at": iso_time(post.created_at_s)[:-4] + "Z",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": post.visibility,
        "language": post.fields["language"],
        "uri": f"https://{HOST}/users/{account.api_key}/statuses/{post.post_id}",
        "url": f"https://{HOST}/@{account.api_key}/{post.post_id}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "edited_at": None,
        "content": to_html(post.text),
        "reblog": None,
        "application": {"name": "sandbox", "website": None},
        "account": account_json(account),
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def instance_json() -> Json:
    return {
        "uri": HOST,
        "title": "Sandbox",
        "short_description": "",
        "description": "",
        "email": f"admin@{HOST}",
        "version": VERSION,
        "urls": {"streaming_api": f"wss://{HOST}"},
        "stats": {"user_count": 2, "status_count": 0, "domain_count": 1},
        "languages": ["en"],
        "registrations": False,
        "approval_required": True,
        "invites_enabled": False,
        "configuration": _configuration(),
        "contact_account": None,
        "rules": [],
    }


def instance_v2_json() -> Json:
    return {
        "domain": HOST,
        "title": "Sandbox",
        "version": VERSION,
        "source_url": f"https://{HOST}/source",
        "description": "",
        "usage": {"users": {"active_month": 2}},
        "languages": ["en"],
        "configuration": _configuration(),
        "registrations": {"enabled": False, "approval_required": True},
        "api_versions": {"mastodon": 6},
        "contact": {"email": f"admin@{HOST}", "account": None},
        "rules": [],
    }


def _configuration() -> Json:
    return {
        "statuses": {
            "max_characters": MAX_CHARACTERS,
            "max_media_attachments": 4,
            "characters_reserved_per_url": 23,
        }
    }
