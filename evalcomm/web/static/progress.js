/* Asks how far long work has come: [data-progress-url] answers {done, total, finished, location?, sentence?}. */

const EVERY = 2000;

function follow(block) {
  const bar = block.querySelector("progress");
  const text = block.querySelector("[data-progress-text]");
  const status = block.querySelector("[data-progress-status]");
  let wait = EVERY;

  async function ask() {
    try {
      const answer = await fetch(block.dataset.progressUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`answer ${answer.status}`);
      const { done, total, finished, location: address, sentence } = await answer.json();
      bar.max = total || 1;
      bar.value = done;
      text.textContent = sentence || text.dataset.words.replace("{done}", done).replace("{total}", total);
      wait = EVERY;
      if (finished) {
        status.textContent = status.dataset.finished;
        if (address) location.assign(address);
        else location.reload();
        return;
      }
    } catch {
      wait = Math.min(wait * 2, 60_000);
    }
    setTimeout(ask, wait);
  }
  setTimeout(ask, wait);
}

for (const block of document.querySelectorAll("[data-progress-url]")) follow(block);
