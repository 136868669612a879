"""Puts a page together."""

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from pkgutil import get_data

_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body class="{name}">
{body}<script type="application/json" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def document(
    name: str, title: str, body: str, data: object = None, *, style: str = "", script: str = ""
) -> str:
    """Return the page. `title` is text; `body`, `style` and `script` are our own and stand as they are.

    `name` is the class of the body: what a page's own style begins with.
    """
    code = "\n" + own_file("confiture_linter.page", "look.js") + script
    digest = b64encode(sha256(code.encode("utf-8", "surrogatepass")).digest()).decode()
    return _FRAME.format(
        hash=digest,
        title=escaped(title),
        style=own_file("confiture_linter.page", "look.css") + style,
        name=name,
        body=body,
        data=_json(data),
        script=code,
    )


def escaped(text: str) -> str:
    """Text as it may stand between tags and in quoted attributes."""
    return escape(text, quote=True)


def own_file(package: str, name: str) -> str:
    """A style, script or body that lies beside the code."""
    data = get_data(package, name)
    if data is None:
        raise FileNotFoundError(f"{package}: {name}")
    return data.decode()


def _json(data: object) -> str:
    """JSON that ends no element: `<` can stand in its strings only, and there it may be written as an escape."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
