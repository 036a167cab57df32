import { z } from "zod";
import { unauthenticated } from "../access/authenticate.ts";
import type { Channel, ChannelDoor } from "../conversations/ledger/channel.ts";
import type { Caller } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { rawBody } from "./rawBody.ts";

const query = z.looseObject({});
const none = Buffer.alloc(0);

/** The addresses that the services of channels call: the same checks and answers for each of them. */
export function channelOperations({ channels = [] }: Pick<HttpDependencies, "channels">): Operation[] {
  return channels.flatMap((channel) => channel.doors.map((door) => doorOperation(channel, door)));
}

function doorOperation(channel: Channel, door: ChannelDoor): Operation {
  const common = {
    method: door.method,
    path: `/channels/${channel.name}/${door.path}`,
    id: door.id,
    tag: "Channels",
    summary: door.summary,
    caller: byService(door),
    params: nothing,
    query,
    answers: { statuses: { 200: door.answers.says }, schema: door.answers.schema },
  } as const;
  if (door.method === "get")
    return operation({ ...common, body: noBody, handle: ({ query: given, header }) => door.answer({ query: given, header, body: none }) });
  return operation({
    ...common,
    body: z.instanceof(Buffer),
    reads: rawBody(door),
    handle: ({ query: given, header, body }) => door.answer({ query: given, header, body }),
  });
}

/** Who says nothing of a signature is not read at all; whether it is right, the channel sees by the head, or by the body. */
function byService({ signature, admit }: ChannelDoor): Caller<undefined> {
  return {
    security: [{ webhook: [] }],
    needs: "anybody",
    find: async (request) => {
      if (signature !== undefined && request.get(signature) === undefined) throw unauthenticated();
      await admit?.({ query: { ...request.query }, header: (name) => request.get(name) });
    },
  };
}
