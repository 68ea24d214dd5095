/* Attachments: lists the chosen files with their size, refuses what is too large or of another kind before it is sent, and on
   form[data-upload] shows how much has gone. The server's answer replaces the page's main part, so that its messages and errors are
   seen; the answer's own scripts are started again on the new part. */

const mega = (bytes) => `${(bytes / 1024 / 1024).toLocaleString("ko-KR", { maximumFractionDigits: 1 })} MB`;
const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : mega(bytes));

function wrong(input, file) {
  const kinds = (input.accept || "").split(",").map((kind) => kind.trim().toLowerCase()).filter((kind) => kind.startsWith("."));
  if (kinds.length && !kinds.some((kind) => file.name.toLowerCase().endsWith(kind))) return input.dataset.badKind.replace("{kinds}", kinds.join(", "));
  if (Number(input.dataset.maxBytes) < file.size) return input.dataset.tooLarge.replace("{limit}", mega(Number(input.dataset.maxBytes)));
  if (file.size === 0) return input.dataset.empty;
  return "";
}

function watch(input) {
  const status = document.createElement("div");
  const list = document.createElement("ul");
  list.className = "upload-list";
  status.setAttribute("role", "status");
  status.append(list);
  input.after(status);
  input.addEventListener("change", () => {
    const problems = [];
    list.replaceChildren(...[...input.files].map((file) => {
      const row = document.createElement("li");
      const problem = wrong(input, file);
      row.textContent = `${file.name} · ${size(file.size)}`;
      if (problem) {
        const note = document.createElement("strong");
        note.className = "error";
        note.textContent = problem;
        row.append(note);
        problems.push(problem);
      }
      return row;
    }));
    input.setCustomValidity(problems.join(" "));
    if (problems.length) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  });
}

function show(page, address) {
  const fresh = page.querySelector("main");
  if (!fresh) return false;
  document.querySelector("main").replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  history.replaceState(null, "", address);
  (fresh.querySelector("[data-error-summary]") ?? fresh).focus();
  scrollTo(0, 0);
  ready();
  const started = Date.now();
  for (const script of page.querySelectorAll('script[type="module"]:not([data-frame])')) {
    const source = script.getAttribute("src");
    if (!source.includes("/upload.js")) import(`${source}#${started}`);
  }
  return true;
}

function send(form, submitter, bar, text) {
  const request = new XMLHttpRequest();
  const data = new FormData(form, submitter ?? undefined);
  request.open("POST", submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
    text.textContent = `${mega(event.loaded)} / ${mega(event.total)}`;
  });
  request.addEventListener("load", () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (!show(page, request.responseURL)) location.assign(request.responseURL);
  });
  request.addEventListener("error", () => {
    const note = document.createElement("p");
    bar.parentElement.remove();
    form.inert = false;
    note.className = "error";
    note.setAttribute("role", "alert");
    note.textContent = form.querySelector("[data-failed]").dataset.failed;
    form.append(note);
  });
  request.send(data);
}

function ready() {
  for (const input of document.querySelectorAll('input[type="file"][data-too-large]')) watch(input);
  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      const files = [...form.querySelectorAll('input[type="file"]')];
      if (event.defaultPrevented || files.every((input) => input.files.length === 0)) return;
      event.preventDefault();
      const bad = files.find((input) => !input.checkValidity() && input.validationMessage && input.files.length);
      if (bad) {
        bad.focus();
        return;
      }
      const block = document.createElement("div");
      const bar = document.createElement("progress");
      const text = document.createElement("p");
      block.className = "progress";
      bar.setAttribute("aria-label", files[0].labels?.[0]?.textContent ?? "");
      text.setAttribute("role", "status");
      block.append(text, bar);
      form.after(block);
      send(form, event.submitter, bar, text);
      form.inert = true;
    });
  }
}

ready();
