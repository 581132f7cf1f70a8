# SPDX-License-Identifier: Apache-2.0
"""Programs that are killed: the server `testarena` and how to talk to it, and others like it."""
import http.client
import json
import mmap
import os
import signal
import socket
import struct
import subprocess
import time

PATIENCE = 60.0


def wait_until(what, condition, seconds=PATIENCE, pause=0.02):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("waited in vain until " + what)
        time.sleep(pause)


def shared_number(name):
    """A file with one 64-bit integer, mapped."""
    with open(name, "wb") as file:
        file.write(struct.pack("q", 0))
    with open(name, "r+b") as file:
        return mmap.mmap(file.fileno(), 8)


class Crashed(Exception):
    """A program has ended though nobody killed it."""


class Program:
    """A server that writes its address into a file once it serves."""

    def __init__(self, name, argv, address_file, log, preloads):
        """`preloads` is the folder with crash_point.so and clock_jump.so."""
        self.name, self.argv, self.address_file, self.log, self.preloads = name, argv, address_file, log, preloads
        self.process = None
        self.calls, self.clock = shared_number(log + ".calls"), shared_number(log + ".clock")

    def spawn(self):
        if os.path.exists(self.address_file):
            os.remove(self.address_file)
        self.arm(0)
        preload = "%s/clock_jump.so %s/crash_point.so" % (self.preloads, self.preloads)
        environment = dict(os.environ, LD_PRELOAD=preload, CRASH_POINT=self.log + ".calls", CLOCK_JUMP=self.log + ".clock",
                           ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)

    def arm(self, calls):
        """It is killed right before so many further calls (crash_point.c)."""
        self.calls[:] = struct.pack("q", calls)

    def jump(self, seconds):
        """The time of day is so far off from now on (clock_jump.c)."""
        self.clock[:] = struct.pack("q", seconds)

    def has_ended(self):
        return self.process.poll() is not None

    def address(self):
        try:
            with open(self.address_file) as file:
                return file.read().strip().removeprefix("http://").rstrip("/")
        except FileNotFoundError:
            return ""

    def wait_ready(self):
        """Whether it serves; not, if it has been killed meanwhile."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.has_ended():
                return False
            address = self.address()
            if address and self.answers(address):
                return True
            time.sleep(0.002)
        raise TimeoutError("%s does not serve; its log: %s" % (self.name, self.log))

    def answers(self, address):
        host, _, port = address.rpartition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def start(self):
        self.spawn()
        if not self.wait_ready():
            raise Crashed("%s ended with %d; its log: %s" % (self.name, self.process.returncode, self.log))

    def end(self, number=signal.SIGKILL):
        """Ends it; its exit status, minus the signal if that ended it."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "nothing for 30 seconds"

    def memory_kilobytes(self):
        with open("/proc/%d/status" % self.process.pid) as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


class Api:
    """One call, one connection: what a killed server has answered is what came whole."""

    def __init__(self, address, token):
        self.address, self.token = address, token

    def call(self, method, path, body=None, headers=None, timeout=10):
        """(status, headers, body); OSError or HTTPException if no whole answer came."""
        address = self.address()
        if not address:
            raise ConnectionRefusedError("the server is down")
        host, _, port = address.rpartition(":")
        fields = {"Authorization": "Bearer " + self.token, **(headers or {})}
        if body is not None:
            fields["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(host, int(port), timeout=timeout)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), fields)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path):
        status, _, body = self.call("GET", path)
        return status, json.loads(body) if body else None


def free_port():
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]
