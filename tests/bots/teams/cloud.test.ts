import { describe, expect, it } from "vitest";
import { allowedAddress, publicCloud } from "../../../bots/teams/cloud.ts";

const { serviceHosts, fileHosts } = publicCloud;

describe("fault 43: hosts", () => {
  it.each(["https://smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net/teams", "https://webchat.botframework.com/"])(
    "%s may be answered at",
    (address) => {
      expect(allowedAddress(publicCloud, serviceHosts, address)?.href).toMatch(/^https:/);
    },
  );

  it.each([
    "http://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net:8443/emea/",
    "https://evil.smba.trafficmanager.net/",
    "https://evilbotframework.com/",
    "https://botframework.com.evil.example/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://smba.trafficmanager.net:secret@smba.trafficmanager.net/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "http://169.254.169.254/",
    "ftp://smba.trafficmanager.net/",
    "smba.trafficmanager.net",
    "",
    `https://smba.trafficmanager.net/${"x".repeat(4000)}`,
  ])("%s may not", (address) => {
    expect(allowedAddress(publicCloud, serviceHosts, address)).toBeUndefined();
  });

  it("files come from SharePoint and OneDrive, and go there", () => {
    expect(allowedAddress(publicCloud, fileHosts, "https://example-my.sharepoint.com/personal/a")).toBeDefined();
    for (const strange of ["https://sharepoint.com.evil.example/", "http://example.sharepoint.com/", "https://evilsharepoint.com/"]) {
      expect(allowedAddress(publicCloud, fileHosts, strange)).toBeUndefined();
    }
  });
});
