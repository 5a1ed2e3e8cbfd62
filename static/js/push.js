// Notices on this device: asked for by a button, bound anew to the person who is signed in, ended by signing out.
"use strict";
{
  const place = document.getElementById("push");
  const works = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  const WANTED = "puente.push";
  const part = (name) => place.querySelector(`[data-push-${name}]`);
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

  async function tell(subscription, more) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const body = JSON.stringify({ ...subscription.toJSON(), ...more });
    const answer = await fetch(place.dataset.door, { method: "POST", headers, body, redirect: "manual" });
    return { fine: answer.ok, ...await answer.json() };
  }

  async function subscribe() {
    const worker = await navigator.serviceWorker.register("/service-worker.js");
    await navigator.serviceWorker.ready;
    const key = bytes(place.dataset.key);
    const before = await worker.pushManager.getSubscription();
    const same = before?.options.applicationServerKey && String(new Uint8Array(before.options.applicationServerKey)) === String(key);
    if (before && same) return before;
    await before?.unsubscribe();
    return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }

  async function ask() {
    const button = part("ask"), words = part("words");
    button.disabled = true;
    words.hidden = true;
    try {
      if (await Notification.requestPermission() !== "granted") return show();
      const answer = await tell(await subscribe());
      if (!answer.fine) throw new Error(answer.reason);
      localStorage.setItem(WANTED, place.dataset.user);
      location.reload();
    } catch (fault) {
      words.textContent = fault.message;
      words.hidden = false;
    } finally {
      button.disabled = false;
    }
  }

  function show() {
    if (!part("ask")) return;
    part("never").hidden = works;
    part("denied").hidden = !works || Notification.permission !== "denied";
    part("ask").hidden = !works || Notification.permission === "denied";
  }

  // A new session, or a new key of ours: the server learns of it once a visit. Where it no longer knows this device, neither do we.
  async function renew() {
    if (!works || Notification.permission !== "granted" || localStorage.getItem(WANTED) !== place.dataset.user) return;
    const before = await (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription();
    const now = await subscribe();
    const answer = await tell(now, before?.endpoint === now.endpoint ? { known: true } : {});
    if (answer.known) return;
    localStorage.removeItem(WANTED);
    await now.unsubscribe();
  }

  show();
  part("ask")?.addEventListener("click", ask);
  renew().catch(() => null);
}
