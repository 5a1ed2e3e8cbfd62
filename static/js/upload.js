// A file that is too large is named before it is sent: <input type="file" data-most="bytes" data-too-big="words">.
"use strict";
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("input[type=file][data-most]")) return;
  const isTooBig = [...field.files].some((file) => file.size > Number(field.dataset.most));
  field.setCustomValidity(isTooBig ? field.dataset.tooBig : "");
  field.reportValidity();
});
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("input[type=file][data-most]");
  if (field && !field.checkValidity() && field.validity.customError) {
    event.preventDefault();
    event.stopImmediatePropagation();
    field.reportValidity();
  }
}, true);
