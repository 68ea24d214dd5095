/* Warns five minutes before the session ends, extends it by one button in all windows at once, and keeps what was typed.
   Forms with data-autosave-url keep themselves (autosave.js); every other POST form is kept here and filled again at the next visit. */

const WARN = 5 * 60_000;
const meta = (name) => document.querySelector(`meta[name="${name}"]`);
const dialog = document.getElementById("session-warning");
const part = (name) => dialog.querySelector(`[data-session-${name}]`);
const span = new Date(meta("session-expires-at").content) - Date.now();
const windows = new BroadcastChannel("evalcomm-session");
const key = `evalcomm:kept:${meta("user-id")?.content ?? ""}:page:${location.pathname}`;
const forms = [...document.querySelectorAll('form[method="post"]:not([data-autosave-url], [data-sign-out])')].filter((form) => !form.querySelector('[type="password"]'));
let ends = Date.now() + span;
let dismissed = false;
let over = false;

const texts = (form) => [...form.elements].filter((el) => el.name && !["hidden", "file", "submit", "button"].includes(el.type));
const state = (el) => (["radio", "checkbox"].includes(el.type) ? el.checked : el.value);
const initial = new Map(forms.flatMap(texts).map((el) => [el, state(el)]));

function keepTexts() {
  const typed = forms.flatMap((form, index) => texts(form).map((el, at) => ({ form: index, at, name: el.name, value: state(el), changed: state(el) !== initial.get(el) }))).filter((entry) => entry.changed);
  try { if (typed.length) localStorage.setItem(key, JSON.stringify(typed)); } catch { /* full or forbidden: the page itself still holds the text */ }
}

function restoreTexts() {
  let typed = [];
  let filled = 0;
  try {
    typed = JSON.parse(localStorage.getItem(key) ?? "[]");
    localStorage.removeItem(key);
  } catch { /* unreadable is as good as none */ }
  for (const { form, at, name, value } of typed) {
    const el = forms[form] && texts(forms[form])[at];
    if (el?.name !== name) continue;
    if (typeof value === "boolean") el.checked = value;
    else el.value = value;
    el.dispatchEvent(new Event("input", { bubbles: true }));
    filled += 1;
  }
  if (filled) {
    const note = document.createElement("p");
    note.className = "callout callout--warning";
    note.setAttribute("role", "status");
    note.textContent = dialog.dataset.restored;
    forms[typed[0].form].prepend(note);
  }
}

function words(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function extended(until) {
  ends = until ?? Date.now() + span;
  dismissed = false;
  over = false;
  if (dialog.open) dialog.close();
}

function tick() {
  const left = ends - Date.now();
  if (left <= 0 && !over) {
    over = true;
    keepTexts();
    document.dispatchEvent(new Event("evalcomm:session-ending"));
    part("text").textContent = dialog.dataset.over;
    part("status").textContent = dialog.dataset.over;
    part("extend").hidden = true;
    part("sign-in").hidden = false;
    if (!dialog.open) dialog.showModal();
  } else if (left > 0 && left <= WARN) {
    const sentence = dialog.dataset.left.replace("{time}", words(left));
    part("text").textContent = sentence;
    if (Math.ceil(left / 1000) % 60 === 0) part("status").textContent = sentence;
    if (!dialog.open && !dismissed) {
      document.dispatchEvent(new Event("evalcomm:session-ending"));
      part("extend").hidden = false;
      part("sign-in").hidden = true;
      dialog.showModal();
    }
  }
}

part("extend").addEventListener("click", async () => {
  try {
    const answer = await fetch(dialog.dataset.extendUrl, { method: "POST", credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json", "X-CSRFToken": meta("csrf-token").content } });
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    await answer.json();
    extended();
    windows.postMessage("extended");
  } catch {
    part("status").textContent = dialog.dataset.failed;
    part("text").textContent = dialog.dataset.failed;
  }
});
part("close").addEventListener("click", () => {
  dismissed = true;
  dialog.close();
});
dialog.addEventListener("cancel", () => { dismissed = true; });
windows.addEventListener("message", () => extended());
document.addEventListener("evalcomm:session-extended", () => { extended(); windows.postMessage("extended"); });
addEventListener("visibilitychange", tick);

restoreTexts();
tick();
setInterval(tick, 1000);
