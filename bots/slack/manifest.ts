import type { AppsManifestCreateArguments } from "@slack/web-api";

type Manifest = AppsManifestCreateArguments["manifest"];

/** What the app may do in a workspace, and why. */
export const scopes = [
  // Being spoken to: mentions, and what is said where it is a member.
  "app_mentions:read",
  "channels:history",
  // Who comes into one.
  "channels:read",
  "groups:read",
  "groups:history",
  "im:history",
  "mpim:history",
  // Speaking, with the name of the agent who says it, and where it is no member.
  "chat:write",
  "chat:write.customize",
  "chat:write.public",
  "im:write",
  "commands",
  // Files and reactions, both ways.
  "files:read",
  "files:write",
  "reactions:read",
  "reactions:write",
  // Who somebody is: whether they belong to the workspace and are active.
  "users:read",
  "users:read.email",
] as const;

/** What Slack tells of. */
export const events = [
  "app_home_opened",
  "app_mention",
  "app_uninstalled",
  "member_joined_channel",
  "message.channels",
  "message.groups",
  "message.im",
  "message.mpim",
  "reaction_added",
  "reaction_removed",
  "tokens_revoked",
] as const;

/** The addresses by which Slack knows an app of ours. `publicUrl` has no slash at the end, `app` is an id of ours. */
export function addressesOf(publicUrl: string, app: string) {
  const door = (path: string) => `${publicUrl}/channels/slack/${path}?app=${encodeURIComponent(app)}`;
  return { events: door("events"), interactions: door("interactions"), commands: door("commands"), oauth: door("oauth") };
}

/** Where an admin goes to allow the app in a workspace. `state` is checked when they come back. */
export function installAddress(publicUrl: string, app: { id: string; clientId: string }, state: string): string {
  const asked = { client_id: app.clientId, scope: scopes.join(","), redirect_uri: addressesOf(publicUrl, app.id).oauth, state };
  return `https://slack.com/oauth/v2/authorize?${new URLSearchParams(asked)}`;
}

/** The app's manifest, as an admin pastes it at api.slack.com/apps. With `socketMode` Slack needs no address of ours that it can reach. */
export function slackManifest({
  publicUrl,
  app,
  name,
  socketMode,
}: {
  publicUrl: string;
  app: string;
  name: string;
  socketMode: boolean;
}): Manifest {
  const { events: eventsAt, interactions, commands, oauth } = addressesOf(publicUrl, app);
  const at = <Key extends string>(key: Key, address: string) => (socketMode ? {} : { [key]: address });
  return {
    display_information: {
      name: name.slice(0, 35),
      description: "Commands, approvals and conversations, answered by automations and by people.",
      background_color: "#1d3557",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: name.slice(0, 80), always_online: true },
      slash_commands: [
        {
          command: "/sb",
          description: "Runs a command, or lists those that you may run",
          usage_hint: "help",
          should_escape: true,
          ...at("url", commands),
        },
      ],
    },
    oauth_config: { redirect_urls: [oauth], scopes: { bot: [...scopes] } },
    settings: {
      event_subscriptions: { bot_events: [...events], ...at("request_url", eventsAt) },
      interactivity: { is_enabled: true, ...at("request_url", interactions), ...at("message_menu_options_url", interactions) },
      org_deploy_enabled: false,
      socket_mode_enabled: socketMode,
      token_rotation_enabled: false,
    },
  };
}
