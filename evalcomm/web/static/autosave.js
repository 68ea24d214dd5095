/* Saves a form while it is being filled in. The form carries data-autosave-url and data-version-tag and holds save_status().
   Sent: POST {tag, fields} as JSON with X-CSRFToken; a field is its text, a list (several of one name), or null (no radio chosen).
   Answers: 200 {tag, saved_at}; 409 {sentence} when another window was first: nothing is overwritten, autosave stops;
   400 {code: "csrf"}, 401, 403 {code: "sign_in_first"} or a redirect when the session is over.
   Until the server has it, the text also lies in localStorage under the person's id, and is offered again at the next visit. */

const meta = (name) => document.querySelector(`meta[name="${name}"]`);
const clock = (date) => date.toLocaleTimeString("en-GB", { timeZone: "Asia/Seoul" });
const SKIPPED = new Set(["csrf_token", "version_tag"]);
const DELAY = 1500;
const LONGEST_WAIT = 60_000;

function controls(form) {
  return [...form.elements].filter((el) => el.name && !SKIPPED.has(el.name) && !["file", "password", "submit", "button", "hidden"].includes(el.type));
}

function read(form) {
  const fields = {};
  const names = new Map();
  for (const el of controls(form)) names.set(el.name, [...(names.get(el.name) ?? []), el]);
  for (const [name, group] of names) {
    const first = group[0];
    if (first.type === "radio") fields[name] = group.find((el) => el.checked)?.value ?? null;
    else if (first.type === "checkbox") fields[name] = group.length > 1 ? group.filter((el) => el.checked).map((el) => el.value) : (first.checked ? first.value : null);
    else if (first.multiple) fields[name] = [...first.selectedOptions].map((option) => option.value);
    else fields[name] = group.length > 1 ? group.map((el) => el.value) : first.value;
  }
  return fields;
}

