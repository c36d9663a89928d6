import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { Outbox } from "../../support/outbox.ts";
import type { Message } from "../protocol/agent-protocol.ts";
import { SENDER_MARK, type SenderCommand } from "../engines/native/sender-protocol.ts";
import { serveSender } from "../engines/native/serve-sender.ts";
import { serveAgent } from "./serve-agent.ts";

/**
 * The agent's process. It ends when its standard input does, and in any case after DPG_LIFETIME_SECONDS, which every
 * container gets (default a day, as in the node image), so that no load outlives the harness that asked for it.
 */
const lifetimeSeconds = Number(process.env.DPG_LIFETIME_SECONDS ?? 86_400);
/** Node.js takes more milliseconds than this for none. */
const longestTimerMs = 2 ** 31 - 1;

/** One of several processes that send a stage for the agent that forked them; ends with that one. */
function actAsSender(): void {
  process.on("disconnect", () => process.exit(0));
  const obey = serveSender(
    (message) => void process.send?.(message),
    (error) => {
      throw error;
    },
  );
  process.on("message", (command) => obey(command as SenderCommand));
}

function actAsAgent(): void {
  // process.stdout writes to pipes synchronously, so a slow reader would stop the schedule. A socket on the same
  // descriptor never does: what is not read waits in memory, up to the outbox's bound.
  const output = new Socket({ fd: 1, readable: false, writable: true });
  output.on("error", () => process.exit(1));
  const outbox = new Outbox<Message>(output, (why) => {
    process.stderr.write(`The agent ends: ${why}.\n`);
    process.exit(1);
  });
  const die = (reason: string): void => {
    outbox.send({ type: "fatal", message: reason });
    outbox.end(() => process.exit(1));
    setTimeout(() => process.exit(1), 500);
  };
  setTimeout(
    () => die(`the agent's lifetime of ${lifetimeSeconds} s is over`),
    Math.min(lifetimeSeconds * 1000, longestTimerMs),
  ).unref();
  process.on("uncaughtException", (error) => die(error.stack ?? error.message));
  // Not a top-level await: the bundle is CommonJS.
  serveAgent(createInterface({ input: process.stdin }), outbox, (error) =>
    die(error.stack ?? error.message),
  ).then(
    () => process.exit(0),
    (error: unknown) => die(String(error)),
  );
}

if (process.env[SENDER_MARK] === undefined) actAsAgent();
else actAsSender();
