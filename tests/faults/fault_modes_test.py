#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each way in which an execution server may misbehave, by itself: the real server is in front of one that answers every request so
until it has done it often enough. Meanwhile no job changes its state for no reason and the server stays alive; afterwards each job
has run once and has its verdict and its whole log.

fault_modes_test.py BUILD_FOLDER [MODE...]
"""
import os
import shutil
import sys
import tempfile
import time
import unittest

from faulty_http import MODES
from host import wait_until
from kill_loop import Round
import scenarios

BUILD = os.path.abspath(sys.argv[1])
MOST_MEMORY = 256 << 10  # kilobytes
OFTEN = 4  # requests that go wrong before all is well again


class OneFault(Round):
    """A round without kills, in which a person does one thing after the other."""

    def __init__(self, parent, in_flight="1500ms", *remote):
        super().__init__("existing", BUILD, 1, 0, 0.0, parent)
        self.world.in_flight, self.remote = in_flight, remote

    def __enter__(self):
        self.world.start(*self.remote)
        self.configure()
        self.clients.submit("first", [scenarios.PASSES])
        self.wait_for(1, "passed")  # the server is known to be an existing one
        return self

    def __exit__(self, *_):
        self.world.stop()
        self.server.end()

    def order(self, line):
        self.world.helper.order(line)

    def gone_wrong(self):
        self.world.helper.faults, self.world.helper.requests = {}, 0  # it counts from its own beginning
        return sum(self.world.counts()[1].values())

    def job(self, job):
        return self.api.get("/api/v1/jobs/%d" % job)[1]

    def wait_for(self, job, *states):
        wait_until("job %d is %s" % (job, " or ".join(states)), lambda: self.job(job)["state"] in states)

    def is_quick(self):
        begun = time.monotonic()
        status, _, _ = self.api.call("GET", "/livez")
        return status == 200 and time.monotonic() - begun < 5.0


class FaultModes(unittest.TestCase):
    def setUp(self):
        self.parent = tempfile.mkdtemp(prefix="testarena-modes.")
        self.addCleanup(shutil.rmtree, self.parent, ignore_errors=True)

    def run_late(self, in_flight):
        """The violations where submissions arrive up to four seconds late."""
        with OneFault(self.parent, in_flight, "--stall", "4", "--latest", "4.5") as one:
            one.order("rate 0.3 late_gateway stall_before")
            for number in range(8):
                one.clients.submit("late %d" % number, [scenarios.PASSES])
            time.sleep(12)  # so long submissions are lost, late and sent again
            one.world.calm()
            return one.conclude()

    def test_what_arrives_late_runs_once(self):
        self.assertEqual(self.run_late("5s"), [])

    def test_a_wait_that_is_too_short_is_found(self):
        self.assertIn("twice", [violation.kind for violation in self.run_late("250ms")])

    def misbehave(self, mode):
        with OneFault(self.parent) as one:
            # While nothing else is said, a new job is submitted, one that runs is followed, one is aborted and one is deleted.
            one.clients.submit("runs", [scenarios.TALKS])
            one.clients.submit("is aborted", [scenarios.WAITS])
            one.clients.submit("is deleted", [scenarios.WAITS])
            for job in (3, 4):
                one.wait_for(job, "in_progress")
            before = one.gone_wrong()
            one.order("rate 1.0 " + mode)
            one.clients.abort(3)
            one.clients.delete(4)
            one.clients.submit("is sent", [scenarios.PASSES, scenarios.FAILS])

            def enough():
                self.assertTrue(one.is_quick(), "the server is slow because another one is")
                self.assertEqual(one.job(1)["state"], "passed")
                self.assertIn(one.job(5)["state"], ("waiting", "in_progress"))
                return one.gone_wrong() - before >= OFTEN
            wait_until("it has gone wrong %d times" % OFTEN, enough, pause=0.1)
            self.assertLess(one.server.memory_kilobytes(), MOST_MEMORY)
            one.world.calm()
            self.assertEqual(one.conclude(), [])


def add(mode):
    setattr(FaultModes, "test_" + mode, lambda self: self.misbehave(mode))


for name in sys.argv[2:] or MODES:
    add(name)

if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
