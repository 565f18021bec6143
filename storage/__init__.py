"""What we remember: records, queries, and the one way to read and write them."""
