# What a site's settings.py needs at its end. In its urls.py, before django_auth_recovery_codes.urls
# if that stays:
#
#     path("", include("recovery_codes_login.urls")),

INSTALLED_APPS += ["recovery_codes_login"]

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "recovery_codes_login.backend.RecoveryCodeBackend",
]

# Or {"program": "/usr/local/bin/recovery-codes"}; "timeout" is in seconds, 10 if it is not given.
RECOVERY_CODES = {"socket": "/run/recovery-codes/door"}

LOGIN_REDIRECT_URL = "/"
