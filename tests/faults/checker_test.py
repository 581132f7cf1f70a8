#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checker finds every violation that is planted, and nothing where all went well."""
import copy
import unittest

from checker import KINDS, check

PASSES, WAITS = "checks/passes", "checks/waits"


def good():
    """Job 1 passed, 2 was aborted while it ran, 3 was deleted, 4 was aborted before it was sent; each by way of lost answers."""
    def run(state, log, complete=True):
        return {"state": state, "reason": "", "log": log, "complete": complete}

    def job(state, runs):
        return {"state": state, "reason": "", "runs": runs}

    return {
        "clients": [
            {"op": "submit", "key": "a", "scenarios": [PASSES], "status": None, "id": None},
            {"op": "submit", "key": "a", "scenarios": [PASSES], "status": 200, "id": 1},
            {"op": "submit", "key": "b", "scenarios": [WAITS], "status": 201, "id": 2},
            {"op": "submit", "key": "c", "scenarios": [PASSES], "status": 201, "id": 3},
            {"op": "submit", "key": "d", "scenarios": [PASSES], "status": 201, "id": 4},
            {"op": "see", "id": 1, "state": "in_progress", "revision": 3, "at": 11},
            {"op": "see", "id": 1, "state": "passed", "revision": 5, "at": 12},
            {"op": "abort", "id": 2, "status": None},
            {"op": "abort", "id": 2, "status": 202},
            {"op": "abort", "id": 4, "status": 202},
            {"op": "delete", "id": 3, "status": None},
            {"op": "delete", "id": 3, "status": 204},
        ],
        "final": {1: job("passed", {PASSES: run("passed", b"abcdef")}), 2: job("aborted", {WAITS: run("aborted", b"abc")}),
                  3: None, 4: job("aborted", {PASSES: run("aborted", b"")})},
        "rows": {1: {"phase": "closed", "state": "passed", "deleted": 0}, 2: {"phase": "closed", "state": "aborted", "deleted": 0},
                 4: {"phase": "closed", "state": "aborted", "deleted": 0}},
        "purged": {3},
        "integrity": "ok",
        "folders": {1, 2, 4},
        "remote": [
            {"what": "accept", "id": 1}, {"what": "begin", "id": 1, "scenario": PASSES},
            {"what": "end", "id": 1, "scenario": PASSES, "verdict": "passed", "log": 6}, {"what": "remove", "id": 1},
            {"what": "accept", "id": 2}, {"what": "begin", "id": 2, "scenario": WAITS}, {"what": "abort", "id": 2},
            {"what": "end", "id": 2, "scenario": WAITS, "verdict": "aborted", "log": 3}, {"what": "remove", "id": 2},
            {"what": "accept", "id": 3}, {"what": "remove", "id": 3},
        ],
        "left": set(), "alive": [],
        "whole": {(1, PASSES): b"abcdef", (2, WAITS): b"abcdefgh", (3, PASSES): b"abcdef", (4, PASSES): b"abcdef"},
    }



def set_run(job, **more):
    return lambda e: next(iter(e["final"][job]["runs"].values())).update(more)


def client(**event):
    return lambda e: e["clients"].append(event)


def remote(what, job, **more):
    return lambda e: e["remote"].append({"what": what, "id": job, **more})


def without_remote(what, job):
    def change(evidence):
        evidence["remote"] = [e for e in evidence["remote"] if (e["what"], e.get("id")) != (what, job)]
    return change


def put(place, key, value):
    return lambda e: e[place].__setitem__(key, value)


def all_of(*changes):
    def change(evidence):
        for one in changes:
            one(evidence)
    return change


