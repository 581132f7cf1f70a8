#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One job is submitted, run, kept and cleaned up, and the server is killed right before its n-th call that writes, sends, syncs,
renames, removes or connects, for every n until the whole comes to its end without a kill; then the same for a job that is aborted, and
for one that is deleted. Nothing else goes wrong, so nothing but the server's own order of doing things can be at fault.

call_sweep_test.py BUILD_FOLDER [STEP [KIND...]]: every call, or every STEP-th one, beginning at random.
"""
import http.client
import os
import random
import shutil
import sys
import tempfile
import unittest

from kill_loop import Round
import scenarios

BUILD = os.path.abspath(sys.argv[1])
STEP = int(sys.argv[2]) if len(sys.argv) > 2 else 1
KINDS = sys.argv[3:] or ["existing", "local"]
FATES = {"run": scenarios.PASSES, "abort": scenarios.WAITS, "delete": scenarios.WAITS}


class Sweep(Round):
    def one(self, fate, calls):
        """Whether the server was killed on the way."""
        clients = self.clients
        self.server.arm(calls)
        begun = len(clients.events)
        clients.submitted += 1
        todo = [("submit", "key %d" % clients.submitted, [FATES[fate]])]
        while todo or not self.all_closed():
            if self.server.has_ended():
                self.deaths["call"] = self.deaths.get("call", 0) + 1
                self.start()  # and this life is not killed
            if not todo:
                self.wait(0.005)
                continue
            try:
                clients.do(*todo[0])
            except (OSError, http.client.HTTPException):
                clients.undone.clear()  # it is tried again from here
                continue
            job = next(e["id"] for e in reversed(clients.events[begun:]) if e["op"] == "submit" and e["id"])
            if todo[0][0] == "submit" and fate != "run":
                todo = [(fate, job)]
            else:
                todo = []
        return self.server.has_ended() or self.deaths.get("call", 0) > self.before

    def sweep(self):
        self.world.start()
        self.configure()
        for fate in FATES:
            calls = random.randint(1, STEP)
            while True:
                self.before = self.deaths.get("call", 0)
                if not self.one(fate, calls):
                    break
                calls += STEP
            print("%s, %s: killed before each %s of %d calls" % (self.kind, fate, "" if STEP == 1 else "%dth" % STEP, calls))
        self.server.arm(0)
        return self.conclude()


class CallSweep(unittest.TestCase):
    def sweep(self, kind):
        parent = tempfile.mkdtemp(prefix="testarena-sweep.")
        one = Sweep(kind, BUILD, 1, 0, 0.0, parent)
        try:
            self.assertEqual(one.sweep(), [])
        finally:
            one.world.stop()
            one.server.end()
            one.world.kill_leftovers()
        shutil.rmtree(parent)


for name in KINDS:
    setattr(CallSweep, "test_" + name, lambda self, name=name: self.sweep(name))

if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
