/** The desk's service worker: shows a push, and leads to its place. It keeps nothing and answers no request. */
interface Push {
  title: string;
  body: string;
  tag: string;
  place: string;
}

// The types of a worker and those of a page exclude each other; what is used of it stands here.
interface Worker {
  registration: { showNotification(title: string, options: { body: string; tag: string; data: string }): Promise<void> };
  clients: {
    matchAll(options: {
      type: "window";
      includeUncontrolled: true;
    }): Promise<{ url: string; focus(): Promise<unknown>; postMessage(message: { place: string }): void }[]>;
    openWindow(url: string): Promise<unknown>;
  };
  addEventListener(type: "push", hear: (event: Waiting & { data: { json(): Push } | null }) => void): void;
  addEventListener(type: "notificationclick", hear: (event: Waiting & { notification: { data: string; close(): void } }) => void): void;
}
interface Waiting {
  waitUntil(work: Promise<unknown>): void;
}
declare const self: Worker;

self.addEventListener("push", (event) => {
  const push = event.data?.json();
  if (push === undefined) return;
  const { title, body, tag, place } = push;
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: place }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data));
});

/** In a desk that is open already, where there is one. */
async function show(place: string): Promise<void> {
  // The desk's address is above the worker's scope: no desk is the worker's own, so it is told where to go and not led there.
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const desk = windows.find(({ url }) => new URL(url).pathname.startsWith("/desk"));
  if (desk === undefined) {
    await self.clients.openWindow(`/desk#/${place}`);
    return;
  }
  desk.postMessage({ place });
  await desk.focus();
}

export {};
