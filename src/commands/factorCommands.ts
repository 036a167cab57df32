import type { AccountOutside } from "../access/accounts/accountOutside.ts";
import { startFactorReset } from "../access/factors/resetSecondFactor.ts";
import type { StaffCommand } from "./command.ts";
import { settingsCommand } from "./settingsCommand.ts";

/** `agent.reset-factor`, for a colleague who lost phone and recovery codes. */
export function factorCommands(outside: AccountOutside): StaffCommand[] {
  return [
    {
      ...settingsCommand(
        "agent.reset-factor",
        "Begins to reset a colleague's second factor: they confirm it by mail, and a day later it counts no more.",
        { email: { type: "string", description: "The colleague's mail address.", maxLength: 254 } },
        ["email"],
        async ({ principal, args }) => {
          const { name, account } = await startFactorReset(outside, principal, String(args["email"]));
          const text = `${name} was mailed a link. A day after they open it, their second factor counts no more.`;
          return { messages: [{ text }], data: { agent: account } };
        },
        "people.manage",
      ),
      audited: "itself",
      stepUp: true,
    },
  ];
}
