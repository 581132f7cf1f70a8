#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A remote execution server of part 1 of doc/remote-protocol.md that loses, garbles and delays requests and answers by a seed.

It is of level c2 at its worst: an id that is known is accepted and run once more, a deleted one is forgotten. What it accepts,
begins, ends, aborts and removes goes into a history that survives its own kill; started again, it goes on from there. Nothing is
really run: a scenario's path says how long it takes, how it ends and what it writes (scenarios.py).

It tells its port on standard output. Commands on standard input, one a line, each answered by a line: `calm` ends the faults,
`rate R MODE...` orders others, `counts` tells requests and faults as JSON. It ends with its input.
"""
import argparse
import heapq
import itertools
import json
import sys
import threading
import time
import urllib.parse
import zlib

from faulty_http import LATE, MODES, Canary, FaultPlan, FaultyServer, History, answer, read_history
import scenarios


class Task:
    def __init__(self, task_id, scenario):
        self.id, self.scenario = task_id, scenario
        self.began = self.ended = self.verdict = None
        self.log = 0  # bytes, once it has ended

    def status(self):
        if self.ended is None:
            return "Waiting" if self.began is None else "Running"
        return "Aborted" if self.verdict == "Aborted" else "Finished"

    def log_bytes(self, now):
        if self.ended is not None:
            return self.log
        if self.began is None:
            return 0
        whole = len(scenarios.remote_log(self.id, self.scenario))
        seconds = 600.0 if self.scenario == scenarios.WAITS else scenarios.SECONDS[self.scenario]
        return int(whole * min(1.0, max(0.0, now - self.began) / seconds))


class Queue:
    def __init__(self, queue_id, tasks):
        self.id, self.tasks, self.aborted = queue_id, tasks, False

    def status(self):
        if any(task.ended is None for task in self.tasks):
            return "Aborted" if self.aborted else "Waiting" if all(t.began is None for t in self.tasks) else "Running"
        # The documented worker says Finished of what was aborted, too; this one does so of every third queue.
        return "Aborted" if self.aborted and zlib.crc32(self.id.encode()) % 3 else "Finished"


class Farm:
    """Queues, and one thread that lets their tasks begin and end."""

    def __init__(self, history, latest):
        self.history, self.latest = History(history), latest
        self.changed = threading.Condition()
        self.queues, self.due, self.number = {}, [], itertools.count()
        for event in read_history(history):
            self.replay(event)
        self.history.add("start")
        with self.changed:
            for queue in self.queues.values():
                for task in queue.tasks:
                    if queue.aborted and task.ended is None:
                        self.end(queue, task, "Aborted")  # it was killed in between
                    self.plan(queue, task)
        threading.Thread(target=self.work, daemon=True).start()

    def replay(self, event):
        what = event["what"]
        if what == "accept":
            self.queues[event["id"]] = Queue(event["id"], [Task(*pair) for pair in event["tasks"]])
        elif what in ("remove", "forget"):
            self.queues.pop(event["id"], None)
        elif what == "abort":
            self.queues[event["id"]].aborted = True
        elif what in ("begin", "end"):
            task = next(t for t in self.queues[event["id"]].tasks if t.id == event["task"])
            if what == "begin":
                task.began = event["at"]
            else:
                task.ended, task.verdict, task.log = event["at"], event["verdict"], event["log"]

    def plan(self, queue, task):
        if task.ended is not None or queue.aborted:
            return
        at = time.time() + 0.01 if task.began is None else task.began + scenarios.SECONDS[task.scenario]
        heapq.heappush(self.due, (at, next(self.number), queue, task))
        self.changed.notify_all()

    def work(self):
        with self.changed:
            while True:
                now = time.time()
                if not self.due or self.due[0][0] > now:
                    self.changed.wait(self.due[0][0] - now if self.due else None)
                    continue
                _, _, queue, task = heapq.heappop(self.due)
                if self.queues.get(queue.id) is not queue or task.ended is not None:
                    continue  # removed, or ended by an abort
                if task.began is None:
                    self.begin(queue, task)
                    self.plan(queue, task)
                else:
                    self.end(queue, task, "PASS" if scenarios.VERDICTS[task.scenario] == "passed" else "FAIL")

    def begin(self, queue, task):
        self.history.add("begin", id=queue.id, task=task.id)
        task.began = time.time()

    def end(self, queue, task, verdict):
        now = time.time()
        log = len(scenarios.remote_log(task.id, task.scenario)) if verdict != "Aborted" else task.log_bytes(now)
        self.history.add("end", id=queue.id, task=task.id, verdict=verdict, log=log)
        task.ended, task.verdict, task.log = now, verdict, log

    def accept(self, queue_id, tasks):
        with self.changed:
            self.history.add("accept", id=queue_id, tasks=[(task.id, task.scenario) for task in tasks])
            queue = self.queues[queue_id] = Queue(queue_id, tasks)
            for task in tasks:
                self.plan(queue, task)

    def find(self, some_id):
        for queue in [self.queues[some_id]] if some_id in self.queues else self.queues.values():
            if queue.id == some_id:
                return queue, None
            for task in queue.tasks:
                if task.id == some_id:
                    return queue, task
        return None, None

    def abort(self, queue, task):
        if task is None and not queue.aborted:
            self.history.add("abort", id=queue.id)
            queue.aborted = True
        for one in queue.tasks if task is None else [task]:
            if one.ended is not None:
                continue
            # Some finish in the very moment of the abort.
            finishes = scenarios.VERDICTS[one.scenario] and one.began is not None and zlib.crc32(one.id.encode()) % 2
            self.end(queue, one, ("PASS" if scenarios.VERDICTS[one.scenario] == "passed" else "FAIL") if finishes else "Aborted")

    def remove(self, queue):
        self.history.add("remove", id=queue.id)
        del self.queues[queue.id]

    def forget(self, share, seed):
        """What a restart with an empty memory leaves of some queues: nothing."""
        with self.changed:
            for queue_id in list(self.queues):
                if zlib.crc32(("%s %s" % (seed, queue_id)).encode()) % 1000 < share * 1000:
                    self.history.add("forget", id=queue_id)
                    del self.queues[queue_id]

    # ---- the protocol ---------------------------------------------------------------------------------------------------
    def handle(self, request):
        verb, _, last = request.target[len("/api/"):].partition("/")
        some_id = urllib.parse.unquote(last)
        with self.changed:
            if request.target.startswith("/files/"):
                return self.log(urllib.parse.unquote(request.target[len("/files/"):]))
            route = (request.method, verb)
            if route == ("POST", "queue"):
                return self.post(request)
            if route == ("GET", "queues"):
                return answer(200, [{"id": q.id, "status": q.status(), "created_at": "2026-01-01T00:00:00",
                                     "environment": "lab", "source": "main"} for q in reversed(list(self.queues.values()))])
            queue, task = self.find(some_id)
            if queue is None:
                return answer(404, {"detail": "no such id"})
            if route == ("GET", "status"):
                told = {"id": some_id, "type": "task" if task else "queue", "status": (task or queue).status()}
                if task and task.verdict in ("PASS", "FAIL"):
                    told["result"] = task.verdict
                return answer(200, told)
            if route == ("POST", "abort"):
                self.abort(queue, task)
                return answer(200, {"id": some_id, "status": "Aborted"})
            if route == ("DELETE", "delete") and task is None:
                self.remove(queue)
                return answer(200, {"id": some_id, "status": "Deleted"})
            return answer(404, {"detail": "Not Found"})

    def post(self, request):
        # This network delays nothing for longer than `latest`: what would arrive later is lost.
        if time.monotonic() - request.arrived > self.latest:
            self.history.add("lost", why="it was under way for too long")
            return answer(500, {"detail": "too late"})
        body = json.loads(request.body)
        queue_id = next(key for key in body if key != "source")
        self.accept(queue_id, [Task(some, scenarios.name_of(path)) for some, path in body[queue_id][1].items()])
        return answer(200, {"status": "Queue OK", "queue_id": queue_id})

    def log(self, name):
        _, task = self.find(name[:-len(".log")])
        if task is None:
            return answer(404, {"detail": "no such log"})
        return answer(200, scenarios.remote_log(task.id, task.scenario)[:task.log_bytes(time.time())], "text/plain")


def obey(plan):
    for line in sys.stdin:
        words = line.split()
        if words[0] == "calm":
            plan.calm()
            print("ok", flush=True)
        elif words[0] == "rate":
            with plan.lock:
                plan.rate, plan.modes = float(words[1]), tuple(words[2:]) or MODES
            print("ok", flush=True)
        elif words[0] == "counts":
            requests, faults = plan.total()
            print(json.dumps({"requests": requests, "faults": faults}), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--history", required=True)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--seed", default="1")
    options.add_argument("--rate", type=float, default=0.0, help="share of the requests that go wrong")
    options.add_argument("--modes", default=",".join(MODES + 4 * LATE), help="which ways there are to go wrong")
    options.add_argument("--stall", type=float, default=1.3, help="seconds that something is late at most")
    options.add_argument("--latest", type=float, default=1.4, help="seconds after which a submission is no longer accepted")
    options.add_argument("--forget", type=float, default=0.0, help="share of the queues that are not known any more")
    chosen = options.parse_args()

    farm = Farm(chosen.history, chosen.latest)
    if chosen.forget:
        farm.forget(chosen.forget, chosen.seed)
    canary = Canary(lambda line: farm.history.add("canary", line=line))
    plan = FaultPlan(chosen.seed, chosen.rate, chosen.modes.split(","), (0.3, chosen.stall))
    server = FaultyServer(farm.handle, plan, chosen.port, canary.port, patience=3.0,
                          is_opaque=lambda request: request.target.startswith("/files/"),
                          tell=lambda mode, request: farm.history.add("fault", mode=mode,
                                                                      line=request.method + " " + request.target))
    server.start()
    print(server.port, flush=True)
    obey(plan)


if __name__ == "__main__":
    main()
