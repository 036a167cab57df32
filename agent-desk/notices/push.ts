import { requestAsMe } from "../session/session.ts";

export type PushState = "impossible" | "refused" | "off" | "on";

/** Whether this browser shows notices while the desk is closed. */
export async function pushState(): Promise<PushState> {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return "impossible";
  if (Notification.permission === "denied") return "refused";
  const registration = await navigator.serviceWorker.getRegistration("/desk/");
  return (await registration?.pushManager.getSubscription()) ? "on" : "off";
}

/** Asks for permission and subscribes. */
export async function startPush(): Promise<PushState> {
  if ((await Notification.requestPermission()) !== "granted") return await pushState();
  const { publicKey } = await requestAsMe<{ publicKey: string }>({ method: "GET", path: "push-subscriptions/key" });
  const registration = await registerWorker();
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  await requestAsMe({ method: "POST", path: "push-subscriptions", body: subscription.toJSON() });
  return "on";
}

/** Answers when it works. Not by `ready`, which waits for a worker of this page: the desk's address is above the scope. */
async function registerWorker(): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register("/desk/worker.js", { scope: "/desk/" });
  const worker = registration.installing ?? registration.waiting;
  if (registration.active === null && worker !== null)
    await new Promise<void>((resolve) =>
      worker.addEventListener("statechange", () => {
        if (worker.state === "activated" || worker.state === "redundant") resolve();
      }),
    );
  return registration;
}

/** Goes where the worker says: somebody pressed what a push showed. Answers what ends it. */
export function followPushes(): () => void {
  // Where the address isn't secure there are none.
  if (!("serviceWorker" in navigator)) return () => {};
  const follow = ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "object" && data !== null && "place" in data && typeof data.place === "string") location.hash = `/${data.place}`;
  };
  navigator.serviceWorker.addEventListener("message", follow);
  navigator.serviceWorker.startMessages();
  return () => navigator.serviceWorker.removeEventListener("message", follow);
}

export async function stopPush(): Promise<PushState> {
  const registration = await navigator.serviceWorker.getRegistration("/desk/");
  const subscription = await registration?.pushManager.getSubscription();
  if (subscription) {
    await requestAsMe({ method: "DELETE", path: "push-subscriptions", body: { endpoint: subscription.endpoint } });
    await subscription.unsubscribe();
  }
  return await pushState();
}
