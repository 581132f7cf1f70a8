#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A remote execution server as installations have them: part 1 of doc/remote-protocol.md and not a word more.

A strict double: every request is written to a file, as one JSON object a line, and whatever is not documented (another
path, a query, a field of the head, a key of the body, a wrong type) is answered by 500 and marked there as `refused`.
The task of a scenario is a step for sh; what it exits with says how it ends:

    0  PASS            1  FAIL            99  Finished, and no verdict ever            others  FAIL

Commands on standard input, one a line, answered by "ok": `forget ID` forgets a queue, `freeze ID` leaves a queue Running
for ever whatever its tasks do, `lose ID` accepts the next POST of this queue and closes without an answer, `drop ID`
closes without accepting it, `late ID SECONDS` closes and accepts it so much later, `break STATUS BODY` answers the next
POST with that, having done nothing, `accept_break STATUS BODY` the same, but having accepted it, `lie KIND N` answers
the next N GETs of a status wrongly: id, type, html, text, 500, cut, hang, list.
"""
import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Task:
    def __init__(self, task_id, path):
        self.id, self.path = task_id, path
        self.status, self.result, self.process = "Waiting", None, None


class Queue:
    def __init__(self, queue_id, environment, source, tasks, number):
        self.id, self.environment, self.source, self.number = queue_id, environment, source, number
        self.tasks, self.status, self.aborted, self.frozen = tasks, "Waiting", False, False
        self.created_at = time.strftime("%Y-%m-%dT%H:%M:%S")


class Farm:
    """Queues, and the workers that run their tasks one after the other."""

    def __init__(self, options):
        self.options = options
        self.lock = threading.Condition()
        self.queues, self.posts, self.number = {}, {}, 0
        for _ in range(options.workers):
            threading.Thread(target=self.work, daemon=True).start()

    def add(self, queue_id, environment, source, tasks):
        with self.lock:
            self.number += 1
            self.posts[queue_id] = self.posts.get(queue_id, 0) + 1
            # The id may be known: such a server does not mind, and runs it all again.
            self.queues[queue_id] = Queue(queue_id, environment, source, tasks, self.number)
            self.lock.notify_all()

    def work(self):
        while True:
            with self.lock:
                waiting = [q for q in self.queues.values() if q.status == "Waiting"]
                if not waiting:
                    self.lock.wait()
                    continue
                queue = min(waiting, key=lambda q: q.number)
                queue.status = "Running"
            for task in queue.tasks:
                self.run(queue, task)
            with self.lock:
                # The documented worker says Finished even of what was aborted; some say so.
                if not queue.frozen:
                    queue.status = "Aborted" if queue.aborted and not self.options.finish_aborted else "Finished"

    def run(self, queue, task):
        with self.lock:
            if queue.aborted or task.status == "Aborted":
                if not self.options.finish_aborted:
                    task.status = "Aborted"
                return
            task.status = "Running"
            os.makedirs(self.options.files, exist_ok=True)
            log = open(os.path.join(self.options.files, task.id + ".log"), "wb")
            # A group of its own, so that it can be ended with all that it started.
            task.process = subprocess.Popen(["sh", "-c", self.step(queue, task)], stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL, start_new_session=True)
        code = task.process.wait()
        log.close()
        with self.lock:
            if task.status == "Aborted" or queue.aborted:
                if self.options.finish_aborted:
                    task.status = "Finished"
                else:
                    task.status = "Aborted"
                return
            verdict = None if code == 99 else "PASS" if code == 0 else "FAIL"
            if self.options.verdict_in == "status":
                task.status = verdict or "Finished"
            else:
                task.status, task.result = "Finished", verdict

    def step(self, queue, task):
        if self.options.repository:
            name = "%s:%s" % (queue.source, task.path)
            return subprocess.run(["git", "--git-dir", self.options.repository, "show", name], check=True,
                                  capture_output=True, text=True).stdout
        with open(os.path.join(self.options.tasks, task.path)) as file:
            return file.read()

    def find(self, some_id):
        """The queue, and the task if it is the id of one."""
        for queue in self.queues.values():
            if queue.id == some_id:
                return queue, None
            for task in queue.tasks:
                if task.id == some_id:
                    return queue, task
        return None, None

    def end(self, task):
        if task.status in ("Waiting", "Running"):
            task.status = "Aborted"
        if task.process is not None and task.process.poll() is None:
            try:
                os.killpg(task.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def abort(self, queue, task):
        if task is not None:
            self.end(task)
            return
        if queue.status in ("Finished", "Aborted"):
            return
        queue.aborted = True
        if not queue.frozen:
            queue.status = "Aborted"
        for one in queue.tasks:
            self.end(one)

    def delete(self, queue):
        self.abort(queue, None)
        for task in queue.tasks:
            try:
                os.remove(os.path.join(self.options.files, task.id + ".log"))
            except FileNotFoundError:
                pass
        del self.queues[queue.id]


class Refused(Exception):
    pass


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    farm = options = record = None
    orders = {}  # what standard input asked for
    known_fields = {"host", "content-type", "content-length", "connection"}

    def log_message(self, *_):
        pass

    def note(self, **more):
        entry = {"method": self.command, "target": self.path, "body": self.body, "fields": sorted(
            name.lower() for name in self.headers.keys())}
        entry.update(more)
        with self.farm.lock:
            self.record.write(json.dumps(entry) + "\n")
            self.record.flush()

    def answer(self, status, value):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def case(self, word):
        how = self.options.case
        return word.lower() if how == "lower" else word.upper() if how == "upper" else word

    def handle_one(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        try:
            self.check_head()
            route = self.route()
            if route is None:
                # The one question to which everybody may answer that there is no such thing.
                asked = self.command == "GET" and self.path == self.options.prefix + "/capabilities"
                self.note(**({} if asked else {"refused": "no such path"}))
                return self.answer(404, {"detail": "Not Found"})
            self.note()
            route()
        except Refused as error:
            self.note(refused=str(error))
            self.answer(500, {"detail": str(error)})

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = do_OPTIONS = handle_one

    def check_head(self):
        for name in self.headers.keys():
            if name.lower() not in self.known_fields:
                raise Refused("the field %s is not documented" % name)
        if "?" in self.path or "#" in self.path:
            raise Refused("no path has a query")
        if self.command != "POST" and self.body:
            raise Refused("a body is not documented for " + self.command)

    def route(self):
        prefix, control = self.options.prefix, self.options.control_prefix
        parts = self.path[len(prefix):].split("/") if self.path.startswith(prefix + "/") else [""]
        control_parts = self.path[len(control):].split("/") if self.path.startswith(control + "/") else [""]
        self.id = urllib.parse.unquote(self.path.rsplit("/", 1)[-1])
        if self.command == "POST" and parts == ["", "queue"]:
            return self.post_queue
        if self.command == "GET" and parts == ["", "queues"]:
            return self.get_queues
        if self.command == "GET" and len(parts) == 3 and parts[1] == "status":
            return self.get_status
        if self.command == "POST" and len(control_parts) == 3 and control_parts[1] == "abort":
            return self.post_abort
        if self.command == "DELETE" and len(control_parts) == 3 and control_parts[1] == "delete":
            return self.delete
        if self.command == "GET" and self.path.startswith("/files/"):
            return self.get_file
        return None

    def read_queue(self):
        if self.headers.get("Content-Type", "").split(";")[0] != "application/json":
            raise Refused("the body must be application/json")
        try:
            pairs = json.loads(self.body, object_pairs_hook=lambda pairs: pairs)
        except ValueError:
            raise Refused("the body is no JSON")
        body = dict(pairs)
        if len(pairs) != 2 or "source" not in body or not isinstance(body["source"], str):
            raise Refused("the body has the key source and one more")
        queue_id = next(key for key in body if key != "source")
        value = body[queue_id]
        if not isinstance(value, list) or len(value) != 2 or not isinstance(value[0], str):
            raise Refused("the queue is [environment, tasks]")
        tasks = value[1]
        if not tasks or not all(isinstance(pair, tuple) for pair in tasks):
            raise Refused("tasks is an object")
        ids = [queue_id] + [task_id for task_id, _ in tasks]
        if len(set(ids)) != len(ids) or not all(isinstance(path, str) for _, path in tasks):
            raise Refused("ids are unique and paths are texts")
        return queue_id, value[0], body["source"], tasks

    def post_queue(self):
        queue_id, environment, source, tasks = self.read_queue()
        order = self.orders.pop("post", None) or self.orders.pop("post " + queue_id, None)
        def accept():
            self.farm.add(queue_id, environment, source, [Task(*pair) for pair in tasks])
        if order is not None:
            if order[0] in ("lose", "accept_break"):
                accept()
            if order[0] == "late":
                threading.Timer(order[1], accept).start()
            if order[0] in ("break", "accept_break"):
                return self.answer(order[1], order[2].encode())
            return self.hang_up()
        if self.options.strict_environment and environment != self.options.strict_environment:
            return self.answer(422, {"detail": "there is no environment " + environment})
        accept()
        self.answer(200, {"status": self.case("Queue OK"), "queue_id": queue_id})

    def get_queues(self):
        with self.farm.lock:
            newest = sorted(self.farm.queues.values(), key=lambda q: -q.number)
            answer = [{"id": q.id, "status": self.case(q.status), "created_at": q.created_at,
                       "environment": q.environment, "source": q.source} for q in newest]
        self.answer(200, answer)

    def get_status(self):
        with self.farm.lock:
            queue, task = self.farm.find(self.id)
            lie = self.orders.get("lie")
            if lie is not None:
                lie[1] -= 1
                if lie[1] <= 0:
                    del self.orders["lie"]
        if lie is not None:
            return self.tell_wrongly(lie[0])
        if queue is None:
            return self.answer(404, {"detail": "no such id"})
        what = task or queue
        answer = {"id": what.id, "type": "task" if task else "queue", "status": self.case(what.status)}
        if task and task.result:
            answer["result"] = self.case(task.result)
        if self.options.extra_fields:
            answer["worker"] = {"name": "w1", "load": [0.5, None]}
        self.answer(200, answer)

    def tell_wrongly(self, kind):
        if kind == "id":
            return self.answer(200, {"id": "another", "type": "queue", "status": "Finished"})
        if kind == "type":
            return self.answer(200, {"id": self.id, "type": "worker", "status": "Finished"})
        if kind == "html":
            return self.answer(200, b"<html><body>Log in to go on</body></html>")
        if kind == "text":
            return self.answer(200, {"id": self.id, "type": "queue", "status": 7.5})
        if kind == "list":
            return self.answer(200, [self.id, "Finished"])
        if kind == "500":
            return self.answer(500, {"detail": "database is locked"})
        if kind == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n{\"id\": \"" + self.id.encode())
            return self.hang_up()
        if kind == "hang":
            time.sleep(600)
        return self.hang_up()

    def post_abort(self):
        if self.body:
            raise Refused("abort has no body")
        with self.farm.lock:
            queue, task = self.farm.find(self.id)
            if queue is None:
                return self.answer(404, {"detail": "no such id"})
            if self.options.refuse_ended_abort and (task or queue).status not in ("Waiting", "Running"):
                return self.answer(500, {"detail": "it is neither waiting nor running"})
            self.farm.abort(queue, task)
        self.answer(200, {"id": self.id, "status": self.case("Aborted")})

    def delete(self):
        with self.farm.lock:
            queue, task = self.farm.find(self.id)
            if queue is None or task is not None:
                return self.answer(404, {"detail": "no such queue"})
            if queue.status == "Running" and not queue.frozen:
                raise Refused("a running queue was deleted: its folder is pulled away under the worker")
            self.farm.delete(queue)
        self.answer(200, {"id": self.id, "status": self.case("Deleted")})

    def get_file(self):
        """What log_url points to: part of no protocol, a web server of its own in most places."""
        try:
            with open(os.path.join(self.options.files, os.path.basename(self.id)), "rb") as file:
                body = file.read()
        except FileNotFoundError:
            return self.answer(404, b"no such file")
        if not self.options.files_without_length:
            return self.answer(200, body)
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + body)
        self.hang_up()


def obey(farm):
    """Standard input; its end is the end of the program."""
    for line in sys.stdin:
        words = line.split(maxsplit=2)
        with farm.lock:
            if words[0] == "forget":
                farm.queues.pop(words[1], None)
            elif words[0] == "freeze":
                farm.queues[words[1]].frozen = True
                farm.queues[words[1]].status = "Running"
            elif words[0] in ("lose", "drop"):
                Handler.orders["post " + words[1]] = [words[0]]
            elif words[0] == "late":
                Handler.orders["post " + words[1]] = ["late", float(words[2])]
            elif words[0] in ("break", "accept_break"):
                Handler.orders["post"] = [words[0], int(words[1]), words[2].strip()]
            elif words[0] == "lie":
                Handler.orders["lie"] = [words[1], int(words[2])]
            elif words[0] == "posts":
                print(farm.posts.get(words[1], 0), flush=True)
                continue
            else:
                raise SystemExit("no such command: " + line)
        print("ok", flush=True)
    with farm.lock:
        for queue in farm.queues.values():
            for task in queue.tasks:
                farm.end(task)
    os._exit(0)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", required=True, help="file for the requests")
    parser.add_argument("--files", required=True, help="folder for logs, served below /files/")
    parser.add_argument("--tasks", help="folder with the steps, by path")
    parser.add_argument("--repository", help="git folder with the steps, on the branch that a queue names")
    parser.add_argument("--prefix", default="/api")
    parser.add_argument("--control-prefix", default=None, help="of abort and delete, if another")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--verdict-in", choices=["status", "result"], default="result")
    parser.add_argument("--case", choices=["as-documented", "lower", "upper"], default="as-documented")
    parser.add_argument("--extra-fields", action="store_true")
    parser.add_argument("--finish-aborted", action="store_true", help="aborted queues and tasks become Finished")
    parser.add_argument("--refuse-ended-abort", action="store_true")
    parser.add_argument("--strict-environment", default="")
    parser.add_argument("--files-without-length", action="store_true")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    if options.control_prefix is None:
        options.control_prefix = options.prefix
    Handler.options = options
    Handler.record = open(options.record, "a")
    Handler.farm = Farm(options)
    server = Server(("127.0.0.1", options.port), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    obey(Handler.farm)


if __name__ == "__main__":
    main()
