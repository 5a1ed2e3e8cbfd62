// Parts of a page by htmx: the CSRF header, faults told in words, toasts. A toast comes with the page, or by the
// answer's header HX-Trigger: {"toast": {"text": "…", "kind": "error"}}.
"use strict";
{
  const region = () => document.getElementById("toasts");
  const words = (name) => region()?.dataset[name] ?? "";

  function leave(line) {
    setTimeout(() => line.matches(":hover, :focus-within") ? leave(line) : line.remove(), 8000);
  }

  function toast(text, kind = "") {
    const line = document.getElementById("toast-form")?.content.firstElementChild.cloneNode(true);
    if (!line || !text) return;
    line.querySelector("p").textContent = text;
    if (kind) line.classList.add(kind);
    region().append(line);
    if (kind !== "error") leave(line);
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const line of document.querySelectorAll(".toast-line:not(.error)")) leave(line);
  });
  document.addEventListener("click", (event) => {
    event.target.closest("[data-away]")?.closest(".toast-line, .callout").remove();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.kind));
  document.addEventListener("htmx:sendError", () => toast(words("offline"), "error"));
  document.addEventListener("htmx:timeout", () => toast(words("offline"), "error"));
  document.addEventListener("htmx:responseError", (event) => {
    toast(words({ 403: "refused", 503: "gone" }[event.detail.xhr.status] ?? "fault"), "error");
  });
  // A refused form (422) and a stale edit (409) answer with the part to show.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
}
