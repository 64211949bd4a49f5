"""`countersign demo`: the whole story of one order, played against the running stack."""
