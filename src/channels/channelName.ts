/** As people call a service: `Slack`. */
export function channelName(channel: string): string {
  return channel.charAt(0).toUpperCase() + channel.slice(1);
}
