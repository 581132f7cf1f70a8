#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands between two programs and spoils their connection by a seed.

With --http it reads requests, passes them on to an HTTP server, and loses, delays and garbles requests and answers as
faulty_http.py knows. With --raw it passes bytes on and cuts, stalls or drips a connection at some byte of either direction.
Commands on standard input and what is written are those of fault_remote.py.
"""
import argparse
import math
import select
import socket
import struct
import threading
import time

from faulty_http import MODES, Canary, FaultPlan, FaultyServer, History, answer, read_message
from fault_remote import obey


def upstream_of(text):
    """HOST:PORT, or the name of a file in which a server says its address."""
    if text.startswith("/"):
        with open(text) as file:
            text = file.read().strip().removeprefix("http://").rstrip("/")
    host, _, port = text.rpartition(":")
    return host, int(port)


class Forwarder:
    def __init__(self, upstream):
        self.upstream = upstream

    def handle(self, request):
        try:
            with socket.create_connection(upstream_of(self.upstream), timeout=60) as there:
                lines = ["%s %s HTTP/1.1" % (request.method, request.target)]
                lines += ["%s: %s" % field for field in request.headers.items() if field[0] != "connection"]
                there.sendall("\r\n".join(lines + ["Connection: close", "", ""]).encode("latin-1") + request.body)
                head, headers, body = read_message(there)
        except OSError:
            return answer(502, b"", "text/html")
        except Exception:  # it was killed in the middle of its answer
            return answer(502, b"", "text/html")
        headers.pop("connection", None)
        fields = ["%s: %s" % field for field in headers.items()]
        return "\r\n".join([head] + fields + ["", ""]).encode("latin-1") + body


class RawProxy:
    """Of some connections it chooses a byte at which something happens, after fewer or more of them."""

    HOW = ("cut", "reset", "stall", "drip")

    def __init__(self, upstream, plan):
        self.upstream, self.plan = upstream, plan
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]

    def start(self):
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, here):
        mode, own = self.plan.next()
        left = int(math.exp(own.uniform(math.log(1), math.log(100_000))))
        try:
            there = socket.create_connection(upstream_of(self.upstream), timeout=10)
        except OSError:
            here.close()
            return
        others = {here: there, there: here}
        try:
            while True:
                ready, _, _ = select.select(list(others), [], [], 300)
                for end in ready:
                    data = end.recv(65536)
                    if not data:
                        return
                    if mode and self.plan.rate and len(data) >= left:
                        others[end].sendall(data[:left])
                        if mode == "stall":
                            time.sleep(own.uniform(*self.plan.stall) * 8)
                        if mode == "drip":
                            for at in range(left, min(len(data), left + 100)):
                                others[end].sendall(data[at:at + 1])
                                time.sleep(0.02)
                        if mode == "reset":
                            here.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return
                    left -= len(data)
                    others[end].sendall(data)
        except OSError:
            pass
        finally:
            here.close()
            there.close()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("upstream", help="HOST:PORT, or a file with the address of a server")
    options.add_argument("--history", required=True, help="where requests of the canary are told")
    options.add_argument("--raw", action="store_true")
    options.add_argument("--seed", default="1")
    options.add_argument("--rate", type=float, default=0.0)
    chosen = options.parse_args()
    if chosen.raw:
        plan = FaultPlan(chosen.seed, chosen.rate, RawProxy.HOW)
        server, canary = RawProxy(chosen.upstream, plan), None
    else:
        history = History(chosen.history)
        canary = Canary(lambda line: history.add("canary", line=line))
        plan = FaultPlan(chosen.seed, chosen.rate)
        server = FaultyServer(Forwarder(chosen.upstream).handle, plan, 0, canary.port, patience=3.0,
                              tell=lambda mode, request: history.add("fault", mode=mode,
                                                                     line=request.method + " " + request.target))
    server.start()
    print(server.port, flush=True)
    obey(plan)


if __name__ == "__main__":
    main()
