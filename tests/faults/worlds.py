# SPDX-License-Identifier: Apache-2.0
"""What stands at the other end of an executor, for each kind of it: how it is started, killed, and what it remembers.

A world's history is told in the terms of checker.py.
"""
import json
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import sys

from faulty_http import read_history
from host import Program, free_port
import scenarios

HERE = os.path.dirname(os.path.abspath(__file__))


class Helper:
    """One of the Python programs beside this file, which is told what to do on its standard input."""

    def __init__(self, argv, log):
        self.argv, self.log, self.process, self.port = [sys.executable, "-B"] + argv, log, None, 0
        self.requests, self.faults = 0, {}

    def start(self, *more):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.argv + list(more), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                            text=True)
        self.port = int(self.process.stdout.readline())

    def order(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def count(self):
        told = json.loads(self.order("counts"))
        self.requests += told["requests"]
        for mode, times in told["faults"].items():
            self.faults[mode] = self.faults.get(mode, 0) + times

    def kill(self):
        self.count()
        self.end()

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None


class World:
    """Where scenarios are really run on this machine: they prove it by themselves, in the file `runs`."""

    most_open, pause = 8, 0.06  # jobs that clients have under way, and seconds between their deeds: these are real processes
    lives = (0.08, 0.08, 0.2)  # seconds that the server lives in the mean
    helper = None

    def __init__(self, folder, build, seed, rate):
        self.folder, self.build, self.seed, self.rate = folder, build, seed, rate
        self.runs, self.repository = os.path.join(folder, "runs"), os.path.join(folder, "repository")
        scenarios.make_repository(self.repository, self.runs)
        self.kills = 0

    def start(self):
        pass

    def disturb(self, random):
        """Now and then, whatever else may be killed is killed."""

    def calm(self):
        if self.helper:
            self.helper.order("calm")

    def stop(self):
        if self.helper:
            self.helper.end()

    def counts(self):
        """Requests and faults of all lives so far."""
        if not self.helper:
            return 0, {}
        if self.helper.process:
            self.helper.count()
        return self.helper.requests, self.helper.faults

    def lines(self):
        if os.path.exists(self.runs):
            with open(self.runs) as file:
                for line in file:
                    what, job, scenario, process = line.split()
                    yield what, int(job), scenario, int(process)

    def history(self):
        for what, job, scenario, _ in self.lines():
            yield {"what": what, "id": job, "scenario": scenario, "verdict": scenarios.VERDICTS[scenario]}

    def alive(self):
        for what, job, scenario, process in self.lines():
            try:
                with open("/proc/%d/environ" % process, "rb") as file:
                    environment = file.read()
            except OSError:
                continue
            if what == "begin" and b"TESTARENA_JOB=%d\0" % job in environment and self.folder.encode() in environment:
                yield job, scenario

    def kill_leftovers(self):
        """Processes of jobs that a failed round has left: this program has started them, by way of the server."""
        for what, job, _, process in list(self.lines()):
            if what == "begin" and any(job == alive for alive, _ in self.alive()):
                try:
                    os.killpg(process, signal.SIGKILL)
                except OSError:
                    pass

    def job_folders(self, *parts):
        folder = os.path.join(self.folder, *parts)
        return [int(name) for name in os.listdir(folder) if name.isdigit()] if os.path.isdir(folder) else []

    def whole(self, job, scenario, place):
        return scenarios.real_log(job, scenario)


class LocalWorld(World):
    name = "local"

    def executor(self):
        return '{ plugin = "local_executor", slots = 4, abort_grace = "200ms" }'

    def left(self):
        return self.job_folders("data", "executors", "lab", "jobs")


class ExistingWorld(World):
    """http_executor in front of the fault remote: level c2, and every request may go wrong."""

    name = "existing"
    most_open, pause, lives = 16, 0.025, (0.08, 0.4, 1.0)

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.file = os.path.join(self.folder, "remote.history")
        self.started = 0
        self.helper = Helper([os.path.join(HERE, "fault_remote.py"), "--history", self.file], self.folder + "/remote.log")

    in_flight = "1500ms"

    def start(self, *more):
        self.started += 1
        self.helper.start("--port", str(self.helper.port), "--seed", "%d.%d" % (self.seed, self.started), "--rate",
                          str(self.rate), *more)

    def executor(self):
        address = "http://127.0.0.1:%d" % self.helper.port
        return ('{ plugin = "http_executor", url = "%s", timeout = "250ms", in_flight = "%s", poll_interval = "50ms", '
                'log_refresh = "100ms", log_url = "%s/files/{task}.log" }' % (address, self.in_flight, address))

    def disturb(self, random):
        if random.random() < 0.1:
            self.kills += 1
            self.helper.kill()
            self.start(*(["--forget", "0.2"] if self.forgets() and random.random() < 0.3 else []))

    def forgets(self):
        return self.seed % 3 == 0

    def history(self):
        scenario_of = {}
        for event in read_history(self.file):
            told = {"what": event["what"], "at": event["at"], "line": event.get("line")}
            if event["what"] == "accept":
                scenario_of.update({task: scenario for task, scenario in event["tasks"]})
            if "id" in event:
                told["id"] = int(event["id"])
            if "task" in event:
                told["scenario"] = scenario_of[event["task"]]
            if event["what"] == "end":
                told["verdict"] = {"PASS": "passed", "FAIL": "failed", "Aborted": "aborted"}[event["verdict"]]
                told["log"] = event["log"]
            yield told

    def left(self):
        return []  # the history tells

    def alive(self):
        return []

    def whole(self, job, scenario, place):
        return scenarios.remote_log("%d-%d" % (job, place + 1), scenario)


class RunnerWorld(World):
    """http_executor in front of the real testarena-runner, with the fault proxy in between."""

    name = "runner"
    lives = (0.08, 0.2, 0.8)

    def __init__(self, *arguments):
        super().__init__(*arguments)
        home = os.path.join(self.folder, "runner")
        os.makedirs(home)
        configuration = os.path.join(home, "runner.toml")
        with open(configuration, "w") as file:
            file.write('[server]\nlisten = "127.0.0.1:0"\ndata = "%s/data"\n[runner]\nanonymous = true\nslots = 4\n'
                       '[executor]\nrepository = "%s"\nabort_grace = "200ms"\n' % (home, self.repository))
        self.program = Program("testarena-runner", [self.build + "/bin/testarena-runner", "serve", "--config", configuration],
                               home + "/data/address", self.folder + "/runner.log", self.build + "/faults")
        self.helper = Helper([os.path.join(HERE, "fault_proxy.py"), home + "/data/address", "--history",
                              self.folder + "/proxy.history", "--seed", str(self.seed), "--rate", str(self.rate)],
                             self.folder + "/proxy.log")

    def start(self):
        self.program.start()
        self.helper.start()

    def executor(self):
        return '{ plugin = "http_executor", url = "http://127.0.0.1:%d", timeout = "2s" }' % self.helper.port

    def disturb(self, random):
        if self.program.has_ended():  # at its crash point
            self.program.start()
        if random.random() < 0.2:
            self.kills += 1
            self.program.end()
            self.program.start()
            if random.random() < 0.5:
                self.program.arm(random.randrange(1, 300))

    def calm(self):
        super().calm()
        self.program.end()
        self.program.start()

    def stop(self):
        super().stop()
        self.program.end()

    def history(self):
        yield from super().history()
        yield from read_history(self.folder + "/proxy.history")

    def left(self):
        with sqlite3.connect("file:%s/runner/data/queues.db?mode=ro" % self.folder, uri=True) as database:
            ids = [int(row[0]) for row in database.execute("SELECT id FROM queue")]
        return ids + self.job_folders("runner", "data", "executors", "runner", "jobs")


class SshWorld(World):
    """ssh_executor towards a real sshd, with a proxy in between that cuts and stalls connections."""

    name = "ssh"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.port = free_port()
        self.sshd = None
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        os.makedirs(self.folder + "/ssh/home")
        for key in ("id", "host_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", self.file(key)], check=True)
        shutil.copy(self.file("id.pub"), self.file("authorized_keys"))
        with open(self.file("sshd_config"), "w") as file:
            file.write("ListenAddress 127.0.0.1\nHostKey %s\nAuthorizedKeysFile %s\nPidFile none\nUsePAM no\nStrictModes no\n"
                       "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\nMaxStartups 100\n"
                       % (self.file("host_key"), self.file("authorized_keys")))
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)  # which its service makes at boot
        if subprocess.run(["/usr/sbin/sshd", "-t", "-f", self.file("sshd_config"), "-o", "PerSourcePenalties no"],
                          capture_output=True).returncode == 0:
            with open(self.file("sshd_config"), "a") as file:
                file.write("PerSourcePenalties no\n")
        self.give_plain_account()
        self.helper = Helper([os.path.join(HERE, "fault_proxy.py"), "127.0.0.1:%d" % self.port, "--raw", "--history",
                              self.folder + "/proxy.history", "--seed", str(self.seed), "--rate", str(2 * self.rate)],
                             self.folder + "/proxy.log")

    def file(self, name):
        return os.path.join(self.folder, "ssh", name)

    def give_plain_account(self):
        """What the account's own shell does when it starts is no part of this."""
        own = pwd.getpwuid(os.geteuid())
        with open("/etc/passwd") as accounts, open(self.file("passwd"), "w") as file:
            file.writelines(line for line in accounts if not line.startswith(self.user + ":"))
            file.write("%s:x:%d:%d::%s:/bin/sh\n" % (self.user, own.pw_uid, own.pw_gid, self.file("home")))

    def start(self):
        self.start_sshd()
        self.helper.start()
        with open(self.file("host_key.pub")) as key, open(self.file("known_hosts"), "w") as file:
            file.write("[127.0.0.1]:%d %s" % (self.helper.port, key.read()))

    def start_sshd(self):
        environment = dict(os.environ, LD_PRELOAD="libnss_wrapper.so", NSS_WRAPPER_PASSWD=self.file("passwd"),
                           NSS_WRAPPER_GROUP="/etc/group")
        with open(self.folder + "/sshd.log", "ab") as log:
            self.sshd = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", self.file("sshd_config"), "-p", str(self.port)],
                                         stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)

    def executor(self):
        return ('{ plugin = "ssh_executor", host = "127.0.0.1", port = %d, user = "%s", key_file = "%s", known_hosts_file = "%s", '
                'repository = "%s", folder = "%s", slots = 4, abort_grace = "200ms", timeout = "3s", connect_timeout = "2s" }'
                % (self.helper.port, self.user, self.file("id"), self.file("known_hosts"), self.repository,
                   self.file("home/testarena")))

    def kill_sshd(self):
        """The daemon and its sessions; what their commands have left running goes on."""
        self.sshd.send_signal(signal.SIGSTOP)
        for process in daemons_below(self.sshd.pid):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.sshd.kill()
        self.sshd.wait()

    def disturb(self, random):
        if random.random() < 0.15:
            self.kills += 1
            self.kill_sshd()
            self.start_sshd()

    def stop(self):
        super().stop()
        if self.sshd:
            self.kill_sshd()

    def left(self):
        return self.job_folders("ssh", "home", "testarena", "lab", "jobs")


def daemons_below(parent):
    """Only sshd's own: what a command of a session has started is not ended with it."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % name) as file:
                command, _, rest = file.read().partition("(")[2].rpartition(")")
        except OSError:
            continue
        if int(rest.split()[1]) == parent and command.startswith("sshd"):
            found += [int(name)] + daemons_below(int(name))
    return found


WORLDS = {world.name: world for world in (ExistingWorld, RunnerWorld, SshWorld, LocalWorld)}
