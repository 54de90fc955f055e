"""What did the owner mean? Rules first, in milliseconds, one data file a language."""
