# SPDX-License-Identifier: Apache-2.0
"""Compares what was promised with what became of it. No files and no clocks: evidence in, violations out.

Evidence has, all of it taken when everything was to have come to an end:

    clients   what clients did and were told, in order: {"op": "submit", "key", "scenarios", "status", "id"},
              {"op": "abort" | "delete", "id", "status"}, {"op": "see", "id", "state", "revision", "at"}; status None: no whole
              answer; at: seconds, of the remote's clock
    final     {id: {"state", "reason", "runs": {scenario: {"state", "log": bytes, "complete": bool}}}}; None where it is 404
    rows      {id: {"phase", "state", "deleted"}} of the database's jobs
    purged    ids that the database remembers as deleted everywhere
    integrity what the database says of itself, "ok"
    folders   ids that the server keeps files of
    remote    the remote's own history, in order: {"what": "accept" | "abort" | "remove" | "forget", "id", "at"}, {"what": "begin" |
              "end", "id", "scenario"}, an end with "verdict" and, where it is known, "log", its bytes; {"what": "canary"}
    left      ids of which the remote still keeps something
    alive     [(id, scenario), ...] whose process still runs
    whole     {(id, scenario): bytes}: what the scenario writes when it comes to its end
"""
import collections

ENDS = ("passed", "failed", "errored", "aborted")

Violation = collections.namedtuple("Violation", "kind id text")

# lost: P1. twice: P2. stuck: P3. changed: P4. wrong: a verdict that is not true, P5. zombie: P6. log: P7.
KINDS = ("lost", "twice", "stuck", "changed", "wrong", "zombie", "log", "id", "canary", "database")


