/** Where Microsoft's services are. Tests have their own. */
export interface TeamsCloud {
  /** Gives tokens for what we send: `<login>/<organisation>/oauth2/v2.0/token`. */
  loginUrl: string;
  /** Tells which keys the Bot Framework signs with. */
  openIdUrl: string;
  /** Where somebody is written to who was never heard of. */
  serviceUrl: string;
  /** Hosts to which answers may go, by https: `*.` before one means any below it, and not itself. */
  serviceHosts: readonly string[];
  /** Hosts from which files are fetched, and to which they go. */
  fileHosts: readonly string[];
  /** So many messages to many in a second: Microsoft takes 50 of an app in an organisation ("Rate limiting for bots"), also those that answer somebody. */
  perSecond: number;
  /** `host:port` that may be spoken to without TLS: none but those of tests. */
  plainHosts: readonly string[];
}

/** Microsoft's public cloud ("Bot Framework REST API, authentication"; "Office 365 URLs and IP address ranges", rows of Teams and SharePoint). */
export const publicCloud: TeamsCloud = {
  loginUrl: "https://login.microsoftonline.com",
  openIdUrl: "https://login.botframework.com/v1/.well-known/openidconfiguration",
  serviceUrl: "https://smba.trafficmanager.net/teams/",
  serviceHosts: ["smba.trafficmanager.net", "*.botframework.com", "smba.infra.gcc.teams.microsoft.com"],
  fileHosts: ["*.sharepoint.com", "*.sharepoint-df.com", "*.onedrive.com", "*.1drv.com", "*.svc.ms", "smba.trafficmanager.net"],
  perSecond: 30,
  plainHosts: [],
};

/** The address as a browser writes it, where it is of one of these hosts; undefined for any other. */
export function allowedAddress({ plainHosts }: TeamsCloud, hosts: readonly string[], text: string): URL | undefined {
  if (text.length > 4000 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return undefined;
  if (plainHosts.includes(url.host)) return url;
  const isOurs = hosts.some((host) => (host.startsWith("*.") ? url.hostname.endsWith(host.slice(1)) : url.hostname === host));
  return isOurs && url.protocol === "https:" && url.port === "" ? url : undefined;
}

/** All of them under one address, as a test has them. */
export function cloudAt(url: string): TeamsCloud {
  return {
    loginUrl: url,
    openIdUrl: `${url}/openid/.well-known/openidconfiguration`,
    serviceUrl: `${url}/emea/`,
    serviceHosts: [],
    fileHosts: [],
    perSecond: 200,
    plainHosts: [new URL(url).host],
  };
}
