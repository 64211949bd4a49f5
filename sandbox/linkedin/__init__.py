"""The LinkedIn dialect: versioned REST posts, whose id comes in a header."""
