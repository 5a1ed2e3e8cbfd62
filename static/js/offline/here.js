// On every page of a person on a mission: keeps it for the floor, shows what is not yet sent, and asks before signing out.
"use strict";
{
  const place = document.getElementById("unsent");
  const me = Number(place.dataset.user);
  const FRESH = 5 * 60 * 1000;
  const box = document.getElementById("unsent-leaving");
  let leaving = null;

  async function start() {
    const kept = await puente.kept();
    if (kept && (kept.user !== me || kept.mission.id !== Number(place.dataset.mission))) await puente.forget();
    const waiting = await show() || (await puente.files(me)).length;
    if (!place.dataset.mission && !waiting) return;
    await navigator.serviceWorker?.register("/service-worker.js").catch(() => null);
    if (place.dataset.mission) await refresh(kept);
    if (waiting) await puente.send();
  }

  async function refresh(kept) {
    if (kept?.user === me && Date.now() - kept.fetched < FRESH) return;
    const answer = await fetch(place.dataset.kept, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    const mission = await answer.json();
    // A full disk keeps no plan; the log form still says so where something would be lost.
    if (mission.user === me) await puente.keep({ ...mission, fetched: Date.now() }).catch(() => null);
  }

  async function show() {
    const queue = await puente.waiting(me);
    place.hidden = !queue.length;
    place.querySelector("[data-n]").textContent = queue.length;
    return queue.length;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (leaving || new URL(form.action).pathname !== "/logout/") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leaving = form;
    if (await show()) box.showModal();
    else leave();
  }, true);

  // Notices of one person must not show to the next one at this device.
  async function fallSilent() {
    const worker = await navigator.serviceWorker?.getRegistration();
    await (await worker?.pushManager?.getSubscription())?.unsubscribe();
    localStorage.removeItem("puente.push");
  }

  async function leave() {
    await puente.forget().catch(() => null);
    await fallSilent().catch(() => null);
    leaving.requestSubmit();
  }

  box.addEventListener("click", async (event) => {
    const what = event.target.closest("[data-leave]")?.dataset.leave;
    if (what === "stay") box.close();
    if (what === "keep") leave();
    if (what !== "send") return;
    await puente.send();
    if (await show()) box.querySelector("[data-failed]").hidden = false;
    else leave();
  });
  box.addEventListener("close", () => { leaving = null; });

  new BroadcastChannel("puente").onmessage = show;
  window.addEventListener("online", () => puente.send());
  setInterval(async () => { if (await show()) puente.send(); }, 30_000);
  start();
}
