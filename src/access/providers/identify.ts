import { Refusal } from "../../protocol/refusal.ts";
import type { AccountOutside } from "../accounts/accountOutside.ts";
import type { TakenFlow } from "./flow.ts";
import type { ProvidedIdentity, Provider } from "./provider.ts";

/** Who the provider says came back. Why it failed is logged by what is told alone, for what a provider answers may hold secrets. */
export async function identify(
  { log }: Pick<AccountOutside, "log">,
  provider: Provider,
  { returned, attempt }: TakenFlow,
): Promise<ProvidedIdentity> {
  try {
    return await provider.identify(returned, attempt);
  } catch (error) {
    const told = error instanceof Refusal ? { code: error.code, why: error.message } : { err: error };
    log.warn({ provider: provider.place, ...told }, "a provider's answer was refused");
    throw error;
  }
}
