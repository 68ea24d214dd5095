/* Runs before the first paint, so that a chosen high-contrast screen never flashes white. */
try {
  if (localStorage.getItem("evalcomm:contrast") === "high") document.documentElement.dataset.contrast = "high";
} catch {
  document.documentElement.dataset.contrast = "";
}
