/* Live sums of budget tables (budget_table, budget_totals): whole won as BigInt, commas set when a cell is left, a wrong cell named at the cell. */

function won(text) {
  const plain = text.replace(/[,\s]|원$/g, "");
  if (plain === "") return 0n;
  return /^\d{1,18}$/.test(plain) ? BigInt(plain) : null;
}
const commas = (value) => value.toLocaleString("ko-KR");
const put = (output, value) => { if (output) output.textContent = commas(value); };

function budget(table) {
  const cells = [...table.querySelectorAll("input[data-row]")];
  const target = table.parentElement.querySelector("[data-target]");
  const sum = (chosen) => chosen.reduce((total, cell) => total + (won(cell.value) ?? 0n), 0n);
  const of = (name, value) => cells.filter((cell) => cell.dataset[name] === value);

  function check(cell) {
    const bad = won(cell.value) === null;
    const note = document.getElementById(`${cell.id}-error`);
    if (bad) cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
    if (note) note.textContent = bad ? table.dataset.bad.replace("{cell}", cell.getAttribute("aria-label")) : "";
    cell.closest("td").classList.toggle("has-error", bad);
    return !bad;
  }

  function show() {
    for (const output of table.querySelectorAll("[data-sum-row]")) put(output, sum(of("row", output.dataset.sumRow)));
    for (const output of table.querySelectorAll("[data-sum-column]")) put(output, sum(of("column", output.dataset.sumColumn)));
    put(table.querySelector("[data-sum-total]"), sum(cells));
    if (!target) return;
    const difference = sum(of("column", target.dataset.targetColumn)) - BigInt(target.dataset.target);
    const sentence = difference === 0n ? target.dataset.equal : (difference > 0n ? target.dataset.over : target.dataset.under);
    target.textContent = sentence.replace("{label}", target.dataset.label).replace("{difference}", commas(difference < 0n ? -difference : difference));
    target.classList.toggle("budget-target--off", difference !== 0n);
  }

  table.addEventListener("input", (event) => { if (event.target.closest("td.has-error")) check(event.target); });
  table.addEventListener("focusout", (event) => {
    if (!event.target.dataset?.row || !check(event.target)) return;
    if (event.target.value.trim()) event.target.value = commas(won(event.target.value));
  });
  (table.closest("form") ?? table).addEventListener("input", show);
  show();
}

/* Sums over several tables of one form: data-total-of="table/column", * for all. */
function totals(form) {
  const cells = [...form.querySelectorAll("[data-budget] input[data-row]")];
  const show = () => {
    for (const output of form.querySelectorAll("[data-total-of]")) {
      const [table, column] = output.dataset.totalOf.split("/");
      const chosen = cells.filter((cell) => ["*", cell.closest("[data-budget]").dataset.budget].includes(table) && ["*", cell.dataset.column].includes(column));
      put(output, chosen.reduce((total, cell) => total + (won(cell.value) ?? 0n), 0n));
    }
  };
  form.addEventListener("input", show);
  show();
}

for (const form of new Set([...document.querySelectorAll("[data-total-of]")].map((output) => output.closest("form")))) totals(form);
for (const table of document.querySelectorAll("[data-budget]")) budget(table);
