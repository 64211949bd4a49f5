"""The Meta dialect: the feed of a Facebook Page, and Instagram's containers."""
