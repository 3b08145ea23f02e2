"""The functions' third-party dependencies, as a Lambda layer."""
