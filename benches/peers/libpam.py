"""google-authenticator-libpam checks emergency codes, through PAM, as this account.

`libpam.py DIRECTORY` prints one line of JSON: how many seconds one right code took inside this process.
Its codes are eight digits in plain text, and nothing is hashed."""

import ctypes
import json
import os
import pwd
import resource
import sys
import time

PLACE = os.path.abspath(sys.argv[1])
CODES = [str(10_000_000 + number) for number in range(15)]
USER = pwd.getpwuid(os.getuid()).pw_name

secret = os.path.join(PLACE, "secret")
if os.path.exists(secret):
    os.remove(secret)
with open(os.open(secret, os.O_WRONLY | os.O_CREAT, 0o400), "w") as file:
    file.write("ABCDEFGHIJKLMNOPQRSTUVWXYZ\n\" DISALLOW_REUSE\n\" TOTP_AUTH\n" + "".join(code + "\n" for code in CODES))
with open(os.path.join(PLACE, "measured"), "w") as file:
    file.write(f"auth required pam_google_authenticator.so secret={secret} user={USER}\naccount required pam_permit.so\n")


class Message(ctypes.Structure):
    _fields_ = [("style", ctypes.c_int), ("text", ctypes.c_char_p)]


class Response(ctypes.Structure):
    _fields_ = [("text", ctypes.c_void_p), ("code", ctypes.c_int)]


Ask = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_int,
    ctypes.POINTER(ctypes.POINTER(Message)),
    ctypes.POINTER(ctypes.POINTER(Response)),
    ctypes.c_void_p,
)


class Conversation(ctypes.Structure):
    _fields_ = [("ask", Ask), ("data", ctypes.c_void_p)]


libc, pam = ctypes.CDLL("libc.so.6"), ctypes.CDLL("libpam.so.0")
libc.calloc.restype = libc.strdup.restype = ctypes.c_void_p
typed = b""


@Ask
def ask(count, _, responses, __):
    answers = ctypes.cast(libc.calloc(count, ctypes.sizeof(Response)), ctypes.POINTER(Response))
    for number in range(count):
        answers[number].text = libc.strdup(typed)
    responses[0] = answers
    return 0


def verify(code):
    global typed
    typed = code.encode()
    handle, conversation = ctypes.c_void_p(), Conversation(ask, None)
    begin = time.perf_counter()
    begun = pam.pam_start_confdir(
        b"measured", USER.encode(), ctypes.byref(conversation), PLACE.encode(), ctypes.byref(handle)
    )
    assert begun == 0
    said = pam.pam_authenticate(handle, 0)
    pam.pam_end(handle, said)
    took = time.perf_counter() - begin
    assert said == 0, f"pam_authenticate said {said}"
    return took


times = sorted(verify(code) for code in CODES)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"result": times[len(times) // 2], "peak": peak}))
