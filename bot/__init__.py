"""What Watchbill knows, decides and says."""

__version__ = "0.1.0"
