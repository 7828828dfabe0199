"""Asks recovery-codes whether a code lets a user in, for a web back end in Python (3.10 or later)."""

import json
import socket
import subprocess
import time
from dataclasses import dataclass

LONGEST_CODE = 1024
LONGEST_ANSWER = 65536


@dataclass(frozen=True)
class Answer:
    kind: str = "unavailable"  # or "yes", "no", "wait", "malformed"
    user: str = ""  # after a yes: the user's name, also where an e-mail address was given
    remaining: int = 0  # after a yes: how many codes are left
    low: bool = False  # after a yes: whether it is time for new ones
    seconds: int | None = None  # how long to wait; None: until an administrator helps
    message: str = ""  # malformed: for whoever typed it; unavailable: for the log


class RecoveryLogin:
    """With a `program` it starts that each time, else it asks at the `socket`."""

    def __init__(self, socket="/run/recovery-codes/door", program=None, timeout=10.0):
        self.socket, self.program, self.timeout = socket, program, timeout

    def verify(self, user: str, code: str, address: str | None = None) -> Answer:
        """Uses the code up. Only the kind "yes" lets in; it raises nothing."""
        try:
            if len(code.encode()) > LONGEST_CODE:
                return Answer("malformed", message="this is far too long for a code")
            if self.program:
                return read_answer(*self._start(user, code, address))
            answer = self._ask(user, code, address)
            return read_answer(answer.get("exit"), answer, answer)
        except (TimeoutError, subprocess.TimeoutExpired):
            return Answer(message="it took too long; the code may be used up")
        except OSError as error:
            return Answer(message=f"it cannot be reached: {error.strerror}")
        except Exception as error:  # its text may repeat what was said
            return Answer(message=f"this is no answer: {type(error).__name__}")

    def _ask(self, user, code, address):
        request = {"word": "verify", "user": user, "code": code}
        if address:
            request["from"] = address
        end = time.monotonic() + self.timeout
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            door.settimeout(self.timeout)
            door.connect(self.socket)
            door.sendall(json.dumps(request, ensure_ascii=False).encode() + b"\n")
            line = b""
            while not line.endswith(b"\n"):
                door.settimeout(max(end - time.monotonic(), 0.001))
                part = door.recv(4096)
                line += part
                if not part or len(line) > LONGEST_ANSWER:
                    raise ValueError("an unfinished line")
        return read_object(line)

    def _start(self, user, code, address):
        source = [f"--from={address}"] if address else []
        ended = subprocess.run(
            [self.program, "--json", "verify", *source, "--", user],
            input=code.encode(), capture_output=True, timeout=self.timeout,
            cwd="/", env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
        )
        return ended.returncode, read_object(ended.stdout), read_object(ended.stderr)


def read_object(text: bytes) -> dict:
    """An empty one where something else was said."""
    try:
        value = json.loads(text)
    except ValueError:
        value = {}
    return value if isinstance(value, dict) else {}


def read_answer(status, document: dict, trouble: dict) -> Answer:
    """Status and document must say the same; whatever is not clear is "unavailable"."""
    accepted, error = document.get("accepted"), trouble.get("error") or {}
    if accepted is True and status == 0 and type(status) is int:
        left, low = document.get("remaining", 0), document.get("low") is True
        return Answer("yes", user=document.get("user", ""), remaining=left, low=low)
    if accepted is False and error.get("kind") == "malformed_code":
        return Answer("malformed", message=error.get("message", ""))
    if accepted is False and status == 1:
        return Answer("no")
    if accepted is False and status == 5:
        return Answer("wait", seconds=document.get("retry_after"))
    return Answer(message=error.get("message") or f"no answer, exit status {status}")


def main() -> int:
    import argparse
    import sys

    parser = argparse.ArgumentParser(description="Reads a code and says whether it lets USER in.")
    parser.add_argument("--socket", default="/run/recovery-codes/door")
    parser.add_argument("--program")
    parser.add_argument("--timeout", type=float, default=10.0)
    parser.add_argument("--from", dest="address")
    parser.add_argument("user", metavar="USER")
    given = parser.parse_args()
    code = sys.stdin.buffer.read().decode(errors="replace")
    login = RecoveryLogin(given.socket, given.program, given.timeout)
    answer = login.verify(given.user, code, given.address)
    said = {"yes": f"yes {answer.remaining}{' low' if answer.low else ''}"}
    said["wait"] = f"wait {'none' if answer.seconds is None else answer.seconds}"
    print(said.get(answer.kind, answer.kind))
    if answer.message:
        print(answer.message, file=sys.stderr)
    return 0 if answer.kind == "yes" else 1


if __name__ == "__main__":
    raise SystemExit(main())
