"""A login with recovery codes that recovery-codes checks, for a site with Django (3.2 or later)."""
