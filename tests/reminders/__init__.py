"""The proof that no reminder is lost and none is told twice."""
