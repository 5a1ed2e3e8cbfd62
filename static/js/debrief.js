// The evening debrief by keyboard: when a row is settled the next one is at hand, else what it still lacks.
"use strict";
{
  const FIELDS = "input:not([type=hidden]), select, textarea, button";

  // A letter that presses a label puts the cursor into its field.
  document.addEventListener("click", (event) => {
    const label = event.target.closest("label[data-key][for]");
    if (label) document.getElementById(label.htmlFor)?.focus();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const row = document.getElementById(event.detail.target.id);
    if (!row?.matches(".debrief-row")) return;
    const rows = [...document.querySelectorAll(".debrief-row")];
    const next = row.hasAttribute("data-unsettled")
      ? row
      : rows.slice(rows.indexOf(row) + 1).find((other) => other.hasAttribute("data-unsettled"));
    document.querySelector("[data-rows] [aria-current=true]")?.removeAttribute("aria-current");
    (next ?? row).setAttribute("aria-current", "true");
    (next?.querySelector(FIELDS) ?? row.querySelector("a"))?.focus({ preventScroll: true });
    (next ?? row).scrollIntoView({ block: "nearest" });
  });
}
