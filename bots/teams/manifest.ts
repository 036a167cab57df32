import { ZipFile } from "yazl";

interface Bot {
  /** The bot's app id at Microsoft. */
  appId: string;
  /** Where Switchboard is: its host is the one from which cards may load. */
  publicUrl: string;
}

/** "Public developer app manifest schema for Teams", 1.19. */
export function teamsManifest({ appId, publicUrl }: Bot) {
  const { origin, hostname } = new URL(publicUrl);
  const scopes = ["personal", "team", "groupChat"];
  return {
    $schema: "https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json",
    manifestVersion: "1.19",
    version: "1.0.0",
    id: appId,
    developer: { name: "Switchboard", websiteUrl: origin, privacyUrl: `${origin}/`, termsOfUseUrl: `${origin}/` },
    name: { short: "Switchboard", full: "Switchboard" },
    description: {
      short: "Commands, approvals and conversations of Switchboard.",
      full: "Say what is to be done: Switchboard runs it, asks those who must agree, and brings people who need help together with those who can.",
    },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: "#2F4BD8",
    bots: [
      {
        botId: appId,
        scopes,
        supportsFiles: true,
        isNotificationOnly: false,
        commandLists: [
          {
            scopes,
            commands: [
              { title: "help", description: "What you may run" },
              { title: "person", description: "Ask for a person" },
            ],
          },
        ],
      },
    ],
    composeExtensions: [
      {
        botId: appId,
        commands: [
          {
            id: "find",
            type: "query",
            title: "Find",
            description: "Find entities and commands",
            context: ["compose", "commandBox"],
            initialRun: true,
            parameters: [{ name: "query", title: "Find", description: "Words, or a number", inputType: "text" }],
          },
          {
            id: "run",
            type: "action",
            title: "Run a command",
            description: "Run a command",
            context: ["compose", "message"],
            fetchTask: true,
          },
        ],
      },
    ],
    permissions: ["identity", "messageTeamMembers"],
    validDomains: [hostname],
    defaultInstallScope: "personal",
  };
}

export interface Icons {
  /** PNG of 192 by 192. */
  color: Buffer;
  /** PNG of 32 by 32, white on nothing. */
  outline: Buffer;
}

/** The package that an admin uploads: the manifest and its icons, as a ZIP file. The same again for the same bot. */
export async function teamsPackage(bot: Bot, icons: Icons): Promise<Buffer> {
  const zip = new ZipFile();
  const mtime = new Date(Date.UTC(2026, 0, 1));
  zip.addBuffer(Buffer.from(JSON.stringify(teamsManifest(bot), null, 2)), "manifest.json", { mtime });
  zip.addBuffer(icons.color, "color.png", { mtime });
  zip.addBuffer(icons.outline, "outline.png", { mtime });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
