/** The addresses that the service must know. */
export function addressesOf({ publicUrl }: { publicUrl: string }, channel: string, id: string): { address: string } {
  const path = channel === "slack" ? "events" : "messages";
  return { address: `${publicUrl}/channels/${channel}/${path}?app=${id}` };
}
