/* The rubric on form[data-score-keys]: keys 1…9 pick a grade, N and P go to the next and previous open item, sums run along.
   Keys act only while a grade has the focus, so they never clash with typing or with a screen reader's own keys.
   Points are added as whole ten-thousandths; what is not scored is counted, never taken as 0. */

const SCALE = 10_000;

function scaled(text) {
  const match = /^(\d+)(?:\.(\d{1,4}))?$/.exec(text.trim());
  return match ? Number(match[1]) * SCALE + Number((match[2] ?? "").padEnd(4, "0")) : null;
}
function shown(value) {
  return `${Math.floor(value / SCALE)}.${String(value % SCALE).padStart(4, "0")}`.replace(/\.?0+$/, "");
}

function rubric(form) {
  const items = [...form.querySelectorAll("[data-item]")];
  const bar = form.querySelector("[data-score-total]");
  const points = (item) => {
    const entry = item.querySelector("[data-score-entry]");
    return entry ? scaled(entry.value) : scaled(item.querySelector("[data-points]:checked")?.dataset.points ?? "");
  };
  const doors = (item) => item.querySelector("[data-points]:checked, [data-points], [data-score-entry]");

  function show() {
    let sum = 0;
    let open = 0;
    for (const item of items) {
      const value = points(item);
      const state = item.querySelector("[data-item-state]");
      state.textContent = value === null ? state.dataset.missing : state.dataset.scored.replace("{points}", shown(value));
      const clear = item.querySelector("[data-clear-item]");
      if (clear) clear.hidden = value === null;
      if (value === null) open += 1;
      else sum += value;
    }
    if (!bar) return;
    const total = bar.querySelector("[data-total]");
    total.textContent = open === items.length ? total.dataset.none : shown(sum);
    const left = bar.querySelector("[data-left]");
    const sentence = open ? left.dataset.open.replace("{left}", open) : left.dataset.done;
    if (left.textContent !== sentence) left.textContent = sentence;
  }

  function go(from, step) {
    const order = step > 0 ? items.slice(items.indexOf(from) + 1) : items.slice(0, items.indexOf(from)).reverse();
    const next = order.find((item) => points(item) === null) ?? order[0];
    doors(next ?? from)?.focus();
  }

  form.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item || event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) return;
    const grade = item.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (grade) {
      grade.checked = true;
      grade.focus();
      grade.dispatchEvent(new Event("input", { bubbles: true }));
      grade.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (event.code === "KeyN") go(item, 1);
    else if (event.code === "KeyP") go(item, -1);
    else return;
    event.preventDefault();
  });
  form.addEventListener("click", (event) => {
    const item = event.target.closest("[data-clear-item]")?.closest("[data-item]");
    const chosen = item?.querySelector("[data-points]:checked");
    if (!chosen) return;
    chosen.checked = false;
    item.querySelector("[data-points]").focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("input", show);
  show();
}

for (const form of document.querySelectorAll("form[data-score-keys]")) rubric(form);
