/* Counts characters under a text area as people count them; text that is too long stays and is said to be too long. */

for (const counter of document.querySelectorAll("[data-counter-for]")) {
  const area = document.getElementById(counter.dataset.counterFor);
  const limit = Number(area.dataset.maxCharacters);
  const show = () => {
    const used = [...area.value.replaceAll("\n", "\r\n")].length;
    const over = used - limit;
    counter.classList.toggle("counter--over", over > 0);
    counter.textContent = (over > 0 ? counter.dataset.over : counter.dataset.words)
      .replace("{used}", used.toLocaleString("ko-KR")).replace("{limit}", limit.toLocaleString("ko-KR")).replace("{over}", over.toLocaleString("ko-KR"));
  };
  area.addEventListener("input", show);
  show();
}
