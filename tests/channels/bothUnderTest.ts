import type { Bus } from "../../src/platform/bus/bus.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import { startSlackService } from "../fixtures/slackService.ts";
import { startTeamsService } from "../fixtures/teamsService.ts";
import { connectSlack, type SlackUnderTest } from "./slackUnderTest.ts";
import { connectTeams, type TeamsUnderTest } from "./teamsUnderTest.ts";

/** One product that both services are connected to. */
export async function bothUnderTest(options: { bus?: Bus } = {}): Promise<{
  product: TestProduct;
  slack: SlackUnderTest;
  teams: TeamsUnderTest;
  close(): Promise<void>;
}> {
  const [slack, teams] = await Promise.all([startSlackService(), startTeamsService()]);
  const product = await openProduct({ ...options, settings: { SLACK_API_URL: slack.apiUrl, TEAMS_URL: teams.server.url } });
  return {
    product,
    slack: await connectSlack(slack, product),
    teams: await connectTeams(teams, product),
    close: async () => {
      await product.stop();
      await slack.stop();
      await teams.stop();
    },
  };
}
