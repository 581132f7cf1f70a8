// SPDX-License-Identifier: Apache-2.0
// The status page: asks the runner what there is, waits for changes, follows one log. Whatever the runner says is put into
// the page as text, never as markup; the content security policy would stop anything else.
const kMostRows = 200;
const kMostLog = 512 * 1024; // characters shown; what is older is left to GET /log
const kKey = "testarena-runner-token";

/// Escapes, other control characters and marks that turn the direction of text are shown and not obeyed: a log that
/// overwrites its lines must not look like a pass.
const visible = (text) => text.replace(/\r\n/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
  (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
const at = (id) => document.getElementById(id);
const say = (id, text) => {
  const shown = visible(text);
  if (at(id).textContent !== shown) at(id).textContent = shown;
};
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

let prefix = "/api";
let chosen = { queue: "", scenario: "", attempt: 1 };
let followed = 0; // grows when another log is chosen, so that the loop of the former one ends

class Refused extends Error {}

async function ask(path, options = {}) {
  const token = sessionStorage.getItem(kKey);
  const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(prefix + path, { ...options, headers, credentials: "omit", cache: "no-store" });
  if (answer.status === 401) throw new Refused(await detailOf(answer));
  if (!answer.ok) throw new Error(await detailOf(answer));
  return answer;
}

async function detailOf(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text).detail || `answer ${answer.status}`;
  } catch {
    return `answer ${answer.status}`;
  }
}

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = visible(text);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function button(text, isCurrent, press) {
  const made = element("button", text, { type: "button", class: "link" });
  if (isCurrent) made.setAttribute("aria-current", "true");
  made.addEventListener("click", press);
  return made;
}

/// Whoever uses the keyboard stays where they were.
function replaceKeepingFocus(parent, children) {
  const active = parent.contains(document.activeElement) ? document.activeElement.textContent : null;
  parent.replaceChildren(...children);
  if (active === null) return;
  for (const candidate of parent.querySelectorAll("button")) {
    if (candidate.textContent === active) return candidate.focus();
  }
}

function showQueues(queues) {
  at("none").hidden = queues.length > 0;
  at("more").hidden = queues.length <= kMostRows;
  say("more", `and ${queues.length - kMostRows} older ones`);
  const rows = queues.slice(0, kMostRows).map((queue) => {
    const row = element("tr");
    const name = element("td");
    name.append(button(queue.id, queue.id === chosen.queue, () => choose(queue.id)));
    const since = new Date(queue.created_at);
    row.append(name, element("td", queue.status), element("td", queue.source), element("td", queue.environment),
      element("td", Number.isNaN(since.getTime()) ? "" : since.toLocaleString()));
    return row;
  });
  replaceKeepingFocus(at("queues"), rows);
}

function showMachine(capabilities, health) {
  const parts = [`version ${capabilities.version}`, `${health.slots_used} of ${health.slots} slots in use`,
    `${health.queued} waiting`, `labels: ${(capabilities.labels || []).join(", ") || "none"}`];
  if (health.state !== "ok") parts.push(health.state);
  if (health.message) parts.push(health.message);
  say("machine", parts.join(" · "));
}

function choose(queue) {
  chosen = { queue, scenario: "", attempt: 1 };
  refresh().catch(problem);
}

function chooseRun(run) {
  chosen = { ...chosen, scenario: run.scenario, attempt: run.attempt };
  follow();
  refresh().catch(problem);
}

