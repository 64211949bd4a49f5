"""The X dialect: posts by OAuth 2 bearer tokens, duplicates refused, rate headers."""
