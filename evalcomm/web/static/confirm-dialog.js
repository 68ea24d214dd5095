/* A form or a submit button with data-confirm asks once more. Without scripts the form simply goes. */

const dialog = document.getElementById("confirm-dialog");
const yes = dialog.querySelector("[data-confirm-yes]");
let waiting = null;

/* An agreement holds until something in the form changes, so that a submission put off for a running save is not asked for twice. */
document.addEventListener("input", (event) => { delete event.target.form?.dataset.agreed; });
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const asker = submitter?.dataset.confirm ? submitter : form;
  if (!asker.dataset.confirm || form.dataset.agreed === asker.dataset.confirm) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = { form, submitter, sentence: asker.dataset.confirm };
  dialog.querySelector("[data-confirm-text]").textContent = asker.dataset.confirm;
  yes.textContent = asker.dataset.confirmLabel || yes.dataset.default;
  dialog.showModal();
}, true);

yes.addEventListener("click", () => {
  const { form, submitter, sentence } = waiting;
  dialog.close();
  form.dataset.agreed = sentence;
  form.requestSubmit(submitter ?? undefined);
});
dialog.querySelector("[data-confirm-no]").addEventListener("click", () => dialog.close());
