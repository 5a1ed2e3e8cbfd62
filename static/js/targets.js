// The target list by keyboard: 1 to 6 move what is ticked, or else the row one stands on; s goes to the menu of the rest.
"use strict";
{
  const form = document.querySelector("[data-targets]");
  const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, dialog");
  const boxes = () => [...form.querySelectorAll("input[name=pk]")];

  // Where none is ticked the row itself is meant.
  function tickRow() {
    if (boxes().some((box) => box.checked)) return true;
    const box = form.querySelector("[aria-current=true] input[name=pk]");
    if (box) box.click();
    return Boolean(box);
  }

  document.addEventListener("keydown", (event) => {
    if (!form || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const button = form.querySelector(`[data-move="${CSS.escape(event.key)}"]`);
    if (button && tickRow()) {
      event.preventDefault();
      button.click();
    } else if (event.key === "s" && tickRow()) {
      event.preventDefault();
      document.getElementById("set").focus();
    }
  });

  // A decline wants its reason before it is sent.
  form?.addEventListener("submit", (event) => {
    const because = document.getElementById("because");
    if (event.submitter?.value === "declined" && !because.value.trim()) {
      event.preventDefault();
      because.focus();
      because.reportValidity();
    }
  });

  // Enter in the reason declines; in the menu it sets.
  document.getElementById("because")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[value=declined]"));
  });

  // Back from a move: one goes on where one was.
  const row = location.hash.startsWith("#target-") && document.getElementById(location.hash.slice(1));
  if (row) {
    row.setAttribute("aria-current", "true");
    row.querySelector("[data-row-link]").focus({ preventScroll: true });
  }
}
