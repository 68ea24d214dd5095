/* The frame: menu button on narrow screens, high-contrast switch, focus on what has to be mended, texts saved and forgotten at sign-out. */

const root = document.documentElement;

const menuButton = document.querySelector("[data-menu-button]");
if (menuButton) {
  const menu = document.getElementById(menuButton.getAttribute("aria-controls"));
  const narrow = matchMedia("(max-width: 47.99rem)");
  const fit = () => { menuButton.hidden = !narrow.matches; };
  const open = (state) => {
    menu.classList.toggle("site-nav--open", state);
    menuButton.setAttribute("aria-expanded", String(state));
  };
  document.body.classList.add("menu-ready");
  menuButton.addEventListener("click", () => open(menuButton.getAttribute("aria-expanded") !== "true"));
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && narrow.matches) {
      open(false);
      menuButton.focus();
    }
  });
  narrow.addEventListener("change", fit);
  fit();
}

const contrastButton = document.querySelector("[data-contrast-button]");
if (contrastButton) {
  const show = () => contrastButton.setAttribute("aria-pressed", String(root.dataset.contrast === "high"));
  contrastButton.hidden = false;
  contrastButton.addEventListener("click", () => {
    const high = root.dataset.contrast !== "high";
    root.dataset.contrast = high ? "high" : "";
    try { localStorage.setItem("evalcomm:contrast", high ? "high" : ""); } catch { /* a private window keeps no choice */ }
    show();
  });
  show();
}

document.querySelector("[data-error-summary]")?.focus();

/* Nobody is signed in here: a form that was just sent got no answer, and its text stays for the next visit (session-warning.js). */
if (!document.querySelector('meta[name="user-id"]')) try { sessionStorage.removeItem("evalcomm:sent"); } catch { /* a private window keeps none */ }

/* A second press on the same button sends nothing; coming back to the page, or ten seconds, frees the form again. */
const sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (sent.has(form)) event.preventDefault();
  sent.add(form);
  setTimeout(() => sent.delete(form), 10_000);
});
addEventListener("pageshow", () => { for (const form of document.forms) sent.delete(form); });

for (const form of document.querySelectorAll("[data-sign-out]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const saves = [];
    document.dispatchEvent(new CustomEvent("evalcomm:signing-out", { detail: saves }));
    const results = await Promise.allSettled(saves);
    const user = document.querySelector('meta[name="user-id"]')?.content;
    if (results.every((result) => result.status === "fulfilled")) {
      for (const key of Object.keys(localStorage)) if (key.startsWith(`evalcomm:kept:${user}:`)) localStorage.removeItem(key);
    }
    form.submit();
  });
}
