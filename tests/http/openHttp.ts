import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import request from "supertest";
import { createChartDrawer } from "../../src/channels/charts/chartPicture.ts";
import { approvalCommands } from "../../src/commands/approvals/approvalCommands.ts";
import type { Command } from "../../src/commands/command.ts";
import { meCommands } from "../../src/commands/meCommands.ts";
import { createRegistry } from "../../src/commands/registry.ts";
import { runCommands } from "../../src/commands/runs/runCommands.ts";
import { createInboxDirectory } from "../../src/conversations/inboxes/inboxes.ts";
import { createFileAddresses } from "../../src/files/fileAddresses.ts";
import { createPictureReader } from "../../src/files/pictures.ts";
import { createUploadLimits } from "../../src/files/uploadLimits.ts";
import type { HttpDependencies } from "../../src/http/dependencies.ts";
import { answerBrokenRequest } from "../../src/http/errors.ts";
import { createHttpApp } from "../../src/http/httpApp.ts";
import type { PublicInbox } from "../../src/protocol/inbox.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";
import { keepSecretsOf } from "../fixtures/secretsLeft.ts";

export interface Http {
  house: House;
  deps: HttpDependencies;
  publicUrl: string;
  port: number;
  api: ReturnType<typeof request>;
  /** An access token of the account. */
  tokenOf(email: string): Promise<string>;
  close(): Promise<void>;
}

/** The real application on a port of its own, over a database of the test's own. */
export async function openHttp(
  change: {
    limits?: boolean;
    providers?: NonNullable<Parameters<typeof openHouse>[0]>["providers"];
    commands?: readonly Command[];
    /** Those that need the house. */
    commandsOf?: (house: House) => readonly Command[];
    config?: Partial<HttpDependencies["config"]>;
    deps?: Partial<HttpDependencies>;
  } = {},
): Promise<Http> {
  const house = await openHouse({
    limits: change.limits ?? false,
    ...(change.providers === undefined ? {} : { providers: change.providers }),
  });
  const pagesDir = await writePages();
  const server = createServer();
  keepSecretsOf(server);
  server.on("clientError", answerBrokenRequest);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const listening = `http://127.0.0.1:${port}`;
  const config = { publicUrl: listening, stage: "development" as const, metricsToken: undefined, ...change.config };
  const deps: HttpDependencies = {
    ...house,
    config,
    registry: createRegistry([
      ...meCommands(house),
      ...runCommands(() => deps),
      ...approvalCommands(() => deps),
      ...(change.commands ?? []),
      ...(change.commandsOf?.(house) ?? []),
    ]),
    inboxes: createInboxDirectory(house),
    readPicture: createPictureReader(),
    uploadLimits: createUploadLimits(change.limits ?? false),
    fileAddresses: createFileAddresses(house, config.publicUrl),
    drawChart: createChartDrawer(),
    publicInbox: async () => publicInbox,
    readiness: async () => [],
    inboxKey: async () => "demo-key",
    pagesDir,
    ...change.deps,
  };
  server.on("request", createHttpApp(deps));
  return {
    house,
    deps,
    port,
    publicUrl: config.publicUrl,
    api: request(listening),
    tokenOf: async (email) => (await house.signInAs(email)).answer.accessToken,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      await house.close();
      await rm(pagesDir, { recursive: true });
    },
  };
}

const publicInbox: PublicInbox = {
  name: "Website",
  languages: [],
  language: "en",
  greeting: "",
  open: true,
  opensAt: null,
  prechat: null,
  proactive: [],
  colour: null,
  colours: null,
};

async function writePages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "switchboard-pages-"));
  const files = {
    "widget/widget.js": "// the embed script",
    "widget/chat.js": "// the chat of now",
    "widget/chat-1a2B_c-4.js": "// the chat",
    "widget/demo.html": '<script src="{{publicUrl}}/widget.js" data-inbox="{{inbox}}" async></script>',
    "agent-desk/index.html": "<title>Desk</title>",
    "agent-desk/assets/index-1a2b3c.js": "// the desk",
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await writeFile(join(folder, "secret.txt"), "not a page");
  return folder;
}
