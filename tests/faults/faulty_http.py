# SPDX-License-Identifier: Apache-2.0
"""An HTTP server that misbehaves on purpose, by a seed: lost requests and answers, cuts, stalls, floods, nonsense.

What a request does is the business of a `handler`; what becomes of the request and of the answer on their way is decided here,
by a `FaultPlan`. A handler's effect happens for every fault of `AFTER` and `LATE`, and never for one of `BEFORE`.
"""
import json
import os
import random
import socket
import struct
import threading
import time

# The request has no effect.
BEFORE = ("lost_request", "error_before", "redirect", "interim_loop", "endless_head", "html_before", "gateway_before")
# It has its effect at once; what its sender learns of it is another matter.
AFTER = ("error_after", "lost_answer", "cut", "reset", "stall_after", "drip", "huge", "garbage", "wrong_id", "wrong_type",
         "gateway_after")
# It has its effect when its sender has long given up, or has been told by a proxy that there was no answer.
LATE = ("stall_before", "late_gateway")
MODES = BEFORE + AFTER + LATE
# Of bytes without a form nobody can tell that they are others: these are never made of a log.
DECEIVING = ("html_before", "wrong_id", "wrong_type", "huge")

MOST_HEAD = 65536


class FaultPlan:
    """Which request is answered how: by chance from a seed, or as somebody orders."""

    def __init__(self, seed, rate, modes=MODES, stall=(0.3, 1.3)):
        self.random = random.Random(seed)
        self.rate, self.modes, self.stall = rate, tuple(modes), stall
        self.lock = threading.Lock()
        self.counts = {}
        self.requests = 0

    def calm(self):
        with self.lock:
            self.rate = 0.0

    def next(self, is_opaque=False, is_submission=False):
        """(mode or None, a random generator of this request's own). Opaque is what has no form that could be checked. Of
        submissions, for which it matters most, three times as many go wrong."""
        with self.lock:
            self.requests += 1
            own = random.Random(self.random.getrandbits(64))
            if self.random.random() >= self.rate * (3 if is_submission else 1):
                return None, own
            mode = self.random.choice(self.modes)
            if is_opaque and mode in DECEIVING:
                mode = "cut"
            self.counts[mode] = self.counts.get(mode, 0) + 1
            return mode, own

    def total(self):
        with self.lock:
            return self.requests, dict(self.counts)


class Request:
    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.arrived = time.monotonic()


class Gone(Exception):
    """The other end has closed."""


def answer(status, value, content_type="application/json", headers=()):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    lines = ["HTTP/1.1 %d Said" % status, "Content-Type: " + content_type, "Content-Length: %d" % len(body)]
    return ("\r\n".join(lines + list(headers)) + "\r\n\r\n").encode() + body


