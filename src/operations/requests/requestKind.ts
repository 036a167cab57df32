import type { Principal } from "../../access/principal.ts";
import type { CommandResult } from "../../commands/command.ts";
import type { OutsideRules } from "../../platform/outside/outsideAddress.ts";
import type { PlannedChange, Risk } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { KindOfOperation, OperationCall } from "../operationKind.ts";
import { describeRequest } from "./credential.ts";
import { defineRequest } from "./defineRequest.ts";
import { fillRequest } from "./fillRequest.ts";
import type { AnswerBody, FilledRequest, Method, RequestDefinition, RequestOutcome } from "./request.ts";
import type { SendRequest } from "./sendRequest.ts";
import { shownAnswer } from "./shownAnswer.ts";

interface Outside {
  send: SendRequest;
  rules: OutsideRules;
  /** Of an operation, for where this definition leads and for no other place. */
  secretOf(of: { tenant: string; operation: string; definition: RequestDefinition }): Promise<string | undefined>;
}

type Call = Omit<OperationCall, "run" | "work">;

/** Operations that ask an address somewhere else. What changes something there is done once, and is uncertain where nobody knows. */
export function requestKind({ send, rules, secretOf }: Outside): KindOfOperation {
  const defined = (body: unknown, { parameters, values }: Call) => {
    const definition = defineRequest(body, parameters, rules);
    return { definition, filled: fillRequest(definition, parameters, values, rules) };
  };
  return {
    check: async (written, { parameters }) => {
      const definition = defineRequest(written, parameters, rules);
      return { body: definition, risk: riskOf(definition.method) };
    },
    plan: async (body, call) => ({ changes: plannedOf(defined(body, call).filled) }),
    run: async (body, call) => {
      const { definition, filled } = defined(body, call);
      const { principal, operation, work } = call;
      const secret = operation === undefined ? undefined : await secretOf({ tenant: principal.tenant, operation, definition });
      if (definition.credential !== undefined && secret === undefined) throw secretMissing(definition);
      const sending = { tenant: principal.tenant, signal: work.signal, ...(secret === undefined ? {} : { secret }) };
      const ask = async (key: string) => answeredOr(await send(filled, { ...sending, key: key || call.run }), principal);
      const check = `Look at ${new URL(filled.url).host} whether it was done.`;
      const answered = riskOf(filled.method) === "read" ? await ask("") : await work.effect({ step: "request", check }, ask);
      return resultOf(definition, answered);
    },
  };
}

function riskOf(method: Method): Risk {
  if (method === "GET" || method === "HEAD") return "read";
  return method === "DELETE" ? "destructive" : "write";
}

const bodyShown = 2000;

/** What will be sent, with dots in place of what is secret. */
function plannedOf(filled: FilledRequest): PlannedChange[] {
  const { method, url, headers, body = "" } = describeRequest(filled);
  const cut = body.length > bodyShown ? `${body.slice(0, bodyShown).toWellFormed()}…` : body;
  return [
    { text: `It sends ${method} ${url}.`, kind: "send", count: 1 },
    ...Object.entries(headers).map(([name, value]) => ({ text: `${name}: ${value}` })),
    ...(cut === "" ? [] : [{ text: cut }]),
  ];
}

function secretMissing({ url }: RequestDefinition): Refusal {
  const host = new URL(/^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? url).host;
  return new Refusal("invalid_value", `The secret of the credential is missing: "operation.secret" takes it for ${host}.`, {
    path: "request.credential",
  });
}

type Answered = { status: number; body: AnswerBody };

/**
 * What a host, an address or the network did to a call, as a refusal: `automation_away` where nothing left us, `automation_timeout` where nobody
 * knows, `automation_failed` where the host refused or failed. `unavailable` is kept for outages of our own, after which a turn is begun anew.
 */
function answeredOr(outcome: RequestOutcome, principal: Principal): Answered {
  switch (outcome.kind) {
    case "notSent":
      if (outcome.code === "invalid_value") throw new Refusal("invalid_value", outcome.message, { path: "request.url" });
      throw new Refusal(outcome.code === "unavailable" ? "automation_away" : "automation_failed", outcome.message);
    case "unanswered":
    case "uncertain":
      throw new Refusal("automation_timeout", outcome.message);
    case "answered": {
      const { ok, status, message, body, retryAfterMs } = outcome;
      if (ok) return { status, body };
      throw new Refusal("automation_failed", `${message}${said(body, principal)}`, retryAfterMs === undefined ? {} : { retryAfterMs });
    }
  }
}

const saidLongest = 200;

/** What the host itself says of it, for the staff: a visitor is told nothing from behind the counter. */
function said(body: AnswerBody, principal: Principal): string {
  const text = body.kind === "text" ? body.text : body.kind === "json" ? JSON.stringify(body.json) : "";
  if (principal.kind === "visitor" || text === "") return "";
  return ` It says: ${text.length > saidLongest ? `${text.slice(0, saidLongest).toWellFormed()}…` : text}`;
}

function resultOf({ method, answer }: RequestDefinition, { status, body }: Answered): CommandResult {
  const { message, data, unmapped } = shownAnswer(answer, body);
  // What changed something has happened, whatever can be read from its answer.
  if (unmapped && riskOf(method) === "read") throw new Refusal("automation_failed", message.text);
  const text = unmapped ? `It was sent, and answered with ${status}. ${message.text}` : message.text;
  return { messages: [{ ...message, text }], data: { status, ...data } };
}
