import { z } from "zod";

const base = z
  .string()
  .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), { error: "must be a URL that begins with https://" })
  .optional();

/** Where the services of channels are. What an app needs there is kept with it, and set on the desk's page of channels. */
export const channelSettings = {
  SLACK_API_URL: [base, "Slack's Web API, with a slash at the end; https://slack.com/api/ unless a test has another"],
  TEAMS_URL: [base, "the Bot Framework's sign-in, keys and connector in one; Microsoft's own unless a test has another"],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

/** For the shape of all settings. */
export const channelShape = { SLACK_API_URL: channelSettings.SLACK_API_URL[0], TEAMS_URL: channelSettings.TEAMS_URL[0] };

export interface ChannelSettings {
  slackApiUrl?: string;
  /** Without a slash at the end. */
  teamsUrl?: string;
}

export function readChannelSettings(values: { SLACK_API_URL?: string | undefined; TEAMS_URL?: string | undefined }): ChannelSettings {
  return {
    ...(values.SLACK_API_URL === undefined ? {} : { slackApiUrl: values.SLACK_API_URL }),
    ...(values.TEAMS_URL === undefined ? {} : { teamsUrl: values.TEAMS_URL.replace(/\/+$/, "") }),
  };
}
