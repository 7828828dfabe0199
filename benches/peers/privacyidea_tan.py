"""privacyIDEA checks TANs, in a database of its own.

`privacyidea_tan.py DIRECTORY` prints one line of JSON: how many seconds one right TAN took inside this
process, and which version it was."""

import json
import logging
import os
import resource
import sys
import time
from importlib.metadata import version

PLACE = os.path.abspath(sys.argv[1])
DATABASE, KEY, CONFIG = (os.path.join(PLACE, name) for name in ["pi.sqlite3", "enckey", "pi.cfg"])
for path in [DATABASE]:
    if os.path.exists(path):
        os.remove(path)
with open(KEY, "wb") as file:
    file.write(os.urandom(96))
with open(CONFIG, "w") as file:
    file.write(
        f"""SUPERUSER_REALM = []
SECRET_KEY = "of this measurement"
PI_PEPPER = "of this measurement"
PI_ENCFILE = {KEY!r}
PI_AUDIT_MODULE = "privacyidea.lib.auditmodules.base"
PI_AUDIT_NO_SIGN = True
SQLALCHEMY_DATABASE_URI = "sqlite:///" + {DATABASE!r}
SQLALCHEMY_TRACK_MODIFICATIONS = False
PI_LOGLEVEL = 40
"""
    )
os.environ["PRIVACYIDEA_CONFIGFILE"] = CONFIG

from privacyidea.app import create_app
from privacyidea.models import db

logging.disable(logging.CRITICAL)
app = create_app(config_name="production", config_file=CONFIG, silent=True)
with app.app_context():
    from privacyidea.lib.token import check_serial_pass, init_token

    db.create_all()
    token = init_token({"type": "tan", "genkey": 1, "serial": "TAN1"})
    tans = list(token.init_details["otps"].values())
    times = []
    for tan in tans[:15]:
        begin = time.perf_counter()
        said, _ = check_serial_pass("TAN1", tan)
        times.append(time.perf_counter() - begin)
        assert said, "the TAN was refused"
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"result": sorted(times)[len(times) // 2], "peak": peak, "version": version("privacyidea")}))
