import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { expect, test } from "vitest";
import { askNodes } from "./ask-node.ts";
import type { GuardedMember } from "./protocol/guard-spec.ts";

/** A node whose processes answer, or only take what is sent as a frozen one's kernel does. */
async function startNode(answers: boolean) {
  const beats = createSocket("udp4");
  let came = 0;
  beats.on("message", (beat, { port, address }) => {
    came += 1;
    if (answers) beats.send(beat, port, address);
  });
  beats.bind(0, "127.0.0.1");
  await once(beats, "listening");
  const listen = async (): Promise<Server> => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => answers && socket.end("N"));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return server;
  };
  const [rest, postgres] = [await listen(), await listen()];
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  const member: GuardedMember = {
    name: "a",
    host: "127.0.0.1",
    restPort: portOf(rest),
    postgresPort: portOf(postgres),
    heartbeatPort: beats.address().port,
  };
  return {
    member,
    get beats() {
      return came;
    },
    [Symbol.dispose]: () => {
      beats.close();
      rest.close();
      postgres.close();
    },
  };
}

test("a node gives each of the signs that it is asked for", async () => {
  using node = await startNode(true);
  const ask = askNodes();
  for (const sign of ["heartbeat", "rest", "postgres", "heartbeat"] as const)
    expect(await ask(node.member, sign, 5000)).toBe(true);
  expect(node.beats).toBe(2);
});

test("one that takes what is sent and does not answer gives none, and none is waited for longer than so long", async () => {
  using node = await startNode(false);
  const ask = askNodes();
  for (const sign of ["heartbeat", "rest", "postgres"] as const)
    expect(await ask(node.member, sign, 30)).toBe(false);
  expect(node.beats).toBe(1);
});

test("of a host that has no address there is no sign", async () => {
  using node = await startNode(true);
  const nowhere = { ...node.member, host: "no-such-host.invalid" };
  expect(await askNodes()(nowhere, "heartbeat", 2000)).toBe(false);
});