function write(form, fields) {
  const seen = new Map();
  for (const el of controls(form)) {
    if (!(el.name in fields)) continue;
    const value = fields[el.name];
    if (el.type === "radio") el.checked = el.value === value;
    else if (el.type === "checkbox") el.checked = Array.isArray(value) ? value.includes(el.value) : el.value === value;
    else if (el.multiple) for (const option of el.options) option.selected = value.includes(option.value);
    else {
      const index = seen.get(el.name) ?? 0;
      seen.set(el.name, index + 1);
      el.value = Array.isArray(value) ? value[index] ?? "" : value ?? "";
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function autosave(form) {
  const url = form.dataset.autosaveUrl;
  const key = `evalcomm:kept:${meta("user-id")?.content ?? ""}:${url}`;
  const status = form.querySelector("[data-save-status]");
  const text = status.querySelector("[data-save-text]");
  const actions = status.querySelector("[data-save-actions]");
  let tag = form.dataset.versionTag;
  let saved = JSON.stringify(read(form));
  let timer = 0;
  let wait = 0;
  let running = null;
  let stopped = false;
  let submitting = false;
  let away = false;
  let answered = false;

  function say(sentence, { bad = false, offer = [] } = {}) {
    text.textContent = sentence;
    status.classList.toggle("save-status--bad", bad);
    actions.hidden = offer.length === 0;
    for (const action of actions.children) action.hidden = !offer.includes(action.dataset.saveAction);
  }

  function keep(fields) {
    try { localStorage.setItem(key, JSON.stringify({ fields, at: new Date().toISOString() })); } catch { /* full or forbidden: the server copy remains */ }
  }
  function forget() {
    try { localStorage.removeItem(key); } catch { /* same */ }
  }

  function schedule(delay) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, delay);
  }

  /* After a new sign-in the page's token is stale; the same page, asked for again, carries the new one. */
  async function renewToken() {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector('meta[name="csrf-token"]');
    const same = [...page.querySelectorAll("form[data-autosave-url]")].some((other) => other.dataset.autosaveUrl === url);
    if (!fresh || !same) return false;
    meta("csrf-token").content = fresh.content;
    for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = fresh.content;
    return true;
  }

  function send(fields) {
    return fetch(url, {
      method: "POST", credentials: "same-origin", redirect: "manual", keepalive: JSON.stringify(fields).length < 20_000,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": meta("csrf-token").content },
      body: JSON.stringify({ tag, fields }),
    });
  }

  async function attempt(fields) {
    let answer = await send(fields);
    let body = await answer.json().catch(() => ({}));
    const over = () => answer.type === "opaqueredirect" || answer.status === 401 || ["csrf", "sign_in_first"].includes(body.code);
    if (over() && await renewToken()) {
      answer = await send(fields);
      body = await answer.json().catch(() => ({}));
    }
    return { answer, body, over: over() };
  }

  async function save() {
    if (running) return running;
    const fields = read(form);
    const snapshot = JSON.stringify(fields);
    if (stopped || submitting || !form.isConnected || snapshot === saved) return undefined;
    keep(fields);
    if (!wait) say(status.dataset.saving);
    running = attempt(fields).then(({ answer, body, over }) => {
      away = false;
      if (answer.ok && body.tag !== undefined) {
        tag = String(body.tag);
        saved = snapshot;
        wait = 0;
        form.dataset.versionTag = tag;
        for (const input of form.querySelectorAll('input[name="version_tag"]')) input.value = tag;
        say(status.dataset.saved.replace("{time}", clock(new Date(body.saved_at))));
        document.dispatchEvent(new Event("evalcomm:session-extended"));
        if (JSON.stringify(read(form)) === saved) forget();
        else schedule(DELAY);
      } else if (answer.status === 409) {
        stopped = true;
        say(body.sentence || status.dataset.conflict, { bad: true, offer: ["compare"] });
      } else if (over) {
        say(status.dataset.expired, { bad: true, offer: ["sign-in", "retry"] });
      } else if (answer.status >= 500) {
        throw new Error(`answer ${answer.status}`);
      } else {
        say(body.sentence || status.dataset.refused, { bad: true, offer: ["retry"] });
      }
    }).catch(() => {
      away = true;
      wait = Math.min(Math.max(2 * wait, 2000), LONGEST_WAIT);
      say(status.dataset.offline, { bad: true, offer: ["retry"] });
      schedule(wait);
    }).finally(() => { running = null; });
    return running;
  }

  form.addEventListener("input", () => {
    const fields = read(form);
    submitting = false;
    if (JSON.stringify(fields) === saved) return;
    keep(fields);
    if (stopped) return;
    if (!status.classList.contains("save-status--bad")) say(status.dataset.typing);
    schedule(Math.max(DELAY, wait));
  });
  form.addEventListener("change", () => schedule(300));
  addEventListener("online", () => schedule(0));
  document.addEventListener("evalcomm:session-ending", () => save());
  document.addEventListener("evalcomm:signing-out", (event) => event.detail.push((async () => {
    await running;
    await save();
    stopped = true;
    clearTimeout(timer);
    if (JSON.stringify(read(form)) !== saved) throw new Error("not saved");
  })()));
  document.addEventListener("visibilitychange", () => save());

  /* A save beside the submission would make the submitted version tag stale: one under way is waited for, none follows.
     Without a network the browser would put its own error in the page's place: what is not saved is saved first, and the page
     goes only once the server has answered. */
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (running) {
      event.preventDefault();
      running.then(() => form.requestSubmit(event.submitter ?? undefined));
      return;
    }
    if (!stopped && !answered && (away || !navigator.onLine || JSON.stringify(read(form)) !== saved)) {
      event.preventDefault();
      saved = "";
      save().then(() => {
        if (away) return;
        answered = true;
        form.requestSubmit(event.submitter ?? undefined);
      });
      return;
    }
    answered = false;
    keep(read(form));
    submitting = true;
  });
  addEventListener("pageshow", () => { submitting = false; });

  actions.addEventListener("click", (event) => {
    const action = event.target.closest("[data-save-action]")?.dataset.saveAction;
    if (action === "retry") { wait = 0; saved = ""; schedule(0); }
    if (action === "restore") {
      write(form, JSON.parse(localStorage.getItem(key)).fields);
      say(status.dataset.restored);
    }
    if (action === "discard") { forget(); say(""); }
  });

  for (const link of actions.querySelectorAll("a")) link.href = location.href;
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(key)); } catch { /* unreadable is as good as none */ }
  if (kept && JSON.stringify({ ...read(form), ...kept.fields }) !== saved) {
    say(status.dataset.kept.replace("{time}", clock(new Date(kept.at))), { bad: true, offer: ["restore", "discard"] });
  } else forget();
}

for (const form of document.querySelectorAll("form[data-autosave-url]")) autosave(form);
