import { describe, expect, test } from "vitest";
import { fakeHttp } from "./get-over-http.fake.ts";
import { observeHaproxy, proxyServers } from "./observe-haproxy.ts";
import { fakeObserving } from "./observing.fake.ts";

const HEADER = "# pxname,svname,qcur,qmax,status,weight,";

describe("observeHaproxy", () => {
  test("tells each server of the two backends, and again only what changed", async () => {
    let primary = "coordinator-1";
    const up = (name: string): string => (name === primary ? "UP" : "DOWN");
    const { port, close } = await fakeHttp(() => ({
      status: 200,
      body: [
        HEADER,
        "stats,FRONTEND,,,OPEN,,",
        "check_read_write,coordinator-1,0,0,UP,1,",
        `read_write,coordinator-1,0,0,${up("coordinator-1")},1,`,
        `read_write,coordinator-2,0,0,${up("coordinator-2")},1,`,
        "read_write,BACKEND,0,0,UP,1,",
        "",
      ].join("\n"),
    }));
    const observing = fakeObserving();
    const done = observeHaproxy({ host: "127.0.0.1", port, everyMs: 5 }, observing);
    await observing.seen((event) => event.kind === "proxy-server" && event.server === "coordinator-2");
    primary = "coordinator-2";
    await observing.seen(
      (event) => event.kind === "proxy-server" && event.server === "coordinator-2" && event.up,
    );
    observing.end();
    await done;
    close();
    const told = observing.events.map((event) => event as { server: string; status: string; up: boolean });
    expect(told.map(({ server, status, up: isUp }) => [server, status, isUp])).toEqual([
      ["coordinator-1", "UP", true],
      ["coordinator-2", "DOWN", false],
      ["coordinator-1", "DOWN", false],
      ["coordinator-2", "UP", true],
    ]);
  });

  test("statistics without a status column are refused", () => {
    expect(() => proxyServers("# pxname,svname,\nread_write,coordinator-1,\n")).toThrow("no column `status`");
  });
});
