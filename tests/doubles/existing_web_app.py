#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A strict double of the web application that existed before: it drives a remote execution server by part 1 of
doc/remote-protocol.md and nothing else, as that application does, and stops loudly at the first answer that is not exactly as
documented there.

    existing_web_app.py BASE BRANCH PASSING FAILING LONG

BASE is "http://127.0.0.1:8080/api"; the others are a branch of the server's repository and paths of scenarios on it that pass,
fail and run for minutes."""

import datetime
import http.client
import json
import sys
import time
import urllib.parse

PATIENCE_S = 120
POLL_S = 0.1  # the application itself asks every 20 s
QUEUE_STATES = {"Waiting", "Running", "Finished", "Aborted"}


def stop(message):
    sys.exit(f"existing_web_app: the server deviates from the protocol: {message}")


def check(condition, message):
    if not condition:
        stop(message)


class Server:
    def __init__(self, base):
        parts = urllib.parse.urlsplit(base)
        self.host, self.prefix = parts.netloc, parts.path

    def ask(self, method, path, body=None):
        """Status and JSON of one answer. Like the application it sends no header of its own but the type of its body."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        text = json.dumps(body) if body is not None else None
        connection.request(method, self.prefix + path, body=text, headers=headers)
        answer = connection.getresponse()
        raw = answer.read()
        kind = answer.getheader("Content-Type", "")
        connection.close()
        check(kind.split(";")[0] == "application/json", f"{method} {path} answered {kind!r}: {raw[:200]!r}")
        try:
            return answer.status, json.loads(raw.decode("utf-8"))
        except ValueError as error:
            stop(f"{method} {path} answered no JSON ({error}): {raw[:200]!r}")

    def must(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        check(status == 200, f"{method} {path} answered {status}: {answer}")
        return answer

    def must_not(self, status_wanted, method, path, body=None):
        status, answer = self.ask(method, path, body)
        check(status == status_wanted, f"{method} {path} answered {status} and not {status_wanted}: {answer}")
        check(isinstance(answer.get("detail"), str) and answer["detail"], f"{method} {path} does not say why: {answer}")


class Application:
    """Numbers its jobs as its database would. A job is a queue, a task is `<job>-<n>`."""

    def __init__(self, server, branch, environment="bench 1"):
        self.server, self.branch, self.environment, self.last_job = server, branch, environment, 183

    def submit(self, paths):
        self.last_job += 1
        job = str(self.last_job)
        tasks = {f"{job}-{n}": path for n, path in enumerate(paths, 1)}
        answer = self.server.must("POST", "/queue", {"source": self.branch, job: [self.environment, tasks]})
        check(answer == {"status": "Queue OK", "queue_id": job}, f"POST /queue answered {answer}")
        return job, list(tasks)

    def queues(self):
        answer = self.server.must("GET", "/queues")
        check(isinstance(answer, list), f"GET /queues answered no list: {answer!r}")
        for queue in answer:
            check(set(queue) == {"id", "status", "created_at", "environment", "source"}, f"a queue of the list is {queue}")
            check(all(isinstance(value, str) for value in queue.values()), f"a queue of the list is {queue}")
            check(queue["status"] in QUEUE_STATES, f"{queue['status']!r} is no state of a queue")
            datetime.datetime.fromisoformat(queue["created_at"].replace("Z", "+00:00"))
        times = [queue["created_at"] for queue in answer]
        check(times == sorted(times, reverse=True), "GET /queues is not newest first")
        return {queue["id"]: queue for queue in answer}

    def queue_state(self, job):
        answer = self.server.must("GET", f"/status/{job}")
        check(answer.get("id") == job and answer.get("type") == "queue", f"GET /status/{job} answered {answer}")
        check(answer.get("status") in QUEUE_STATES, f"{answer.get('status')!r} is no state of a queue")
        return answer["status"]

    def task(self, task):
        answer = self.server.must("GET", f"/status/{task}")
        check(answer.get("id") == task and answer.get("type") == "task", f"GET /status/{task} answered {answer}")
        check(isinstance(answer.get("status"), str) and answer["status"], f"GET /status/{task} answered {answer}")
        return answer

    @staticmethod
    def verdict(task):
        """As the application reads it: PASS or FAIL in any case, in the status or in a further field."""
        for value in (task["status"], task.get("result", "")):
            if isinstance(value, str) and value.upper() in ("PASS", "FAIL"):
                return value.upper()
        return None

    def wait(self, what, condition):
        until = time.monotonic() + PATIENCE_S
        while not condition():
            check(time.monotonic() < until, f"waited in vain until {what}")
            time.sleep(POLL_S)

    def follow(self, job, tasks):
        """Polls the queue and every task, as the application does, until the queue has ended. An end stays an end."""
        seen = []

        def has_ended():
            state = self.queue_state(job)
            for task in tasks:
                self.task(task)
            if not seen or seen[-1] != state:
                seen.append(state)
            return state in ("Finished", "Aborted")

        self.wait(f"queue {job} has ended", has_ended)
        order = ["Waiting", "Running", "Finished" if seen[-1] == "Finished" else "Aborted"]
        check([order.index(state) for state in seen] == sorted(order.index(state) for state in seen),
              f"queue {job} went through {seen}")
        return seen[-1]

    def abort(self, identifier):
        answer = self.server.must("POST", f"/abort/{identifier}")
        check(answer == {"id": identifier, "status": "Aborted"}, f"POST /abort/{identifier} answered {answer}")

    def delete(self, job, tasks):
        answer = self.server.must("DELETE", f"/delete/{job}")
        check(answer == {"id": job, "status": "Deleted"}, f"DELETE /delete/{job} answered {answer}")
        check(job not in self.queues(), f"queue {job} was deleted and is still listed")
        for identifier in [job, *tasks]:
            self.server.must_not(404, "GET", f"/status/{identifier}")


def main(base, branch, passing, failing, long):
    server = Server(base)
    application = Application(server, branch)

    # Jobs that end by themselves.
    first, first_tasks = application.submit([passing, failing, passing])
    listed = application.queues()
    check(first in listed, f"queue {first} was taken and is not listed")
    check(listed[first]["source"] == branch and listed[first]["environment"] == "bench 1", f"listed as {listed[first]}")
    check(application.follow(first, first_tasks) == "Finished", f"queue {first} did not finish")
    verdicts = [application.verdict(application.task(task)) for task in first_tasks]
    check(verdicts == ["PASS", "FAIL", "PASS"], f"the verdicts of queue {first} are {verdicts}")

    # A job that is aborted while it runs, with one task that waits behind it.
    second, second_tasks = application.submit([long, long, long, long])
    application.wait("a task runs", lambda: application.task(second_tasks[0])["status"] == "Running")
    application.abort(second)
    check(application.follow(second, second_tasks) == "Aborted", f"queue {second} was aborted and says otherwise")
    for task in second_tasks:
        check(application.verdict(application.task(task)) is None, f"task {task} was aborted and has a verdict")

    # One task of several is aborted; the others go on.
    third, third_tasks = application.submit([long, passing])
    application.wait("a task runs", lambda: application.task(third_tasks[0])["status"] == "Running")
    application.abort(third_tasks[0])
    check(application.follow(third, third_tasks) == "Finished", f"queue {third} did not finish")
    check(application.task(third_tasks[0])["status"] == "Aborted", "the aborted task says otherwise")
    check(application.verdict(application.task(third_tasks[1])) == "PASS", "the other task did not pass")

    # A queue that waits is aborted, and one that runs is deleted.
    fourth, fourth_tasks = application.submit([long, long])
    fifth, fifth_tasks = application.submit([long])
    application.abort(fifth)
    check(application.follow(fifth, fifth_tasks) == "Aborted", f"queue {fifth} was aborted and says otherwise")
    application.wait("a task runs", lambda: application.task(fourth_tasks[0])["status"] == "Running")
    application.delete(fourth, fourth_tasks)

    # Everything is polled and put away.
    listed = application.queues()
    check(list(listed) == [fifth, third, second, first], f"the queues are {list(listed)}")
    for job, tasks in ((first, first_tasks), (second, second_tasks), (third, third_tasks), (fifth, fifth_tasks)):
        application.delete(job, tasks)
    check(application.queues() == {}, "all queues were deleted, and there are some")

    # What is not there.
    server.must_not(404, "GET", "/status/999999")
    server.must_not(404, "POST", "/abort/999999")
    server.must_not(404, "DELETE", "/delete/999999")
    server.must_not(422, "POST", "/queue", {"source": "no such branch", "77": ["bench 1", {"77-1": passing}]})
    server.must_not(422, "POST", "/queue", {"source": branch, "77": ["bench 1", {"77-1": "no/such/scenario.xml"}]})
    server.must_not(422, "POST", "/queue", {"77": ["bench 1", {"77-1": passing}]})
    server.must_not(404, "GET", "/status/77")
    print("existing_web_app: all as documented")


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
