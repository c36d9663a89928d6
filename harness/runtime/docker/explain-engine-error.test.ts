import { describe, expect, it } from "vitest";
import { HarnessError } from "../../model/errors.ts";
import { explainEngineError } from "./explain-engine-error.ts";

describe("explainEngineError", () => {
  it.each([
    ["(HTTP code 500) server error - write /var/lib/docker/x: no space left on device", "disk-full", 69],
    ["(HTTP code 404) no such container - No such image: dpg-bench/node:x", "image-missing", 69],
    [
      "(HTTP code 500) could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
      "address-pool-exhausted",
      69,
    ],
    ["all predefined address pools have been fully subnetted", "address-pool-exhausted", 69],
    ["(HTTP code 409) unexpected - network with name dpg-bench-x already exists", "network-name-taken", 69],
    [
      '(HTTP code 409) unexpected - Conflict. The container name "/x" is already in use by container "y"',
      "container-name-taken",
      69,
    ],
    [
      "driver failed programming external connectivity: Bind for 127.0.0.1:5432 failed: port is already allocated",
      "port-taken",
      69,
    ],
    ["listen tcp4 127.0.0.1:5432: bind: address already in use", "port-taken", 69],
    ["connect ECONNREFUSED /var/run/docker.sock", "docker-not-running", 69],
    ["connect EACCES /var/run/docker.sock", "docker-no-rights", 69],
    ["something nobody foresaw", "engine-refused", 70],
  ])("reads %s as %s", (found, code, exitCode) => {
    const error = explainEngineError("start haproxy", new Error(found));
    expect(error).toMatchObject({ code, exitCode });
    expect(error.message).toContain("start haproxy");
    expect(error.hint).toBeTruthy();
  });

  it("leaves an error of ours as it is", () => {
    const ours = new HarnessError({ code: "engine-timeout", message: "too late" });
    expect(explainEngineError("start haproxy", ours)).toBe(ours);
  });
});
