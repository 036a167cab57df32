import { z } from "zod";
import type { Automation } from "../../../automations/contract.ts";
import type { Bus, Json } from "../../platform/bus/bus.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";

const requestSchema = z.object({
  run: z.string().min(1),
  tenant: z.string().min(1),
  args: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  mode: z.enum(["plan", "run"]),
  conversation: z.string().optional(),
  handedBack: z.object({ by: z.string(), summary: z.string(), at: z.string() }).optional(),
});

/** Serves automations on the bus as the micro services of `protocol.md`; the answer withdraws them, finishing what runs. */
export async function hostAutomations(bus: Pick<Bus, "serve">, automations: readonly Automation[]): Promise<() => Promise<void>> {
  const endings = await Promise.all(automations.map((automation) => host(bus, automation)));
  return async () => {
    await Promise.all(endings.map((end) => end()));
  };
}

async function host(bus: Pick<Bus, "serve">, automation: Automation): Promise<() => Promise<void>> {
  return await bus.serve({
    name: automation.name,
    version: automation.version,
    description: automation.summary,
    metadata: { summary: automation.summary, risk: automation.risk, audience: automation.audience, args: JSON.stringify(automation.args) },
    subject: `automation.${automation.name}`,
    queueGroup: "automations",
    handle: (received) => answerRequest(automation, received),
  });
}

/** The answer of an automation to a request as the contract has it; what goes wrong is an answer too. */
export async function answerRequest(automation: Automation, received: Json): Promise<Json> {
  try {
    const request = requestSchema.safeParse(received);
    if (!request.success) {
      throw new Refusal("invalid_value", "The request is not one for an automation.", {
        path: request.error.issues[0]?.path.join(".") ?? "",
      });
    }
    const { conversation, handedBack, ...rest } = request.data;
    const where = { ...(conversation === undefined ? {} : { conversation }), ...(handedBack === undefined ? {} : { handedBack }) };
    return await automation.answer({ ...rest, ...where });
  } catch (error) {
    return { error: errorBody(error) };
  }
}
