import { z } from "zod";
import { acceptInvitation, readInvitation } from "../access/members/acceptInvitation.ts";
import { accountOutside } from "./accountRoutes.ts";
import { fromOurPages } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { nothing, type Operation, operation } from "./operation.ts";

const token = z.string().min(1, "the link's token is needed").max(200, "this is no token of ours");
const readBody = z.strictObject({ token }).meta({ id: "InvitationToken" });
const acceptBody = z
  .strictObject({
    token,
    name: z.string().max(80, "80 characters is the limit").optional().meta({ description: "Where there is no account yet." }),
    password: z.string().max(1000).optional().meta({ description: "Where there is no account yet." }),
  })
  .meta({ id: "InvitationAccepted" });
const invited = z
  .strictObject({
    email: z.string(),
    tenant: z.string(),
    hasAccount: z.boolean().meta({ description: "Whether it is accepted without a name and a password." }),
  })
  .meta({ id: "Invited" });

/** For whoever holds an invitation's link, and for nobody else. */
export function invitationOperations(deps: HttpDependencies): Operation[] {
  const outside = accountOutside(deps);
  const common = { tag: "Account", method: "post", params: nothing, query: nothing, caller: fromOurPages(deps.config.publicUrl) } as const;
  return [
    operation({
      ...common,
      path: "/api/v1/invitation",
      id: "readInvitation",
      summary: "To where a mailed link invites.",
      body: readBody,
      answers: { statuses: { 200: "Where, and as whom." }, schema: invited },
      handle: async ({ body }) => ({ status: 200, body: await readInvitation(outside, body.token) }),
    }),
    operation({
      ...common,
      path: "/api/v1/invitation/acceptance",
      id: "acceptInvitation",
      summary: "Accepts an invitation, which proves the address; then one signs in as always.",
      body: acceptBody,
      answers: { statuses: { 200: "They have a place there." }, schema: invited },
      handle: async ({ body, address, requestId }) => ({
        status: 200,
        body: await acceptInvitation(outside, body, { address, requestId }),
      }),
    }),
  ];
}
