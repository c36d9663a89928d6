import { describe, expect, it } from "vitest";
import { parseVersions } from "./component-versions.ts";

describe("parseVersions", () => {
  it("finds the version in what each program says", () => {
    const said = [
      "postgresql=postgres (PostgreSQL) 17.6 (Debian 17.6-0+deb13u1)",
      "haproxy=HAProxy version 3.0.11-1+deb13u1 2025/07/01 - https://haproxy.org/",
      "odd=unknown",
      "noise",
    ].join("\n");
    expect(parseVersions(said)).toEqual({ postgresql: "17.6", haproxy: "3.0.11-1", odd: "unknown" });
  });
});
