"""What the imitated platforms for posts share: accounts, posts, rate limits, how a text is measured."""
