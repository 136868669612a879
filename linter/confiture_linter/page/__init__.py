"""One HTML file that stands alone: the frame and the look that every page of ours shares.

A page is made of a body of our own, one style, one script, and data. Data is JSON in an element that is no script to a
browser; the script puts it on the page as text, never as markup. The content security policy names the script by its
hash: nothing else can run, and nothing can be loaded from anywhere.
"""

from confiture_linter.page.document import document, escaped, own_file

__all__ = ["document", "escaped", "own_file"]
