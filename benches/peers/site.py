"""A site as the README of django-auth-recovery-codes makes it, for one deed of a measurement.

`site.py DATABASE DEED [NUMBER]` does it and prints one line of JSON: how many seconds it took inside
this process, without its start, and the most memory there was, in KiB."""

import datetime
import json
import os
import resource
import secrets
import sqlite3
import sys
import time
import types
import uuid

DATABASE, DEED, *REST = sys.argv[1:]
NUMBER = int(REST[0]) if REST else 0

import django
from django.conf import settings

P = "DJANGO_AUTH_RECOVERY_"
settings.configure(
    DEBUG=False,
    SECRET_KEY="of this measurement",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF="urls_of_site",
    USE_TZ=True,
    BASE_DIR=os.path.dirname(DATABASE),
    STATIC_URL="static/",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LOGGING_CONFIG=None,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE}},
    INSTALLED_APPS=[f"django.contrib.{name}" for name in ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles"]]
    + ["django_auth_recovery_codes", "django_q"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    Q_CLUSTER={"name": "recovery_codes", "workers": 2, "timeout": 300, "retry": 600, "orm": "default"},
    **{
        P + "KEY": "a key of this measurement 0123456789",
        P + "CODES_ADMIN_SENDER_EMAIL": "admin@example.org",
        P + "CODE_ADMIN_EMAIL_HOST_USER": "noreply@example.org",
        P + "CODE_ADMIN_USERNAME": "admin",
        P + "CODE_STORE_EMAIL_LOG": False,
        P + "CODE_AUDIT_ENABLE_AUTO_CLEANUP": True,
        P + "CODE_AUDIT_RETENTION_DAYS": 30,
        P + "CODE_PURGE_DELETE_RETENTION_DAYS": 30,
        P + "CODE_PURGE_DELETE_SCHEDULER_USE_LOGGER": False,
        P + "CODES_AUTH_RATE_LIMITER_USE_CACHE": True,
        P + "CODES_BASE_COOLDOWN": 100,
        P + "CODES_COOLDOWN_CUTOFF_POINT": 3600,
        P + "CODES_COOLDOWN_MULTIPLIER": 2,
        P + "CODES_MAX_LOGIN_ATTEMPTS": 5,
        P + "CODES_CACHE_MAX": 3600,
        P + "CODES_CACHE_MIN": 1,
        P + "CODES_CACHE_TTL": 3600,
        P + "CODE_MAX_VISIBLE": 20,
        P + "CODE_PER_PAGE": 5,
        P + "CODES_BATCH_DELETE_SIZE": 400,
        P + "CODES_MAX_DELETIONS_PER_RUN": -1,
        P + "CODES_DEFAULT_FILE_NAME": "recovery_codes",
        P + "CODES_DEFAULT_FORMAT": "txt",
        P + "CODES_SITE_NAME": "a measurement",
        P + "CODE_REDIRECT_VIEW_AFTER_LOGOUT": "home",
        P + "CODE_EMAIL_SUCCESS_MSG": "sent",
    },
)
urls = types.ModuleType("urls_of_site")
sys.modules["urls_of_site"] = urls
django.setup()

from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path

urls.urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("django_auth_recovery_codes.urls")),
    path("", lambda request: HttpResponse("home"), name="home"),
]

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client

from django_auth_recovery_codes.models import LoginRateLimiter, RecoveryCode, RecoveryCodesBatch
from django_auth_recovery_codes.tasks import purge_all_expired_batches

PREFIX = "django_auth_recovery_codes_recoverycode"


def user(name):
    one = get_user_model()(username=name, email=f"{name}@example.org")
    one.set_unusable_password()
    one.save()
    return one


def issue(name):
    return [code[1] for code in RecoveryCodesBatch.create_recovery_batch(user(name))[0]]


