# SPDX-License-Identifier: Apache-2.0
"""The scenarios that jobs of the kill loop are made of: how each ends, what it writes, and the repository they stand in."""
import os
import random
import subprocess

PASSES, FAILS, TALKS, WAITS = "checks/passes", "checks/fails", "checks/talks", "checks/waits"
VERDICTS = {PASSES: "passed", FAILS: "failed", TALKS: "passed", WAITS: None}  # the last one ends only when it is ended
SECONDS = {PASSES: 0.02, FAILS: 0.02, TALKS: 0.6, WAITS: 3600.0}  # on the fault remote
LINES = 20

# Half a character, a byte that is never text, NUL, colours, a link, a line that overwrites itself.
TORTURE = b"\xc3 \xff \x00 \x1b[31mred\x1b]8;;javascript:alert(1)\x07x\x1b[8m\r\xe2\x80\xae\n"


def name_of(path):
    return path[:-3] if path.endswith(".sh") else path


def real_log(job, scenario):
    """All that the real scenario writes."""
    lines = LINES if scenario == TALKS else 1
    return TORTURE + b"".join(b"job %d %s %d\n" % (job, scenario.encode(), i) for i in range(1, lines + 1))


def remote_log(task, scenario):
    """All that a task of the fault remote writes."""
    own = random.Random(task)
    return TORTURE + own.randbytes(20000 if scenario in (TALKS, WAITS) else own.randrange(400))


def script(scenario, runs):
    """Proves by itself that it ran: a line in `runs` when it begins, one when it ends."""
    torture = "".join("\\%03o" % byte for byte in TORTURE)
    text = "echo \"begin $TESTARENA_JOB %s $$\" >> '%s'\nprintf '%s'\n" % (scenario, runs, torture)
    text += "say() { echo \"job ${TESTARENA_JOB} %s $1\"; }\n" % scenario
    if scenario == TALKS:
        text += "i=0\nwhile [ $i -lt %d ]; do i=$((i + 1)); say $i; sleep 0.02; done\n" % LINES
    else:
        text += "say 1\n"
    if scenario == WAITS:
        return text + "exec sleep 3600\n"
    text += "echo \"end $TESTARENA_JOB %s $$\" >> '%s'\n" % (scenario, runs)
    return text + ("exit 3\n" if scenario == FAILS else "exit 0\n")


def make_repository(folder, runs):
    os.makedirs(os.path.join(folder, "checks"))
    manifest = '[[scenarios]]\nglob = "checks/*.sh"\ncommand = ["sh", "{path}"]\ntimeout_s = 7200\n'
    with open(os.path.join(folder, ".testarena.toml"), "w") as file:
        file.write(manifest)
    for scenario in VERDICTS:
        with open(os.path.join(folder, scenario + ".sh"), "w") as file:
            file.write(script(scenario, runs))
    git = ["git", "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.invalid", "-c", "commit.gpgsign=false"]
    subprocess.run(git + ["init", "-q", "-b", "main"], check=True)
    subprocess.run(git + ["add", "-A"], check=True)
    subprocess.run(git + ["commit", "-q", "-m", "Scenarios"], check=True)