# What is planted, and the kind and the job of what must be found.
PLANTED = {
    "an acknowledged job is not known": (put("final", 1, None), "lost", 1),
    "an acknowledged job has no row": (lambda e: e["rows"].pop(1), "lost", 1),
    "a job was accepted twice": (remote("accept", 1), "twice", 1),
    "a job that was seen to run was forgotten and sent again": (all_of(remote("forget", 1, at=13), remote("accept", 1)), "twice", 1),
    "a scenario ran twice": (remote("begin", 1, scenario=PASSES), "twice", 1),
    "a job has not come to an end": (lambda e: e["final"][1].update(state="in_progress"), "stuck", 1),
    "a job is not closed": (lambda e: e["rows"][1].update(phase="cleaning"), "stuck", 1),
    "an end was taken back": (client(op="see", id=1, state="in_progress", revision=6), "changed", 1),
    "another end was shown": (client(op="see", id=1, state="failed", revision=6), "changed", 1),
    "the last word is another end": (all_of(lambda e: e["final"][1].update(state="failed"), set_run(1, state="failed")), "changed", 1),
    "a revision went back": (client(op="see", id=1, state="passed", revision=4), "changed", 1),
    "a failure is shown as passed": (lambda e: e["remote"][2].update(verdict="failed"), "wrong", 1),
    "a verdict is invented": (all_of(set_run(2, state="passed"), lambda e: e["final"][2].update(state="passed")), "wrong", 2),
    "a run that never was is shown as passed": (without_remote("begin", 1), "wrong", 1),
    "an error is invented": (all_of(set_run(1, state="errored"), lambda e: e["final"][1].update(state="errored")), "wrong", 1),
    "nobody has aborted it": (all_of(set_run(1, state="aborted"), lambda e: e["final"][1].update(state="aborted")), "wrong", 1),
    "the job says something else than its runs": (lambda e: e["final"][1].update(state="failed"), "wrong", 1),
    "a run is missing": (lambda e: e["final"][1]["runs"].clear(), "wrong", 1),
    "a deleted job is shown": (lambda e: e["final"].update({3: e["final"][1]}), "zombie", 3),
    "a deleted job was shown": (client(op="see", id=3, state="passed", revision=9), "zombie", 3),
    "a deleted job has a row": (put("rows", 3, {"phase": "cleaning", "state": "passed", "deleted": 1}), "zombie", 3),
    "a deleted job has files": (lambda e: e["folders"].add(3), "zombie", 3),
    "a deleted job is on the remote": (without_remote("remove", 3), "zombie", 3),
    "a submission arrived after the deletion": (remote("accept", 3), "zombie", 3),
    "an ended job was not cleaned up": (without_remote("remove", 1), "zombie", 1),
    "the remote keeps files of it": (lambda e: e["left"].add(2), "zombie", 2),
    "a process of it still runs": (lambda e: e["alive"].append((2, WAITS)), "zombie", 2),
    "a deleted id is not remembered": (lambda e: e["purged"].clear(), "database", 3),
    "the database is damaged": (lambda e: e.update(integrity="wrong # of entries in index"), "database", None),
    "a log has other bytes": (set_run(1, log=b"abXdef"), "log", 1),
    "a log has more bytes": (set_run(1, log=b"abcdefg"), "log", 1),
    "a part is called complete": (set_run(1, log=b"abc"), "log", 1),
    "a part of an aborted run is called complete": (set_run(2, log=b"ab"), "log", 2),
    "a log was left behind": (set_run(1, log=b"abc", complete=False), "log", 1),
    "one key made two jobs": (client(op="submit", key="a", scenarios=[PASSES], status=201, id=5), "id", 5),
    "an id was given twice": (client(op="submit", key="e", scenarios=[PASSES], status=201, id=1), "id", 1),
    "an id was given to another content": (client(op="submit", key="e", scenarios=[WAITS], status=200, id=1), "id", 1),
    "a job that nobody submitted is on the remote": (remote("accept", 9), "id", 9),
    "a job that nobody submitted has a row": (put("rows", 9, {"phase": "closed", "state": "passed", "deleted": 0}), "id", 9),
    "a redirect was followed": (lambda e: e["remote"].append({"what": "canary", "line": "GET /"}), "canary", None),
}

# What looks bad and is none.
HARMLESS = {
    "an answer that was never acknowledged": client(op="submit", key="e", scenarios=[PASSES], status=503, id=None),
    "a log of an aborted run that is not called complete": set_run(2, log=b"ab", complete=False),
    "an abort that came too late": client(op="abort", id=1, status=200),
    "a verdict that was faster than the abort": all_of(
        lambda e: e["remote"][7].update(verdict="passed", log=8), set_run(2, state="passed", log=b"abcdefgh"),
        lambda e: e["final"][2].update(state="passed")),
    "a job that was forgotten once its end was known": remote("forget", 1, at=10),
    "a job that was forgotten before its answer came": lambda e: e["remote"].insert(0, {"what": "accept", "id": 1}) or
                                                      e["remote"].insert(1, {"what": "forget", "id": 1, "at": 10}),
    "a job that the remote forgot": all_of(without_remote("end", 1), without_remote("remove", 1), remote("forget", 1, at=11.5),
                                           set_run(1, state="errored", log=b"ab", complete=False),
                                           lambda e: e["final"][1].update(state="errored"),
                                           lambda e: e["clients"].pop(6)),
}


class CheckerTest(unittest.TestCase):
    def test_nothing_is_found_where_all_went_well(self):
        self.assertEqual(check(good()), [])

    def test_every_planted_violation_is_found(self):
        for name, (plant, kind, job) in PLANTED.items():
            with self.subTest(name):
                evidence = copy.deepcopy(good())
                plant(evidence)
                self.assertIn((kind, job), [(v.kind, v.id) for v in check(evidence)])

    def test_every_kind_is_planted(self):
        self.assertEqual({kind for _, kind, _ in PLANTED.values()}, set(KINDS))

    def test_what_is_harmless_is_not_found(self):
        for name, change in HARMLESS.items():
            with self.subTest(name):
                evidence = copy.deepcopy(good())
                change(evidence)
                self.assertEqual(check(evidence), [])


if __name__ == "__main__":
    unittest.main()
