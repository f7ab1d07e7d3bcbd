// Keeps the page's shell on the phone. What the API says is never kept here: that is the page's own affair.

const VERSION = "{{version}}";
const BASE = "{{base}}";
const FILES = {{files}};
const SHELL = `manzil-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL);
    await cache.addAll(["/", "/manifest.webmanifest", ...FILES.map((file) => `${BASE}/${file}`)]);
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    // A newer shell waits until no page of the older one is open: modules of two versions never meet.
    const old = (await caches.keys()).filter((name) => name.startsWith("manzil-") && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/web/")) event.respondWith(lasting(request));
  else if (request.mode === "navigate" && url.pathname === "/") event.respondWith(page(request));
  else if (url.pathname === "/manifest.webmanifest") event.respondWith(lasting(request));
});

/** A file that never changes: from the phone, else from the net, and then kept. */
async function lasting(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  // Other pages' files are not this one's business.
  if (answer.ok && /\/web\/[^/]+\/(shared|migrant|locales\/(shared|migrant))\//.test(request.url)) {
    const cache = await caches.open(SHELL);
    await cache.put(request, answer.clone());
  }
  return answer;
}

/** The page: the newest if the net is quick, else the one that is kept. */
async function page(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(3000) });
    if (answer.ok) return answer;
  } catch {
    // No net, or a slow one.
  }
  return (await cache.match("/", { ignoreVary: true })) ?? fetch(request);
}
