import { z } from "zod";
import { unauthenticated } from "../access/authenticate.ts";
import type { Caller } from "./callers.ts";
import type { HttpDependencies, ReceivingChannel } from "./dependencies.ts";
import { type Answer, nothing, type Operation, operation } from "./operation.ts";
import { rawBody } from "./rawBody.ts";

const query = z.strictObject({ tenant: z.string().max(100).meta({ description: "The tenant's short name." }) });

const answer = z
  .discriminatedUnion("result", [
    z.strictObject({ result: z.literal("received"), conversation: z.uuid(), seq: z.int() }),
    z.strictObject({
      result: z.literal("passedOver"),
      reason: z.string().meta({ description: "Why nobody is to answer it.", examples: ["autoReply", "bounce"] }),
    }),
  ])
  .meta({ id: "ChannelAnswer" });

/** What the services of channels bring: the same address, checks and answer for each of them. */
export function channelOperations({ channels = [] }: Pick<HttpDependencies, "channels">): Operation[] {
  return channels.map(({ channel, receive, note }: ReceivingChannel) =>
    operation({
      method: "post",
      path: `/channels/${channel.name}/messages`,
      id: `receive${channel.name.charAt(0).toUpperCase()}${channel.name.slice(1)}`,
      tag: "Channels",
      summary: channel.door.summary,
      caller: bySignature(channel.door.signature),
      params: nothing,
      query,
      body: z.instanceof(Buffer),
      reads: rawBody(channel.door),
      answers: { statuses: { 200: "What became of it; the same again gets the same." }, schema: answer },
      handle: async ({ query: given, header, body }): Promise<Answer<z.output<typeof answer>>> => {
        const tenant = await channel.verify({ query: given, header, body });
        const translated = await channel.translate(tenant, body);
        if (translated.kind === "message")
          return { status: 200, body: { result: "received", ...(await receive(tenant, translated.message)) } };
        if (translated.note !== undefined) await note(tenant, translated.note.conversation, translated.note.text);
        return { status: 200, body: { result: "passedOver", reason: translated.reason } };
      },
    }),
  );
}

/** Who says nothing of a signature is not read at all; whether it is right, the channel sees by the body. */
function bySignature(header: string): Caller<undefined> {
  return {
    security: [{ webhook: [] }],
    needs: "anybody",
    find: async (request) => {
      if (request.get(header) === undefined) throw unauthenticated();
    },
  };
}
