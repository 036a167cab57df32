import { z } from "zod";

/** What a sign-in answers. */
export const sessionAnswer = z.object({ accessToken: z.string(), account: z.object({ id: z.string(), name: z.string() }) });
export const ticketAnswer = z.object({ ticket: z.string() });
/** What a command refused answers only its error. */
export const runAnswer = z.object({
  state: z.string().default("refused"),
  error: z.object({ code: z.string(), message: z.string() }).nullish(),
  /** Of a change of who answers: which change it was. */
  data: z.object({ generation: z.number().optional() }).nullish().catch(null),
});
export type Run = z.infer<typeof runAnswer>;
