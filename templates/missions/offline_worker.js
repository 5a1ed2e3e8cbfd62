// Keeps one page that knows nobody, and shows it where the network is gone. No other page is ever kept.
"use strict";
const { version, files, store, icon } = {% if asked %}{{ asked|safe }}{% else %}{}{% endif %};
const mine = `puente.${version}`;
importScripts(store);

self.addEventListener("install", (event) => {
  const fresh = files.map((address) => new Request(address, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(mine).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("puente.") && name !== mine) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("sync", (event) => {
  if (event.tag === "puente.send") event.waitUntil(puente.send());
});

// A notice with the tag of an earlier one takes its place: what was sent twice is seen once.
self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  const looks = { body: said.body, tag: said.tag, data: { url: said.url }, icon, badge: icon };
  event.waitUntil(self.registration.showNotification(said.title ?? "Puente", looks));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.url ?? "/today/", self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(clients.openWindow(address.href));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && request.method === "GET") return event.respondWith(open(request));
  if (request.mode === "navigate" && request.method === "POST" && address.pathname === "/meetings/new/") {
    return event.respondWith(log(request));
  }
  if (request.method === "GET" && files.includes(address.pathname + address.search)) {
    event.respondWith(caches.match(request, { cacheName: mine }).then((kept) => kept ?? fetch(request)));
  }
});

// A network that only pretends to be there is no network.
async function open(request) {
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, 8000); });
  const asked = fetch(request).catch(() => null);
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  return answer ?? (await shell()) ?? (await asked) ?? Response.error();
}

async function shell() {
  const kept = await puente.kept().catch(() => null);
  return caches.match(`/offline/${kept?.language === "en" ? "en" : "es"}/`, { cacheName: mine });
}

// A log form whose answer never came is kept, to be sent again: the server knows by its id whether it has it.
async function log(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch (gone) {
    try {
      const all = [...await copy.formData()];
      const fields = all.filter(([, value]) => typeof value === "string");
      const said = Object.fromEntries(fields);
      if (!said.by || !said.capture_id || said.pick || said.drop || said.find) return Response.error();
      for (const [, file] of all.filter(([, value]) => value instanceof File && value.size)) {
        await puente.attach({ id: crypto.randomUUID(), user: Number(said.by), capture: said.capture_id, name: file.name, blob: file });
      }
      await puente.add({ id: said.capture_id, user: Number(said.by), fields });
      return Response.redirect("/now/#queue", 303);
    } catch {
      return Response.error();
    }
  }
}
