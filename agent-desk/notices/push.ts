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
  await navigator.serviceWorker.register("/desk/worker.js", { scope: "/desk/" });
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  await requestAsMe({ method: "POST", path: "push-subscriptions", body: subscription.toJSON() });
  return "on";
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
