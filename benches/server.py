#!/usr/bin/env python3
"""Stores on a server: purging dead codes, beside what the server alone needs for that, and logins of many:

    cargo build --release
    tests/servers/postgres --standby --durable benches/server.py
    tests/servers/postgres --durable benches/server.py --vast
    tests/servers/postgres --standby --durable benches/server.py --logins

Every batch has ten codes, every user one batch, every chunk a thousand codes and a commit for which the
standby is waited. `bare` deletes the rows of codes alone; `bare with history` also notes each batch under
the run and closes it, as it must be done. --vast purges ten million codes once, with logins beside it,
and looks what becomes of the tables; --codes says how many instead of one or ten million, --rounds how
often. --logins lets `serve` of one, two and four hosts verify codes for several clients each, with a hash that
costs next to nothing, and says how many a second, and how long each had the turn that all of them share.
"""
import argparse
import itertools
import json
import os
import pwd
import re
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from datetime import datetime

PROGRAM = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../target/release/recovery-codes")
SOCKET = os.environ["PGHOST"]
HOME = tempfile.TemporaryDirectory()
TABLES = ("codes", "batches", "purged_batches")
# Has the server say how long each statement took, without what it was about.
LOGGED = "&options=-clog_min_duration_statement%3D0%20-clog_parameter_max_length%3D0"
# Clients of one host.
CLIENTS = 4

FILL = """
INSERT INTO users (id, name, state, created_at)
SELECT n, 'dead' || lpad(n::text, 9, '0'), 'active', 1600000000000 FROM generate_series(1, {batches}) n;
INSERT INTO batches (id, name, user_id, ordinal, state, alphabet, epoch, created_at, created_by, issued, invalidated,
                     ended_at, ended_by, dead_from)
SELECT n, 'd' || lpad(to_hex(n), 15, '0'), n, 1, 'superseded', 'full', 1, 1600000000000, 'measurer', 10, 10,
       1600000000000 + n, 'measurer', 1600000000000 + n FROM generate_series(1, {batches}) n;
INSERT INTO codes (batch_id, position, hint, hash, key_id, state, ended_at)
SELECT n, p, lpad(((n::bigint * 7919 + p * 104729) % 1000000)::text, 6, '0'),
       '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$'
           || upper(substr(md5(n::text || p) || md5(p::text || n || 'x'), 1, 42)) || 'A',
       '0a1b2c3d', 'invalidated', 1600000000000 + n
FROM generate_series(1, {batches}) n, generate_series(1, 10) p;
UPDATE numbers SET last = {batches} WHERE of IN ('users', 'batches');
UPDATE totals SET batches = {batches}, issued = {batches} * 10, invalidated = {batches} * 10;
"""


def sql(database, *statements):
    commands = [part for statement in statements for part in ("-c", statement)]
    done = subprocess.run(
        ["psql", "-qXtA", "-U", "postgres", "-v", "ON_ERROR_STOP=1", *commands, database],
        stdout=subprocess.PIPE, text=True, check=True,
    )
    return done.stdout.strip()


def surroundings(database, options=""):
    return {
        "PATH": os.environ["PATH"], "HOME": HOME.name, "RECOVERY_CODES_KEY": "A" * 43 + "=",
        "RECOVERY_CODES_SERVER_ALONE": "true",
        "RECOVERY_CODES_STORE": f"postgres://postgres@/{database}?host={SOCKET}{options}",
    }


