# SPDX-License-Identifier: Apache-2.0
"""People who submit, look at, abort and delete jobs, through a server that dies under them, and who write down what they were told."""
import http.client
import json
import random
import threading
import time

from host import wait_until
import scenarios

# What a job is made of, and how often.
ORDERS = [([scenarios.PASSES], 4), ([scenarios.PASSES, scenarios.FAILS], 2), ([scenarios.TALKS], 3), ([scenarios.WAITS], 2),
          ([scenarios.PASSES, scenarios.WAITS], 1)]


class Clients:
    def __init__(self, api, seed, most_open, pause, count=2):
        self.api, self.most_open, self.pause = api, most_open, pause
        self.lock = threading.Lock()
        self.events = []  # the "clients" of checker.py
        self.open = {}  # id: scenarios, of what was acknowledged and not seen to have ended
        self.fates = {}  # id: what somebody will do to it some time
        self.waiting = {}  # id: scenarios, of what never ends by itself and nobody has ended
        self.undone = []  # what was not acknowledged and is tried again: (op, ...)
        self.submitted = 0
        self.may_act, self.shall_end = threading.Event(), threading.Event()
        self.threads = [threading.Thread(target=self.live, args=(random.Random("%s %s" % (seed, n)), n), daemon=True)
                        for n in range(count)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def live(self, own, number):
        while True:
            self.may_act.wait()
            if self.shall_end.is_set():
                return
            try:
                self.act(own, number)
            except (OSError, http.client.HTTPException):
                pass  # the server is down
            time.sleep(own.expovariate(1 / self.pause))

    def act(self, own, number):
        with self.lock:
            undone = self.undone.pop(own.randrange(len(self.undone))) if self.undone and own.random() < 0.5 else None
            some = own.choice(list(self.open)) if self.open else None
            few = len(self.open) < self.most_open
            fate = self.fates.pop(some, None) if own.random() < 0.3 else None
        chance = own.random()
        if undone:
            return self.do(*undone)
        if some is None or (few and chance < 0.5):
            with self.lock:
                self.submitted += 1
                key = "key %d of %d" % (self.submitted, number)
            order = own.choices([o for o, _ in ORDERS], [weight for _, weight in ORDERS])[0]
            fates = ("abort", "delete") if scenarios.WAITS in order else (None, None, None, None, "abort", "delete")
            return self.do("submit", key, order, own.choice(fates))
        if fate:
            return self.do(fate, some)
        if chance < 0.75:
            return self.look()
        return self.api.call("GET", "/api/v1/jobs/%d/runs/%s/1/log" % (some, self.scenario_of(some, own)))

    def scenario_of(self, job, own):
        with self.lock:
            return own.choice(self.open.get(job) or [scenarios.PASSES]).replace("/", "%2F")

    def note(self, **event):
        with self.lock:
            self.events.append(event)

    def do(self, op, *what):
        """One deed; what is not acknowledged is kept to be tried again."""
        try:
            done = getattr(self, op)(*what)
        except (OSError, http.client.HTTPException):
            with self.lock:
                self.undone.append((op,) + what)
            raise
        if not done:
            with self.lock:
                self.undone.append((op,) + what)

    def submit(self, key, order, fate=None):
        body = {"environment": "lab", "branch": "main", "scenarios": order}
        status = job = None
        try:
            status, _, answer = self.api.call("POST", "/api/v1/jobs", body, {"Idempotency-Key": key})
            job = json.loads(answer).get("id")
        finally:
            self.note(op="submit", key=key, scenarios=order, status=status, id=job)
        if status not in (200, 201):
            return False
        with self.lock:
            self.open[job] = order
            if fate:
                self.fates[job] = fate
            if scenarios.WAITS in order:
                self.waiting[job] = order
        return True

    def abort(self, job):
        status = None
        try:
            status, _, _ = self.api.call("POST", "/api/v1/jobs/%d/abort" % job)
        finally:
            self.note(op="abort", id=job, status=status)
        with self.lock:
            self.waiting.pop(job, None)
        return status in (200, 202, 404)

    def delete(self, job):
        status = None
        self.note(op="delete", id=job, status=None)  # from now on it may be gone
        with self.lock:
            self.open.pop(job, None)
        status, _, _ = self.api.call("DELETE", "/api/v1/jobs/%d" % job)
        # 404: it was an earlier try that deleted it, whose answer was lost.
        self.note(op="delete", id=job, status=204 if status == 404 else status)
        with self.lock:
            self.waiting.pop(job, None)
        return status in (204, 404)

    def look(self):
        """At the list, as far as the first page goes. Several look at once, so that an answer may be overtaken by another one."""
        with self.lock:
            begun = len(self.events)
        status, told = self.api.get("/api/v1/jobs?limit=500")
        if status != 200:
            return
        with self.lock:
            since = {event["id"] for event in self.events[begun:] if event["op"] in ("see", "delete")}
            for job in told["jobs"]:
                if job["id"] not in since:
                    self.events.append({"op": "see", "id": job["id"], "state": job["state"], "revision": job["revision"],
                                        "at": time.time()})
                if job["state"] not in ("waiting", "in_progress"):
                    self.open.pop(job["id"], None)

    def stop(self):
        self.shall_end.set()
        self.may_act.set()
        for thread in self.threads:
            thread.join(60)

    def settle(self):
        """Everything that was asked for is asked for until it is acknowledged, and what never ends by itself is ended."""
        def all_done():
            with self.lock:
                todo, self.undone = self.undone, []
                todo += [("abort", job) for job in self.waiting if ("abort", job) not in todo and ("delete", job) not in todo]
            for one in todo:
                try:
                    self.do(*one)
                except (OSError, http.client.HTTPException):
                    pass
            return not self.undone and not self.waiting

        wait_until("everything is acknowledged", all_done)
