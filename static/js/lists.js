// Lists: tick rows and see how many. Without scripts the boxes and both buttons are there all the same.
"use strict";
for (const form of document.querySelectorAll("[data-ticks]")) {
  const all = form.querySelector("[data-tick-all]");
  const boxes = [...form.querySelectorAll("input[name=pk]")];
  const [bar, count] = [form.querySelector("[data-ticks-bar]"), form.querySelector("[data-ticks-count]")];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    form.dataset.ticks = ticked ? "on" : "";
    bar.hidden = !ticked;
    count.textContent = ticked ? `${count.dataset.words} ${ticked}` : "";
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}
