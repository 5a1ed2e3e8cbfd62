// Forms: a question before what is hard to undo, no second submit, text fields that grow, fields filled by one tap.
"use strict";
{
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // The button's own name and value must still travel, so it is switched off only once the form is on its way. It comes
  // back after a while, for an answer that is a file or never arrives, and when a person returns to the page.
  const buttonsOf = (form) => [...form.elements].filter((field) => field.matches("button, input[type=submit]"));
  function usable(form) {
    delete form.dataset.sent;
    for (const button of buttonsOf(form)) button.disabled = false;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => buttonsOf(form).forEach((button) => { button.disabled = true; }));
    setTimeout(() => usable(form), 10_000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(usable));

  function grow(area) {
    if (CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }
  document.addEventListener("input", (event) => event.target.matches("textarea") && grow(event.target));

  // <select data-submit> or a check box in a filter bar: sends its form at once; without scripts a button does.
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submit]")) event.target.form?.requestSubmit();
  });

  // <button data-fill='{"login": "…"}'>: writes into the fields of that name, and sends the form where data-send says so.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    const form = document.querySelector(button.dataset.form) ?? button.form;
    for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
      if (form?.elements[name]) form.elements[name].value = value;
    }
    if (button.hasAttribute("data-send")) form?.requestSubmit();
  });

  // The summary of errors is read out first.
  document.addEventListener("DOMContentLoaded", () => document.querySelector(".error-summary")?.focus());
  document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector?.(".error-summary")?.focus());

  // What somebody was writing stays in this browser only as long as they are signed in.
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname !== "/logout/") return;
    for (const key of Object.keys(localStorage)) if (key.startsWith("puente.draft.")) localStorage.removeItem(key);
  });
}
