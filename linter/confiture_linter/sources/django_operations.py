"""Django's migration operations as the SQL that its schema editor runs on PostgreSQL."""

from typing import Any
