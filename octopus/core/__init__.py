"""The middle of the house: what a message, a job and an effect are. No vendors, no I/O."""
