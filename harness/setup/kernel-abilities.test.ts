import { describe, expect, it } from "vitest";
import { parseAbilities } from "./kernel-abilities.ts";

describe("parseAbilities", () => {
  it("reads what the container printed, with a terminal's line ends", () => {
    expect(
      parseAbilities("iptables=yes\r\npacketQueues=yes\r\nnetem=no\r\ntbf=yes\r\nthrottled=4\r\n"),
    ).toEqual({
      iptables: true,
      packetQueues: true,
      netem: false,
      tbf: true,
      cpuLimits: true,
    });
  });

  it("takes a limit under which nothing was held back for one without effect", () => {
    expect(parseAbilities("throttled=0\n").cpuLimits).toBe(false);
  });

  it("does not guess where nothing was printed", () => {
    expect(parseAbilities("throttled=\n")).toEqual({
      iptables: false,
      packetQueues: false,
      netem: false,
      tbf: false,
      cpuLimits: null,
    });
  });
});