async function showQueue() {
  at("queue").hidden = chosen.queue === "";
  if (chosen.queue === "") return;
  const body = JSON.stringify({ jobs: [{ job: chosen.queue, handle: "" }] });
  const headers = { "Content-Type": "application/json" };
  const job = (await (await ask("/statuses", { method: "POST", body, headers })).json()).jobs[0];
  if (job.state === "unknown") {
    chosen = { queue: "", scenario: "", attempt: 1 };
    ++followed;
    at("queue").hidden = true;
    return;
  }
  say("queue-title", `Queue ${job.job}: ${job.state}`);
  say("queue-reason", job.reason);
  const lines = job.runs.map((run) => {
    const line = element("li");
    const name = run.attempt > 1 ? `${run.scenario} (attempt ${run.attempt})` : run.scenario;
    const isCurrent = run.scenario === chosen.scenario && run.attempt === chosen.attempt;
    line.append(button(name, isCurrent, () => chooseRun(run)), element("span", ` ${run.state}`),
      element("span", run.reason ? ` — ${run.reason}` : "", { class: "reason" }));
    return line;
  });
  replaceKeepingFocus(at("runs"), lines);
  if (chosen.scenario === "" && job.runs.length > 0) {
    chooseRun(job.runs.find((run) => run.state === "in_progress") || job.runs[0]);
  }
}

/// Reads a log from its beginning and stays with it until it is complete or another one is chosen.
async function follow() {
  const mine = ++followed;
  const { queue, scenario, attempt } = chosen;
  const decoder = new TextDecoder();
  let offset = 0;
  let shown = "";
  let isCut = false;
  say("log-title", `Log of ${scenario}`);
  say("log-note", "");
  at("log").textContent = "";
  while (mine === followed) {
    try {
      const address = `/log/${encodeURIComponent(queue)}?scenario=${encodeURIComponent(scenario)}&attempt=${attempt}` +
        `&offset=${offset}&limit=262144`;
      const answer = await ask(address);
      const bytes = await answer.arrayBuffer();
      if (mine !== followed) return;
      offset += bytes.byteLength;
      const isComplete = answer.headers.get("X-Log-Complete") === "true";
      if (bytes.byteLength > 0) {
        shown += visible(decoder.decode(bytes, { stream: !isComplete }));
        if (shown.length > kMostLog) {
          shown = shown.slice(-kMostLog);
          isCut = true;
        }
        const log = at("log");
        const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
        log.textContent = shown;
        if (isAtEnd) log.scrollTop = log.scrollHeight;
      }
      say("log-note", `${offset} bytes${isComplete ? "" : ", still growing"}${isCut ? "; only the end is shown" : ""}`);
      if (isComplete) return;
      if (bytes.byteLength === 0) await pause(500);
    } catch (error) {
      if (mine !== followed) return;
      say("log-note", String(error.message || error));
      if (error instanceof Refused) return;
      await pause(2000);
    }
  }
}

async function refresh() {
  const [capabilities, health, queues] = await Promise.all(
    ["/capabilities", "/health", "/queues"].map(async (path) => (await ask(path)).json()));
  showMachine(capabilities, health);
  showQueues(queues);
  await showQueue();
  at("work").hidden = false;
  at("entry").hidden = true;
  say("problem", "");
}

function problem(error) {
  if (error instanceof Refused) {
    sessionStorage.removeItem(kKey);
    at("entry").hidden = false;
    at("work").hidden = at("queue").hidden = true;
    ++followed;
  }
  say("problem", String(error.message || error));
}

async function live() {
  let cursor = "";
  for (;;) {
    try {
      if (!at("entry").hidden) {
        await pause(500);
        continue;
      }
      if (cursor === "") {
        cursor = (await (await ask("/changes?timeout_ms=0")).json()).cursor;
        await refresh();
      }
      const changes = await (await ask(`/changes?timeout_ms=25000&cursor=${encodeURIComponent(cursor)}`)).json();
      cursor = changes.cursor;
      await refresh();
      await pause(300); // a log that grows is a change each time
    } catch (error) {
      cursor = "";
      problem(error);
      await pause(error instanceof Refused ? 0 : 2000);
    }
  }
}

at("entry").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(kKey, at("token").value.trim());
  at("token").value = "";
  at("entry").hidden = true;
  say("problem", "");
});

prefix = (await (await fetch("/page.json")).json()).prefix;
live();
