#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills the real server with -9, again and again, while jobs are submitted, aborted and deleted and what it talks to misbehaves;
then lets everything come to an end and compares what was promised with what became of it (checker.py).

A round is one data folder, one kind of executor and some kills: at random moments, right before the n-th call that writes, sends
or syncs (crash_point.c), while the server starts, and now and then by SIGTERM. A round with a violation keeps its folder.
"""
import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from checker import KINDS, check
from clients import Clients
from host import Api, Crashed, Program, wait_until
import scenarios
from worlds import WORLDS

CONVERGENCE = 120.0  # seconds; only a failure takes so long


class Round:
    clock_jumps = 3000  # seconds; not beyond the time limit of a job, which counts by the time of day

    def __init__(self, kind, build, seed, kills, rate, parent):
        self.folder = tempfile.mkdtemp(prefix="%s-%d." % (kind, seed), dir=parent)
        self.random = random.Random("%s %d" % (kind, seed))
        self.kind, self.build, self.seed, self.kills = kind, build, seed, kills
        self.world = WORLDS[kind](self.folder, build, seed, rate)
        self.ready, self.deaths, self.died_at_call = [], {}, 0
        self.requests, self.faults, self.memory, self.convergence = 0, {}, 0, None

    def configure(self):
        configuration = os.path.join(self.folder, "testarena.toml")
        with open(configuration, "w") as file:
            file.write('[server]\nlisten = "127.0.0.1:0"\ndata = "%s/data"\n[storage]\nplugin = "sqlite_storage"\n'
                       '[[authenticator]]\nplugin = "local_authenticator"\n[[environment]]\nname = "lab"\nexecutor = %s\n'
                       'discoverer = { plugin = "git_discoverer", repository = "%s" }\n'
                       % (self.folder, self.world.executor(), self.world.repository))
        self.server = Program("testarena", [self.build + "/bin/testarena", "serve", "--config", configuration],
                              self.folder + "/data/address", self.folder + "/server.log", self.build + "/faults")
        self.server.start()
        token = subprocess.run([self.build + "/bin/testarena", "admin", "token", "admin", "--config", configuration], check=True,
                               capture_output=True, text=True).stdout.strip()
        self.api = Api(self.server.address, token)
        self.clients = Clients(self.api, self.seed, self.world.most_open, self.world.pause)

    def run(self):
        """The violations."""
        try:
            self.world.start()
            self.configure()
            self.clients.start()
            while sum(self.deaths.values()) < self.kills:
                self.life()
            self.clients.stop()
            self.wait(4.0)  # much of what was submitted is sent only now, and things still go wrong
            self.requests, self.faults = self.world.counts()
            self.world.calm()
            self.server.end()
            self.start()
            return self.conclude()
        finally:
            self.world.stop()
            if hasattr(self, "server"):
                self.server.end()
            self.world.kill_leftovers()

    # ---- one life -------------------------------------------------------------------------------------------------------
    def life(self):
        how = self.random.choices(("moment", "call", "start", "start_call", "term"), (50, 25, 8, 12, 5))[0]
        calls = int(400 ** self.random.random())  # 1 to 399, the first ones more often
        # Most lives are short; in the others lost answers are followed by questions, waits and second tries.
        seconds = min(2.0, self.random.expovariate(1 / self.random.choice(self.world.lives)))
        if how == "call":
            seconds = 1.5
        self.clients.may_act.set()
        self.world.disturb(self.random)
        if self.random.random() < 0.1:
            self.server.jump(self.random.randrange(-self.clock_jumps, self.clock_jumps + 1))
        if how == "call":
            self.server.arm(calls)
        self.wait(seconds)
        self.kill(how)
        if how.startswith("start"):  # and once more, before it serves
            self.server.spawn()
            if how == "start_call":
                self.server.arm(self.random.randrange(1, 120))
            self.wait(self.random.uniform(0, 0.08))
            self.kill(how)
        self.start()

    def wait(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.server.has_ended():
            time.sleep(min(0.005, max(0.0, until - time.monotonic())))

    def kill(self, how):
        crashed = self.server.has_ended()
        status = self.server.end(signal.SIGTERM if how == "term" else signal.SIGKILL)
        if crashed and how in ("call", "start_call"):
            self.died_at_call += 1
        # SIGTERM while it still starts may find nobody who handles it yet.
        if status != -signal.SIGKILL and not (how == "term" and status in (0, -signal.SIGTERM)):
            raise Crashed("the server ended by itself with %s; its log: %s" % (status, self.server.log))
        self.deaths[how] = self.deaths.get(how, 0) + 1

    def start(self):
        begun = time.monotonic()
        self.server.start()
        self.ready.append(time.monotonic() - begun)

    # ---- the end --------------------------------------------------------------------------------------------------------
    def conclude(self):
        """Lets everything come to an end, nothing going wrong any more, and checks it."""
        begun = time.monotonic()
        self.clients.settle()
        stuck = None
        try:
            wait_until("all jobs have ended and are closed", self.all_closed, CONVERGENCE, 0.1)
        except TimeoutError as error:
            stuck = error  # what is open is told by the checker
        self.convergence = time.monotonic() - begun
        evidence = self.evidence()
        self.memory = self.server.memory_kilobytes()
        status = self.server.end(signal.SIGTERM)
        if status != 0:
            raise Crashed("the server ended with %s; its log: %s" % (status, self.server.log))
        self.write(evidence)
        violations = check(evidence)
        if stuck and not violations:
            raise stuck
        return violations

    def database(self):
        return sqlite3.connect("file:%s/data/testarena.db?mode=ro" % self.folder, uri=True, timeout=30)

    def all_closed(self):
        with self.database() as database:
            return database.execute("SELECT count(*) FROM jobs WHERE phase <> 'closed' OR deleted").fetchone()[0] == 0

    def evidence(self):
        final, whole = {}, {}
        for event in self.clients.events:
            if event["op"] == "submit" and event["id"] and event["id"] not in final:
                final[event["id"]] = self.final(event["id"])
                for place, scenario in enumerate(event["scenarios"]):
                    whole[event["id"], scenario] = self.world.whole(event["id"], scenario, place)
        with self.database() as database:
            rows = {row[0]: {"phase": row[1], "state": row[2], "deleted": row[3]}
                    for row in database.execute("SELECT id, phase, state, deleted FROM jobs")}
            purged = {row[0] for row in database.execute("SELECT id FROM purged_jobs")}
            integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
        jobs = self.folder + "/data/jobs"
        folders = {int(job) for thousand in os.listdir(jobs) for job in os.listdir(os.path.join(jobs, thousand))
                   if job.isdigit()} if os.path.isdir(jobs) else set()
        return {"clients": self.clients.events, "final": final, "whole": whole, "rows": rows, "purged": purged,
                "integrity": integrity, "folders": folders, "remote": list(self.world.history()),
                "left": set(self.world.left()), "alive": list(self.world.alive())}

    def final(self, job):
        status, told = self.api.get("/api/v1/jobs/%d" % job)
        if status != 200:
            return None
        runs = {}
        for run in told["runs"]:
            path = "/api/v1/jobs/%d/runs/%s/%d/log?limit=67108864" % (job, run["scenario"].replace("/", "%2F"), run["attempt"])
            status, headers, log = self.api.call("GET", path)
            runs[run["scenario"]] = {"state": run["state"], "reason": run["reason"], "log": log if status == 200 else b"",
                                     "complete": headers.get("X-Log-Complete") == "true"}
        return {"state": told["state"], "reason": told["reason"], "runs": runs}

    def write(self, evidence):
        """Everything but the logs' bytes, for whoever looks into a violation."""
        with open(os.path.join(self.folder, "evidence.json"), "w") as file:
            def plain(value):
                return sorted(value) if isinstance(value, set) else "%d bytes" % len(value)
            json.dump({name: value for name, value in evidence.items() if name != "whole"}, file, indent=1, default=plain)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def report(kind, rounds, violations):
    counted = {name: sum(1 for v in violations if v.kind == name) for name in KINDS}
    ready = [seconds for one in rounds for seconds in one.ready]
    requests, faults = sum(one.requests for one in rounds), sum(sum(one.faults.values()) for one in rounds)
    print("%-9s %6d kills (%d at a call, %d of the other side), %6d jobs, %7d %s (%d faulty, %.0f %%)" %
          (kind, sum(sum(one.deaths.values()) for one in rounds), sum(one.died_at_call for one in rounds),
           sum(one.world.kills for one in rounds), sum(jobs_of(one) for one in rounds), requests,
           "connections" if kind == "ssh" else "requests", faults,
           100.0 * faults / requests if requests else 0))
    print("%-9s %s" % ("", ", ".join("%s %d" % (name, counted[name]) for name in KINDS)))
    print("%-9s restart to ready p50 %.0f ms, p99 %.0f ms; all settled after %.1f s at most; memory %d MiB at most" %
          ("", 1000 * percentile(ready, 0.5), 1000 * percentile(ready, 0.99), max([one.convergence or 0 for one in rounds] or [0]),
           max([one.memory for one in rounds] or [0]) // 1024), flush=True)


def jobs_of(one):
    clients = getattr(one, "clients", None)
    return len({e["id"] for e in clients.events if e["op"] == "submit" and e["id"]}) if clients else 0


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", required=True, help="folder with bin/, plugins/ and faults/")
    options.add_argument("--kills", type=int, default=100, help="of each kind")
    options.add_argument("--per-round", type=int, default=50, help="kills of one data folder")
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    options.add_argument("--kinds", default=",".join(WORLDS), help="comma-separated: " + ", ".join(WORLDS))
    options.add_argument("--rate", type=float, default=0.21, help="share of the requests that go wrong")
    chosen = options.parse_args()
    parent = tempfile.mkdtemp(prefix="testarena-faults.")
    print("seed %d" % chosen.seed, flush=True)

    bad = 0
    for kind in chosen.kinds.split(","):
        rounds, violations, broken = [], [], 0
        for number in range((chosen.kills + chosen.per_round - 1) // chosen.per_round):
            seed = chosen.seed + number
            kills = min(chosen.per_round, chosen.kills - number * chosen.per_round)
            one = Round(kind, os.path.abspath(chosen.build), seed, kills, chosen.rate, parent)
            rounds.append(one)
            found = []
            try:
                found = one.run()
            except (Crashed, TimeoutError) as error:
                broken += 1
                print("%s, seed %d: %s" % (kind, seed, error))
            for violation in found:
                print("%s, seed %d, job %s: %s: %s" % (kind, seed, violation.id, violation.kind, violation.text))
            violations += found
            if found or broken:
                print("    kept: %s; again: kill_loop.py --kinds %s --seed %d --kills %d" % (one.folder, kind, seed, kills), flush=True)
            else:
                shutil.rmtree(one.folder)
        report(kind, rounds, violations)
        bad += len(violations) + broken
    if not bad:
        os.rmdir(parent)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