class Checker:
    def __init__(self, evidence):
        self.evidence, self.violations = evidence, []
        self.submitted = {}  # id: scenarios
        self.deleted, self.abort_wished, self.abort_acknowledged = set(), set(), set()
        self.forgotten = {e["id"] for e in evidence["remote"] if e["what"] == "forget"}

    def found(self, kind, job, text, *values):
        self.violations.append(Violation(kind, job, text % values if values else text))

    def check(self):
        self.read_clients()
        self.check_jobs()
        self.check_remote()
        self.check_database()
        return self.violations

    def read_clients(self):
        keys, seen = {}, {}
        for event in self.evidence["clients"]:
            op, job = event["op"], event.get("id")
            if op == "submit" and event["status"] in (200, 201):
                if keys.setdefault(event["key"], job) != job:
                    self.found("id", job, "key %s made job %s before, and %s now", event["key"], keys[event["key"]], job)
                elif event["status"] == 201 and job in self.submitted:
                    self.found("id", job, "it was given to two submissions")
                if self.submitted.setdefault(job, event["scenarios"]) != event["scenarios"]:
                    self.found("id", job, "it was given to two submissions")
            elif op == "delete" and event["status"] == 204:
                self.deleted.add(job)
            elif op in ("abort", "delete"):
                self.abort_wished.add(job)
                if event["status"] in (200, 202):
                    self.abort_acknowledged.add(job)
            elif op == "see":
                self.see(event, seen.get(job))
                seen[job] = event
        self.abort_wished |= self.deleted | self.abort_acknowledged
        self.seen = seen

    def see(self, event, before):
        if event["id"] in self.deleted:
            self.found("zombie", event["id"], "it was shown after its deletion was acknowledged")
        if before is None:
            return
        if event["revision"] < before["revision"]:
            self.found("changed", event["id"], "revision %d after %d", event["revision"], before["revision"])
        if before["state"] in ENDS and event["state"] != before["state"]:
            self.found("changed", event["id"], "%s after %s", event["state"], before["state"])

    # ---- what the server says at the end --------------------------------------------------------------------------------
    def check_jobs(self):
        for job in self.submitted:
            told = self.evidence["final"].get(job)
            if job in self.deleted:
                if told is not None:
                    self.found("zombie", job, "it is shown though it was deleted")
                continue
            if told is None:
                self.found("lost", job, "its submission was acknowledged, and the server does not know it")
                continue
            if job in self.seen:
                before = self.seen[job]
                if before["state"] in ENDS and told["state"] != before["state"]:
                    self.found("changed", job, "%s after %s", told["state"], before["state"])
            if told["state"] not in ENDS:
                self.found("stuck", job, "it is still %s: %s", told["state"], told["reason"])
                continue
            self.check_verdict(job, told)
            for scenario, run in told["runs"].items():
                self.check_log(job, scenario, run)

    def check_verdict(self, job, told):
        runs = told["runs"]
        if set(runs) != set(self.submitted[job]):
            self.found("wrong", job, "it has the runs %s instead of %s", sorted(runs), sorted(self.submitted[job]))
        for scenario, run in runs.items():
            allowed = self.true_states(job, scenario)
            if run["state"] not in allowed:
                self.found("wrong", job, "%s is said to be %s (%s), and can only be %s", scenario, run["state"],
                           run.get("reason", ""), " or ".join(sorted(allowed)))
        states = [run["state"] for run in runs.values()]
        # An abort may come when all runs have ended; it is then aborted, or what they say, never anything else.
        said = next((s for s in ("errored", "failed") if s in states), "aborted" if "aborted" in states else "passed")
        allowed = {said} | ({"aborted"} if job in self.abort_wished else set())
        if told["state"] not in allowed:
            self.found("wrong", job, "it is said to be %s (%s), and its runs are %s", told["state"], told["reason"], states)

    def true_states(self, job, scenario):
        """What a run may be said to be: the verdict that the remote has seen, aborted only if somebody wished it."""
        allowed = {e["verdict"] for e in self.ends(job, scenario)}
        if job in self.abort_wished:
            allowed.add("aborted")
        else:
            allowed.discard("aborted")
        if job in self.forgotten:
            allowed.add("errored")
        return allowed

    def was_seen_to_run(self, job, at):
        return any(e["op"] == "see" and e["id"] == job and e["state"] != "waiting" and e["at"] < at
                   for e in self.evidence["clients"])

    def ends(self, job, scenario):
        return [e for e in self.evidence["remote"] if e["what"] == "end" and (e["id"], e["scenario"]) == (job, scenario)]

    def check_log(self, job, scenario, run):
        whole = self.evidence["whole"][job, scenario]
        if not whole.startswith(run["log"]):
            at = next(i for i, pair in enumerate(zip(run["log"] + b"\0", whole + b"\1")) if pair[0] != pair[1])
            return self.found("log", job, "the log of %s differs from what it wrote at byte %d", scenario, at)
        if run["state"] in ("passed", "failed"):
            if run["complete"] and run["log"] != whole:
                self.found("log", job, "the log of %s is called complete with %d of %d bytes", scenario, len(run["log"]), len(whole))
            if not run["complete"] and job not in self.forgotten:
                self.found("log", job, "the log of %s is not complete, and the remote's copy is gone", scenario)
        ends = [e for e in self.ends(job, scenario) if "log" in e]
        if run["state"] == "aborted" and run["complete"] and ends and len(run["log"]) != ends[-1]["log"]:
            self.found("log", job, "the log of %s, aborted, is called complete with %d of %d bytes", scenario, len(run["log"]),
                       ends[-1]["log"])

    # ---- what the remote has seen ---------------------------------------------------------------------------------------
    def check_remote(self):
        accepts, begins, there, ever = collections.Counter(), collections.Counter(), set(), set()
        for event in self.evidence["remote"]:
            what, job = event["what"], event.get("id")
            if what == "canary":
                self.found("canary", None, "a redirect was followed: %s", event.get("line"))
            elif what == "accept":
                accepts[job] += 1
                there.add(job)
            elif what == "forget":
                there.discard(job)
                if not self.was_seen_to_run(job, event["at"]):
                    # The answer to the submission was lost, and then the job itself: nobody can know that it ever was there.
                    accepts[job] = 0
                    begins = collections.Counter({one: times for one, times in begins.items() if one[0] != job})
            elif what == "remove":
                there.discard(job)
            elif what == "begin":
                begins[job, event["scenario"]] += 1
                ever.add((job, event["scenario"]))
        for job, times in accepts.items():
            if times > 1:
                self.found("twice", job, "the remote accepted it %d times", times)
            if job not in self.submitted:
                self.found("id", job, "the remote accepted a job that nobody submitted")
        for (job, scenario), times in begins.items():
            if times > 1:
                self.found("twice", job, "%s ran %d times", scenario, times)
        for job in there | set(self.evidence["left"]):
            why = "it was deleted, and is still on the remote" if job in self.deleted else "it was never cleaned up on the remote"
            self.found("zombie", job, why)
        for job, scenario in self.evidence["alive"]:
            self.found("zombie", job, "%s still runs", scenario)
        for job, scenarios in self.submitted.items():
            told = self.evidence["final"].get(job)
            if told and told["state"] in ("passed", "failed") and any((job, s) not in ever for s in scenarios):
                self.found("wrong", job, "it is said to be %s, and not all of it ever ran", told["state"])

    # ---- what is kept ---------------------------------------------------------------------------------------------------
    def check_database(self):
        if self.evidence["integrity"] != "ok":
            self.found("database", None, "it is damaged: %s", self.evidence["integrity"])
        rows, purged = self.evidence["rows"], self.evidence["purged"]
        for job in self.submitted:
            if job in self.deleted:
                if job in rows:
                    self.found("zombie", job, "it was deleted, and has a row in phase %s", rows[job]["phase"])
                elif job not in purged:
                    self.found("database", job, "it was deleted, and its id is not remembered")
                if job in self.evidence["folders"]:
                    self.found("zombie", job, "it was deleted, and its files are still there")
            elif job not in rows:
                self.found("lost", job, "its submission was acknowledged, and it has no row")
            elif rows[job]["phase"] != "closed":
                self.found("stuck", job, "its phase is %s", rows[job]["phase"])
        for job in (set(rows) | set(purged)) - set(self.submitted):
            self.found("id", job, "the database has a job that nobody submitted")


def check(evidence):
    return Checker(evidence).check()
