import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, CommandResult, StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import type { AskOutside } from "../../platform/outside/askOutside.ts";
import type { OutsideRules } from "../../platform/outside/outsideAddress.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { viewOf } from "../operationCommands.ts";
import type { DraftRequest } from "./drafts/draft.ts";
import { fromCurl } from "./drafts/fromCurl.ts";
import { fromOpenApi } from "./drafts/fromOpenApi.ts";
import { listOperations, readDocument } from "./drafts/openApiDocument.ts";
import { type SecretOutside, saveRequestSecret } from "./saveRequestSecret.ts";

type Call = CommandCall<AccountPrincipal>;

export interface RequestCommandOutside extends SecretOutside {
  rules: OutsideRules;
  /** The one door out. */
  ask: AskOutside;
}

const callsShown = 200;

/** What people need to make API calls: drafts from what they have elsewhere, and the secrets of credentials. */
export function requestCommands(outside: RequestCommandOutside): StaffCommand[] {
  const define = commandsOf("operation", { risk: "read", permission: "operations.manage", audited: "never" });

  return [
    define(
      "secret",
      "Keeps the secret of an API call's credential, for the host where its latest version leads; empty it is forgotten.",
      {
        name: { type: "string", description: "The operation's name.", maxLength: 100 },
        secret: { type: "string", format: "password", description: "Kept sealed; never shown.", maxLength: 4000, clearable: true },
        version: { type: "integer", description: "The version whose host it is for, where that isn't the latest.", minimum: 1 },
      },
      ["name", "secret"],
      async ({ principal, args }) => {
        const { name, secret, version } = args;
        const saved = viewOf(
          await saveRequestSecret(outside, principal, {
            name: String(name).trim().toLowerCase(),
            secret: String(secret),
            ...(typeof version === "number" ? { version } : {}),
          }),
        );
        const told = secret === "" ? "is forgotten" : `is kept for ${saved.secret?.origins.join(" and ")}`;
        return { messages: [{ text: `The secret of "${saved.name}" ${told}.` }], data: { operation: saved } };
      },
      { risk: "write", audited: "itself", stepUp: true },
    ),
    define(
      "from-curl",
      "Reads a line of curl as a draft of an API call; nothing is sent, and nothing kept.",
      { curl: { type: "string", format: "password", description: "The line, which begins with curl; a secret in it is taken out." } },
      ["curl"],
      async ({ args }) => drafted(fromCurl(String(args["curl"]), outside.rules)),
    ),
    define(
      "from-openapi",
      "Reads an OpenAPI document: lists its calls, or makes a draft of the one that is named.",
      {
        document: { type: "string", format: "password", description: "JSON or YAML, pasted." },
        url: { type: "string", description: "Where the document is, instead of pasting it.", maxLength: 2000 },
        method: { type: "string", description: "Of the call: GET.", maxLength: 10 },
        path: { type: "string", description: "Of the call, as the document writes it: /orders/{id}.", maxLength: 500 },
        server: { type: "string", description: "Where the API is, if the document doesn't say it.", maxLength: 500 },
        "client-id": { type: "string", description: "Of OAuth 2 client credentials.", maxLength: 500 },
      },
      [],
      async (call) => await fromDocument(outside, call),
    ),
  ];
}

async function fromDocument(outside: RequestCommandOutside, { args, work }: Call): Promise<CommandResult> {
  const { document, url, method, path, server, "client-id": clientId } = args;
  if ((document === undefined) === (url === undefined))
    throw new Refusal("invalid_value", "Paste the document, or say where it is.", { path: "document" });
  const text = document === undefined ? await fetched(outside, String(url), work.signal) : String(document);
  if (method !== undefined && path !== undefined)
    return drafted(
      fromOpenApi(
        text,
        {
          method: String(method),
          path: String(path),
          ...(server === undefined ? {} : { server: String(server) }),
          ...(clientId === undefined ? {} : { clientId: String(clientId) }),
        },
        outside.rules,
      ),
    );
  const calls = listOperations(readDocument(text));
  if (calls.length === 0) throw new Refusal("invalid_value", "The document has no calls.", { path: "document" });
  const shown = calls.slice(0, callsShown);
  const columns = ["method", "path", "summary"].map((name) => ({ name, type: "text" }));
  const rows = shown.map((each) => [each.method, each.path, each.summary]);
  return {
    messages: [
      {
        text: `The document has ${counted(calls.length, "call")}.`,
        blocks: [{ type: "table", columns, rows, truncated: shown.length < calls.length }],
      },
    ],
    data: { calls },
  };
}

async function fetched({ ask }: RequestCommandOutside, url: string, signal: AbortSignal): Promise<string> {
  const headers = { Accept: "application/json, application/yaml;q=0.9, */*;q=0.5", "User-Agent": "Switchboard" };
  try {
    const answer = await ask(url, { method: "GET", headers, signal });
    if (answer.ok) return await answer.text();
    throw new Refusal("invalid_value", `The host answered ${answer.status}, and not with the document.`);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal("invalid_value", error.message, { path: "url", cause: error });
    throw error;
  }
}

/** The secret goes to whoever pasted it, and is kept nowhere. */
function drafted({ definition, parameters, values, secret, notes }: DraftRequest): CommandResult {
  const asks = parameters.length === 0 ? "" : ` with ${counted(parameters.length, "parameter")}`;
  const taken = secret === undefined ? [] : ["The secret was taken out; it belongs to the credential."];
  return {
    messages: [{ text: [`${definition.method} ${definition.url}${asks}.`, ...taken, ...notes].join("\n") }],
    data: { request: definition, parameters, values, notes },
    ...(secret === undefined ? {} : { once: { secret } }),
  };
}

function counted(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
