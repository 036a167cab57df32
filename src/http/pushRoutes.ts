import { v7 as newId } from "uuid";
import { z } from "zod";
import { deleteSubscription, saveSubscription } from "../notices/noticeStore.ts";
import { isPushService } from "../notices/sendPush.ts";
import { Refusal } from "../protocol/refusal.ts";
import { byPerson } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";

const key = (bytes: number) =>
  z
    .string()
    .max(200)
    .refine((text) => Buffer.from(text, "base64url").length === bytes, `must be ${bytes} bytes in base64url`);

const endpoint = z.string().max(1000, "1,000 characters is the limit").meta({ description: "As the browser's subscription has it." });

const subscriptionBody = z
  .strictObject({
    endpoint,
    expirationTime: z.number().nullish(),
    keys: z.strictObject({ p256dh: key(65), auth: key(16) }),
  })
  .meta({ id: "PushSubscription" });

const keyAnswer = z.strictObject({ publicKey: z.string().meta({ description: "The application server key, base64url." }) });

/** The caller's browsers, which take notices as pushes. */
export function pushOperations(deps: HttpDependencies): Operation[] {
  const { push } = deps;
  if (push === undefined) return [];
  const common = { tag: "Notices", caller: byPerson(deps), params: nothing, query: nothing } as const;
  return [
    operation({
      ...common,
      method: "get",
      path: "/api/v1/push-subscriptions/key",
      id: "readPushKey",
      summary: "The key with which a browser subscribes.",
      body: noBody,
      answers: { statuses: { 200: "The key." }, schema: keyAnswer },
      handle: async () => ({ status: 200, body: { publicKey: push.publicKey } }),
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/push-subscriptions",
      id: "subscribeToPush",
      summary: "Has your notices pushed to this browser; its address must be one of a push service.",
      body: subscriptionBody,
      answers: { statuses: { 204: "It is kept." }, schema: noBody },
      handle: async ({ caller, body: { endpoint: address, keys } }) => {
        if (!isPushService(address, push.allowedHosts))
          throw new Refusal("invalid_value", '"endpoint" must be an address of a push service that is known here.', { path: "endpoint" });
        await saveSubscription(deps.database.forTenant(caller.tenant), caller.account, { id: newId(), endpoint: address, ...keys });
        return { status: 204 };
      },
    }),
    operation({
      ...common,
      method: "delete",
      path: "/api/v1/push-subscriptions",
      id: "unsubscribeFromPush",
      summary: "Ends the pushes to a browser.",
      body: z.strictObject({ endpoint }).meta({ id: "PushEnd" }),
      answers: { statuses: { 204: "It is ended." }, schema: noBody },
      handle: async ({ caller, body }) => {
        await deleteSubscription(deps.database.forTenant(caller.tenant), caller.account, body.endpoint);
        return { status: 204 };
      },
    }),
  ];
}
