// What this device keeps: one person's mission, and the meetings not yet sent. For pages and for the service worker.
"use strict";
self.puente = (() => {
  const CAPTURES = "/meetings/captures/";
  const AT_ONCE = 10;
  // What belongs to a page and not to what was said.
  const OWN = new Set(["csrfmiddlewaretoken", "by", "save", "next", "who"]);

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("puente", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("kept");
        asked.result.createObjectStore("queue", { keyPath: "n", autoIncrement: true }).createIndex("id", "id", { unique: true });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  // Resolves only when it lies on the disk, so that nobody is told "kept" too early.
  async function on(store, mode, work) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(store, mode, { durability: "strict" });
        const asked = work(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(asked?.result);
        transaction.onabort = () => reject(transaction.error ?? asked?.error);
      });
    } finally {
      database.close();
    }
  }

  const kept = () => on("kept", "readonly", (store) => store.get("mission"));
  const keep = (mission) => on("kept", "readwrite", (store) => store.put(mission, "mission"));
  const forget = () => on("kept", "readwrite", (store) => store.clear());
  const queue = async (user) => (await on("queue", "readonly", (store) => store.getAll())).filter((entry) => entry.user === user);
  const drop = (n) => on("queue", "readwrite", (store) => store.delete(n));

  async function add({ id, user, fields, label = "" }) {
    const said = fields.filter(([name]) => !OWN.has(name));
    const waiting = await on("queue", "readonly", (store) => store.index("id").get(id));
    const entry = { id, user, label, fields: said, state: "waiting", reason: "", at: Date.now() };
    if (waiting) entry.n = waiting.n;
    await on("queue", "readwrite", (store) => store.put(entry));
    changed();
    const worker = self.registration ?? await navigator.serviceWorker?.getRegistration();
    await worker?.sync?.register("puente.send").catch(() => null);
  }

  function changed() {
    new BroadcastChannel("puente").postMessage("queue");
  }

  // One sender at a time in this browser; two would do no harm, since the server knows each capture by its id.
  function send() {
    return navigator.locks.request("puente.send", { ifAvailable: true }, (lock) => (lock ? sendAll() : "busy"));
  }

  async function sendAll() {
    const ask = (options) => fetch(CAPTURES, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(20_000), ...options });
    try {
      const all = await on("queue", "readonly", (store) => store.getAll());
      if (!all.some((entry) => entry.state === "waiting")) return "sent";
      const door = await ask({});
      if (door.type === "opaqueredirect" || door.status === 404) return "signed out";
      if (!door.ok) return "offline";
      const { user, token } = await door.json();
      const waiting = (await queue(user)).filter((entry) => entry.state === "waiting");
      for (let from = 0; from < waiting.length; from += AT_ONCE) {
        const some = waiting.slice(from, from + AT_ONCE);
        const body = JSON.stringify({ user, captures: some.map(({ id, fields }) => ({ id, fields })) });
        const answer = await ask({ method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
        if (!answer.ok) return answer.type === "opaqueredirect" ? "signed out" : "offline";
        await settle(some, (await answer.json()).answers);
      }
      return "sent";
    } catch {
      return "offline";
    } finally {
      changed();
    }
  }

  async function settle(sent, answers) {
    for (const entry of sent) {
      const answer = answers.find(({ id }) => id === entry.id);
      if (answer?.state === "stored") await drop(entry.n);
      if (answer?.state === "refused") {
        await on("queue", "readwrite", (store) => store.put({ ...entry, state: "refused", reason: answer.reason }));
      }
    }
  }

  return { kept, keep, forget, queue, drop, add, send };
})();
