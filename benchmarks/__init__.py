"""Measurements that anybody can repeat: figures with the yardstick measured in the same run."""
