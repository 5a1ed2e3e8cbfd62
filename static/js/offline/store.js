// What this device keeps: one person's mission, and the meetings not yet sent with their pictures and voice notes.
// For pages and for the service worker.
"use strict";
self.puente = (() => {
  const CAPTURES = "/meetings/captures/";
  const AT_ONCE = 10;
  // A form that is still being written keeps its pictures; past this time its answer may have got lost, so we ask.
  const SETTLED = 2 * 60 * 1000;
  // What belongs to a page and not to what was said.
  const OWN = new Set(["csrfmiddlewaretoken", "by", "save", "next", "who"]);

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("puente", 2);
      asked.onupgradeneeded = ({ oldVersion }) => {
        const { result } = asked;
        if (oldVersion < 1) {
          result.createObjectStore("kept");
          result.createObjectStore("queue", { keyPath: "n", autoIncrement: true }).createIndex("id", "id", { unique: true });
        }
        result.createObjectStore("files", { keyPath: "id" }).createIndex("capture", "capture");
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
    await ready(id);
    changed();
    const worker = self.registration ?? await navigator.serviceWorker?.getRegistration();
    await worker?.sync?.register("puente.send").catch(() => null);
  }

  // Pictures and voice notes: each waits until its meeting has come, and is known by an id of its own.
  async function attach({ id, user, capture, name, blob }) {
    await on("files", "readwrite", (store) => store.put({ id, user, capture, name, blob, state: "waiting", reason: "", ready: false, at: Date.now() }));
  }

  const filesOf = (capture) => on("files", "readonly", (store) => store.index("capture").getAll(capture));
  const files = async (user) => (await on("files", "readonly", (store) => store.getAll())).filter((file) => file.user === user);
  const detach = (id) => on("files", "readwrite", (store) => store.delete(id));

  // The form is sent, so its files may go too.
  async function ready(capture) {
    const own = await filesOf(capture);
    if (own.length) await on("files", "readwrite", (store) => { for (const file of own) store.put({ ...file, ready: true }); });
  }

  async function discard(capture) {
    const own = await filesOf(capture);
    if (own.length) await on("files", "readwrite", (store) => { for (const { id } of own) store.delete(id); });
  }

  // What a person would miss: everything but the files of a form that is still open.
  const waiting = async (user) => [...await queue(user), ...(await files(user)).filter((file) => file.ready)];

  function changed() {
    new BroadcastChannel("puente").postMessage("queue");
  }

  // One sender at a time in this browser; two would do no harm, since the server knows each capture by its id.
  function send() {
    return navigator.locks.request("puente.send", { ifAvailable: true }, (lock) => (lock ? sendAll() : "busy"));
  }

  async function sendAll() {
    const ask = (options, address = CAPTURES) => fetch(address, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(20_000), ...options });
    try {
      const all = await on("queue", "readonly", (store) => store.getAll());
      const held = (await on("files", "readonly", (store) => store.getAll())).filter(isDue);
      if (!held.length && !all.some((entry) => entry.state === "waiting")) return "sent";
      const door = await ask({});
      if (door.type === "opaqueredirect" || door.status === 404) return "signed out";
      if (!door.ok) return "offline";
      const { user, token } = await door.json();
      const meetings = (await queue(user)).filter((entry) => entry.state === "waiting");
      for (let from = 0; from < meetings.length; from += AT_ONCE) {
        const some = meetings.slice(from, from + AT_ONCE);
        const body = JSON.stringify({ user, captures: some.map(({ id, fields }) => ({ id, fields })) });
        const answer = await ask({ method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
        if (!answer.ok) return answer.type === "opaqueredirect" ? "signed out" : "offline";
        await settle(some, (await answer.json()).answers);
      }
      return await sendFiles(held.filter((file) => file.user === user).slice(0, 50), token, ask);
    } catch {
      return "offline";
    } finally {
      changed();
    }
  }

  const isDue = (file) => file.state === "waiting" && (file.ready || Date.now() - file.at > SETTLED);

  // After the words, which weigh little: only those whose meeting the server has.
  async function sendFiles(some, token, ask) {
    if (!some.length) return "sent";
    const asked = new URLSearchParams(some.map(({ capture }) => ["capture", capture]));
    const door = await ask({}, `${CAPTURES}?${asked}`);
    if (!door.ok) return door.type === "opaqueredirect" ? "signed out" : "offline";
    const stored = new Set((await door.json()).stored);
    for (const file of some.filter(({ capture }) => stored.has(capture))) {
      const body = new FormData();
      body.set("user", file.user);
      body.set("content", file.blob, file.name);
      const signal = AbortSignal.timeout(120_000);
      const answer = await ask({ method: "POST", body, headers: { "X-CSRFToken": token }, signal }, `${CAPTURES}${file.capture}/files/${file.id}/`);
      if (!answer.ok) return answer.type === "opaqueredirect" ? "signed out" : "offline";
      const { state, reason } = await answer.json();
      if (state === "stored") await detach(file.id);
      if (state === "refused") await on("files", "readwrite", (store) => store.put({ ...file, state, reason, ready: true }));
    }
    return "sent";
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

  return { kept, keep, forget, queue, drop, add, send, attach, detach, discard, files, filesOf, ready, waiting };
})();
