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
/* What the server sent, not what stands here when this script arrives: somebody may have typed before. */
const untouched = (el) => {
  if (["radio", "checkbox"].includes(el.type)) return el.checked === el.defaultChecked;
  if (el.options) {
    const sent = [...el.options].filter((option) => option.defaultSelected);
    const first = sent.length || el.multiple ? sent : [el.options[0]];
    return el.selectedOptions.length === first.length && first.every((option) => option?.selected);
  }
  return el.value === el.defaultValue;
};

function keepTexts() {
  const typed = forms.flatMap((form, index) => texts(form).map((el, at) => ({ form: index, at, name: el.name, value: state(el), changed: !untouched(el) }))).filter((entry) => entry.changed);
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

/* What is sent stays here until a page of the same person answers. Without a session a refusal answers, and the text would be gone. */
const SENT = "evalcomm:sent";
function forgetAnswered() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && !document.querySelector(".error-page")) localStorage.removeItem(sent);
}
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !forms.includes(event.target)) return;
  keepTexts();
  try { sessionStorage.setItem(SENT, key); } catch { /* as above */ }
});

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

try { forgetAnswered(); } catch { /* forbidden: nothing was kept either */ }
restoreTexts();
tick();
setInterval(tick, 1000);