def read_message(connection, first_line_only=False):
    """Head and body of one message with a told length: (first line, headers, body). Gone if it does not come whole."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more or len(data) > MOST_HEAD:
            raise Gone()
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", 0))
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            raise Gone()
        body += more
    return lines[0], headers, body[:length]


class FaultyServer:
    """One thread for each connection. `handler(Request) -> bytes`, a whole answer; it may be called by many threads."""

    def __init__(self, handler, plan, port=0, canary=0, patience=5.0, is_opaque=lambda request: False,
                 tell=lambda mode, request: None):
        """`tell` is called before something goes wrong."""
        self.handler, self.plan, self.patience, self.is_opaque, self.tell = handler, plan, patience, is_opaque, tell
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.listener.listen(256)
        self.port = self.listener.getsockname()[1]
        self.canary = canary  # the port that redirects lead to

    def start(self):
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                connection.settimeout(300)
                line, headers, body = read_message(connection)
                connection.settimeout(self.patience)
                method, target, _ = line.split(" ", 2)
                if not self.one(connection, Request(method, target, headers, body)):
                    break
        except (Gone, OSError, ValueError):
            pass
        finally:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def one(self, connection, request):
        """Whether the connection goes on."""
        mode, own = self.plan.next(self.is_opaque(request), request.method == "POST" and request.target.endswith("/queue"))
        if mode is None:
            connection.sendall(self.handler(request))
            return True
        self.tell(mode, request)
        return getattr(self, mode)(connection, request, own)

    def linger(self, connection, seconds):
        """Waits until the other end gives up, or so long."""
        connection.settimeout(seconds)
        try:
            connection.recv(1)
        except OSError:
            pass
        connection.settimeout(self.patience)

    # ---- before -------------------------------------------------------------------------------------------------------
    def lost_request(self, connection, request, own):
        return False

    def error_before(self, connection, request, own):
        connection.sendall(answer(500, {"detail": "database is locked"}))
        return True

    def gateway_before(self, connection, request, own):
        connection.sendall(answer(own.choice((502, 504)), b"<html>Bad gateway</html>", "text/html"))
        return True

    def html_before(self, connection, request, own):
        connection.sendall(answer(200, b"<html><body>Log in to go on</body></html>", "text/html"))
        return True

    def redirect(self, connection, request, own):
        where = "Location: http://127.0.0.1:%d%s" % (self.canary, request.target)
        connection.sendall(answer(own.choice((301, 302, 303, 307, 308)), b"", headers=[where]))
        return True

    def interim_loop(self, connection, request, own):
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
            time.sleep(0.01)
        return False

    def endless_head(self, connection, request, own):
        until = time.monotonic() + self.patience
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while time.monotonic() < until:
            connection.sendall(b"X-More: %d\r\n" % own.getrandbits(64))
            time.sleep(0.001)
        return False

    # ---- after --------------------------------------------------------------------------------------------------------
    def error_after(self, connection, request, own):
        self.handler(request)
        connection.sendall(answer(500, {"detail": "written, but the answer could not be made"}))
        return True

    def gateway_after(self, connection, request, own):
        self.handler(request)
        connection.sendall(answer(own.choice((502, 504)), b"", "text/html"))
        return True

    def lost_answer(self, connection, request, own):
        self.handler(request)
        return False

    def cut(self, connection, request, own):
        whole = self.handler(request)
        connection.sendall(whole[:own.randrange(len(whole))])
        return False

    def reset(self, connection, request, own):
        whole = self.handler(request)
        connection.sendall(whole[:own.randrange(len(whole))])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        return False

    def stall_after(self, connection, request, own):
        whole = self.handler(request)
        self.linger(connection, own.uniform(*self.plan.stall))
        connection.sendall(whole)
        return True

    def drip(self, connection, request, own):
        whole = self.handler(request)
        until = time.monotonic() + self.patience
        for at in range(len(whole)):
            connection.sendall(whole[at:at + 1])
            time.sleep(0.05)
            if time.monotonic() > until:
                return False
        return True

    def huge(self, connection, request, own):
        self.handler(request)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10737418240\r\n\r\n")
        part = b'{"id": "x", "type": "queue", "status": "Finished"}, ' * 2000
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            connection.sendall(part)
        return False

    def garbage(self, connection, request, own):
        self.handler(request)
        connection.sendall(bytes(own.getrandbits(8) for _ in range(own.randrange(1, 400))))
        return False

    def wrong_id(self, connection, request, own):
        self.handler(request)
        wrong = {"id": "another", "queue_id": "another", "type": "queue", "status": own.choice(("Finished", "Queue OK"))}
        connection.sendall(answer(200, wrong))
        return True

    def wrong_type(self, connection, request, own):
        self.handler(request)
        some = request.target.rsplit("/", 1)[-1]
        connection.sendall(answer(200, own.choice((
            {"id": some, "type": "worker", "status": "Finished"}, {"id": some, "type": "queue", "status": 7.5},
            {"id": some, "type": "task", "status": None}, [some, "Finished"], "Finished", None, {"id": 1}))))
        return True

    # ---- late ---------------------------------------------------------------------------------------------------------
    def stall_before(self, connection, request, own):
        time.sleep(own.uniform(*self.plan.stall))  # whether or not anybody still waits: it is under way
        connection.sendall(self.handler(request))
        return True

    def late_gateway(self, connection, request, own):
        connection.sendall(answer(504, b"", "text/html"))
        time.sleep(own.uniform(*self.plan.stall))
        self.handler(request)
        return True


class Canary:
    """Nobody is to come here: whoever does is told of by `told(first line)`."""

    def __init__(self, told):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        self.told = told
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        while True:
            connection, _ = self.listener.accept()
            connection.settimeout(2)
            try:
                line = connection.recv(1000).split(b"\r\n")[0].decode("latin-1")
            except OSError:
                line = "nothing"
            connection.close()
            self.told(line)


class History:
    """Lines of JSON that are only ever added; a line is there whole once `add` has returned, whoever is killed then."""

    def __init__(self, file):
        self.descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def add(self, what, **more):
        os.write(self.descriptor, (json.dumps({"at": time.time(), "what": what, **more}) + "\n").encode())


def read_history(file):
    """All whole lines; a last one that was cut is left out."""
    if not os.path.exists(file):
        return []
    with open(file, "rb") as lines:
        return [json.loads(line) for line in lines if line.endswith(b"\n")]