def run(database, *words, code=None):
    done = subprocess.run(
        [PROGRAM, "--quiet", *words], env=surroundings(database), input=code, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.split()


def fill(batches):
    subprocess.run(["createdb", "filled"], check=True)
    run("filled", "init")
    sql("filled", FILL.format(batches=batches))


def settled(database):
    sql(database, "CHECKPOINT", "VACUUM (FREEZE, ANALYZE)", "CHECKPOINT")


def bare(database, batches, has_history):
    """A connection that does all chunks; how long they took."""
    script = ["SET synchronous_commit = remote_apply;"]
    if has_history:
        script.append("INSERT INTO purges (id, at, actor, retention_days) VALUES (1, 1, 'measurer', 0);")
    for first in range(1, batches + 1, 100):
        of = f"BETWEEN {first} AND {first + 99}"
        chunk = [f"DELETE FROM codes WHERE batch_id {of};"]
        if has_history:
            chunk += [
                "INSERT INTO purged_batches (purge_id, batch_id, codes)"
                f" SELECT 1, id, issued - purged FROM batches WHERE id {of};",
                "UPDATE batches SET purged = issued, dead_from = NULL, changed_at = 1, state = 'purged'"
                f" WHERE id {of};",
            ]
        script += ["BEGIN;", *chunk, "COMMIT;"]
    begin = time.monotonic()
    subprocess.run(
        ["psql", "-qX", "-U", "postgres", "-v", "ON_ERROR_STOP=1", database],
        input="\n".join(script), text=True, check=True, stdout=subprocess.DEVNULL,
    )
    return time.monotonic() - begin


def purge(database):
    begin = time.monotonic()
    run(database, "purge", "--retention-days", "0")
    return time.monotonic() - begin


def speed(batches, rounds):
    deeds = {
        "bare": lambda name: bare(name, batches, False),
        "bare with history": lambda name: bare(name, batches, True),
        "purge": purge,
    }
    times = {what: [] for what in deeds}
    for _ in range(rounds):
        for what, deed in deeds.items():
            sql("postgres", "DROP DATABASE IF EXISTS work", "CREATE DATABASE work TEMPLATE filled")
            settled("work")
            times[what].append(deed("work"))
            print(f"{what}: {batches * 10 / times[what][-1]:,.0f} codes a second", flush=True)
    median = {what: statistics.median(took) for what, took in times.items()}
    for what in ("bare", "bare with history"):
        print(f"speed of purge / {what}: {median[what] / median['purge']:.2f}")


def sizes(database):
    shown = [f"{name} {sql(database, f'''SELECT pg_size_pretty(pg_total_relation_size('{name}'))''')}" for name in TABLES]
    return ", ".join(shown)


def turns(since=0):
    """How long each held the turn, by the server's log: from when it had it until it had committed."""
    begun, took = {}, []
    with open(f"{SOCKET}/data/log", errors="replace") as log:
        log.seek(since)
        for line in log:
            found = re.match(r"(\S+ \S+) UTC \[(\d+)\] LOG:  duration: \S+ ms  statement: (BEGIN ISO|SET LOCAL)", line)
            if not found:
                continue
            at = datetime.fromisoformat(found[1]).timestamp() * 1000
            if found[3] == "BEGIN ISO":
                begun[found[2]] = at
            elif found[2] in begun:
                took.append(at - begun.pop(found[2]))
    return took


def told(what, took):
    took = sorted(took)
    print(
        f"{what}: {len(took)}, median {statistics.median(took):.1f} ms,"
        f" 99 of 100 {took[len(took) * 99 // 100]:.1f} ms, longest {took[-1]:.1f} ms", flush=True,
    )


def vast(batches):
    codes = [(f"user{n}", code) for n in range(16) for code in run("filled", "generate", f"user{n}", "--create-user")]
    settled("filled")
    print("before:", sizes("filled"), flush=True)
    supply = iter(codes)

    def login():
        user, code = next(supply)
        begin = time.monotonic()
        run("filled", "verify", user, code=code)
        return (time.monotonic() - begin) * 1000

    told("logins alone", [login() for _ in range(40)])
    begin = time.monotonic()
    purge = subprocess.Popen(
        [PROGRAM, "--quiet", "purge", "--retention-days", "0"], env=surroundings("filled", LOGGED)
    )
    time.sleep(2)
    beside = []
    while purge.poll() is None and len(beside) < 100:
        beside.append(login())
        time.sleep(0.2)
    purge.wait()
    took = time.monotonic() - begin
    print(f"purge: {took:.1f} s, {batches * 10 / took:,.0f} codes a second")
    told("logins beside it", beside)
    told("chunks", turns())
    print("after:", sizes("filled"), flush=True)
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if sql("filled", "SELECT SUM(n_dead_tup) < 10000 FROM pg_stat_user_tables") == "t":
            break
        time.sleep(2)
    print(f"when autovacuum has been there, {300 + time.monotonic() - end:.0f} s later: {sizes('filled')}")


class Host:
    """One that lets users in: a `serve` with a store on the server."""

    def __init__(self, number, options):
        self.door = f"{HOME.name}/door{number}"
        variables = surroundings("filled", options) | CHEAP | {"RECOVERY_CODES_SERVE_SOCKET": self.door}
        self.serve = subprocess.Popen([PROGRAM, "--quiet", "serve"], env=variables)
        while not os.path.exists(self.door):
            time.sleep(0.05)

    def verify(self, user, code):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            door.connect(self.door)
            door.sendall(json.dumps({"word": "verify", "user": user, "code": code}).encode() + b"\n")
            answer = json.loads(door.makefile().readline())
        if answer.get("exit") != 0:
            raise SystemExit(f"a code was not accepted: {answer}")

    def end(self):
        self.serve.terminate()
        self.serve.wait()


CHEAP = {
    "RECOVERY_CODES_HASH_MEMORY_KIB": "8", "RECOVERY_CODES_HASH_ITERATIONS": "1",
    "RECOVERY_CODES_SERVE_ALLOW": f"user={pwd.getpwuid(os.getuid()).pw_name} words=verify",
}


def logins(hosts, options, supply, seconds):
    """How many a second, and how long each took."""
    doors = [Host(number, options) for number in range(hosts)]
    took, lock, end = [], threading.Lock(), time.monotonic() + seconds

    def client(door):
        while time.monotonic() < end:
            with lock:
                user, code = next(supply)
            begin = time.monotonic()
            door.verify(user, code)
            took.append((time.monotonic() - begin) * 1000)

    clients = [threading.Thread(target=client, args=(door,)) for door in doors for _ in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    for door in doors:
        door.end()
    return took


def crowd(seconds=5):
    subprocess.run(["createdb", "filled"], check=True)
    run("filled", "init")
    users = [f"user{number}" for number in range(200)]
    codes = []
    for user in users:
        done = subprocess.run(
            [PROGRAM, "--quiet", "generate", user, "--create-user", "--count", "100"],
            env=surroundings("filled") | CHEAP, stdout=subprocess.PIPE, text=True, check=True,
        )
        codes.append([(user, code) for code in done.stdout.split()])
    # One code of each, then the next of each: nobody waits for the own last attempt.
    supply = itertools.chain.from_iterable(zip(*codes))
    settled("filled")
    for hosts in (1, 2, 4):
        took = logins(hosts, "", supply, seconds)
        told(f"{hosts} hosts with {CLIENTS} clients each, {len(took) / seconds:.0f} logins a second", took)
    since = os.path.getsize(f"{SOCKET}/data/log")
    took = logins(2, LOGGED, supply, seconds)
    told(f"2 hosts while each statement is logged, {len(took) / seconds:.0f} logins a second", took)
    told("turns of these, two a login", turns(since))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--vast", action="store_true")
    parser.add_argument("--logins", action="store_true")
    parser.add_argument("--codes", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.logins:
        return crowd()
    batches = (options.codes or (10_000_000 if options.vast else 1_000_000)) // 10
    fill(batches)
    if options.vast:
        vast(batches)
    else:
        speed(batches, options.rounds)


if __name__ == "__main__":
    main()
