"""The composition root: build the parts, open them in order, close them in reverse."""
