"""What goes wrong with a shadow, said so that the reader knows what to do."""


class ShadowError(Exception):
    """The shadow cannot be had or used; the message says why and what helps."""
