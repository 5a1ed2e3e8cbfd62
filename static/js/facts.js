// A fact that is edited in its place: Esc leaves the form as its link "Cancel" does. Enter sends it, as forms do.
"use strict";
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest(".fact-form");
  if (!form || form.querySelector("[role=combobox][aria-expanded=true]")) return;
  event.preventDefault();
  event.stopPropagation();
  form.querySelector("[data-leave]").click();
}, true);