def seed(codes, days):
    """Codes that are over since so many days, ten in a batch, written past the application."""
    rows = sqlite3.connect(DATABASE)
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
    then, hashed = then.strftime("%Y-%m-%d %H:%M:%S.%f"), make_password("seed")
    owner = user(f"seed{uuid.uuid4().hex[:8]}").id
    batches = [uuid.uuid4().hex for _ in range(codes // 10)]
    rows.executemany(
        f"""INSERT INTO {PREFIX}sbatch (last_attempt, cooldown_seconds, multiplier, id, number_issued, number_removed,
            number_invalidated, number_used, created_at, modified_at, status, viewed, downloaded, emailed, generated,
            automatic_removal, requested_attempt, user_id) VALUES (?,200,2,?,10,10,0,0,?,?,'p',0,0,0,1,1,0,?)""",
        ((then, batch, then, then, owner) for batch in batches),
    )
    rows.executemany(
        f"""INSERT INTO {PREFIX} (id, hash_code, look_up_hash, mark_for_deletion, created_at, modified_at, status, user_id,
            batch_id, automatic_removal, days_to_expire, is_used, is_deactivated, deleted_at)
            VALUES (?,?,?,1,?,?,'p',?,?,1,0,0,1,?)""",
        (
            (uuid.uuid4().hex, hashed, secrets.token_hex(64), then, then, owner, batch, then)
            for batch in batches
            for _ in range(10)
        ),
    )
    rows.commit()
    return owner


def timed(deed):
    begin = time.perf_counter()
    deed()
    return time.perf_counter() - begin


def median(times):
    return sorted(times)[len(times) // 2]


def start():
    return 0


def migrate():
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("admin", "admin@example.org", "admin")
    return 0


def batch():
    return median([timed(lambda: issue(f"batch{n}")) for n in range(5)])


def users():
    return timed(lambda: [issue(f"many{n}") for n in range(NUMBER)])


def right():
    person = user("right")
    codes = [code[1] for code in RecoveryCodesBatch.create_recovery_batch(person)[0]]
    times = []
    for code in codes[:9]:
        LoginRateLimiter.objects.all().delete()
        from django.core.cache import cache

        cache.clear()
        client = Client()
        typed = {"email": person.email, "recovery_code": code}
        times.append(timed(lambda: client.post("/auth/recovery-codes/login/", typed)))
        assert "_auth_user_id" in client.session, "the code was refused"
    return median(times)


def wrong():
    person = user("wrong")
    RecoveryCodesBatch.create_recovery_batch(person)
    typed = {"email": person.email, "recovery_code": "-".join(["AAAAAA"] * 6)}
    times = []
    for _ in range(9):
        LoginRateLimiter.objects.all().delete()
        from django.core.cache import cache

        cache.clear()
        client = Client()
        times.append(timed(lambda: client.post("/auth/recovery-codes/login/", typed)))
        assert "_auth_user_id" not in client.session
    return median(times)


def purge():
    seed(NUMBER, 60)
    took = timed(lambda: purge_all_expired_batches(retention_days=30))
    assert RecoveryCode.objects.filter(is_deactivated=True).count() == 0, "codes are left"
    return took


def history():
    from django.core.cache import cache

    owner = get_user_model().objects.get(id=seed(NUMBER * 10, 1))
    client = Client()
    client.force_login(owner)
    url = "/auth/recovery-codes/dashboard/"
    times = []
    for _ in range(9):
        cache.clear()
        times.append(timed(lambda: client.get(url)))
    return median(times)


def size():
    """Not seconds: bytes a code."""
    sqlite3.connect(DATABASE).execute("VACUUM")
    before = os.path.getsize(DATABASE)
    seed(NUMBER, 60)
    sqlite3.connect(DATABASE).execute("VACUUM")
    return (os.path.getsize(DATABASE) - before) / NUMBER


result = globals()[DEED]()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
version = {"python": sys.version.split()[0], "django": django.__version__}
print(json.dumps({"result": result, "peak": peak, **version}))
