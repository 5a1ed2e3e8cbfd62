// The result of a merge: choosing what a record says writes it into the box, and typing chooses what is typed.
"use strict";
for (const form of document.querySelectorAll("[data-merge]")) {
  form.addEventListener("change", (event) => {
    const { name, dataset } = event.target;
    if (!name?.startsWith("pick_") || dataset.says === undefined) return;
    const box = form.querySelector(`[data-own="${CSS.escape(name.slice(5))}"]`);
    if (box) box.value = dataset.says;
  });
  form.addEventListener("input", (event) => {
    const field = event.target.dataset.own;
    const own = field && form.querySelector(`[name="pick_${CSS.escape(field)}"][value=own]`);
    if (own) own.checked = true;
  });
}
