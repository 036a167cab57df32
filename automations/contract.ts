/**
 * What an automation is: a name, what it takes, and what it answers. The only file that an automation sees.
 * Each is served as a NATS micro service on `automation.<name>`; anything that speaks that contract can stand in for one.
 */
export interface Automation {
  /** kebab-case, without a dot; the command's name. */
  name: string;
  version: string;
  /** One sentence for help. */
  summary: string;
  risk: "read" | "write" | "destructive";
  /** Who may run it: staff, unless it says visitor. */
  audience: "visitor" | "staff";
  /** JSON Schema; the properties stand in the order in which they are written. */
  args: { type: "object"; properties: Record<string, object>; required?: readonly string[]; additionalProperties?: boolean };
  answer(request: AutomationRequest): Promise<AutomationAnswer> | AutomationAnswer;
}

export interface AutomationRequest {
  /** The idempotency key: the same run may be asked for again, its effect happens once. */
  run: string;
  tenant: string;
  args: Readonly<Record<string, string | number | boolean>>;
  mode: "plan" | "run";
  conversation?: string;
  /** What a person found out before they handed the conversation back; the last time, and only where they said it. */
  handedBack?: { by: string; summary: string; at: string };
}

export interface AutomationAnswer {
  messages: { text: string; blocks?: object[] }[];
  data?: object | string | number | boolean | null;
}

export function defineAutomation(automation: Automation): Automation {
  return automation;
}
