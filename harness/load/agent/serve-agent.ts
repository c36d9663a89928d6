import type { Micros } from "../../model/clock.ts";
import { findWorkload } from "../../workloads/catalogue.ts";
import { engineClock } from "../engines/native/schedule/engine-clock.ts";
import { createAddressCache } from "../wire/address-cache.ts";
import { startAgentLoad, type AgentLoad } from "./agent-load.ts";
import { startAgentStage, type AgentStage } from "./agent-stage.ts";
import type { Command, CommandFailure, MessageOutlet, Replies } from "../protocol/agent-protocol.ts";
import { readIds, runSql, SqlFailure, type SqlRequest } from "../wire/run-sql.ts";

/**
 * Answers commands until the input ends, then returns: whoever started the agent is gone, and nothing is to be
 * waited for. Commands run side by side; a reply names its command.
 */
export async function serveAgent(
  commands: AsyncIterable<string>,
  outlet: MessageOutlet,
  onError: (error: Error) => void,
): Promise<void> {
  const session = new AgentSession(outlet, onError);
  for await (const line of commands) {
    if (line.trim() === "") continue;
    const { id, ...command } = JSON.parse(line) as Command & { readonly id: number };
    session.carryOut(command).then(
      (value) => outlet.send({ type: "reply", id, ok: true, value }),
      (error: unknown) => outlet.send({ type: "reply", id, ok: false, error: failureOf(error) }),
    );
  }
}

class AgentSession {
  readonly #outlet: MessageOutlet;
  readonly #onError: (error: Error) => void;
  readonly #addressOf = createAddressCache();
  #epochNs = 0n;
  #login = { user: "", password: "" };
  #load: AgentLoad | null = null;
  #stage: AgentStage | null = null;

  constructor(outlet: MessageOutlet, onError: (error: Error) => void) {
    this.#outlet = outlet;
    this.#onError = onError;
  }

  async carryOut(command: Command): Promise<Replies[Command["command"]]> {
    switch (command.command) {
      case "hello":
        this.#epochNs = BigInt(command.epochNs);
        this.#login = { user: command.user, password: command.password };
        return { pid: process.pid, node: process.version };
      case "ping":
        return { nowUs: this.#nowUs() };
      case "run":
        return await runSql({ ...this.#request(command), statements: command.statements });
      case "read-ids":
        return await readIds({
          ...this.#request(command),
          table: command.table,
          shardKeys: command.shardKeys,
        });
      case "start":
        return await this.#start(command);
      case "stop": {
        const stopped = await this.#load?.stop();
        this.#load = null;
        return stopped ?? { neverSent: 0 };
      }
      case "start-stage":
        return await this.#startStage(command);
      case "stop-stage":
        await this.#stage?.stop();
        return null;
    }
  }

  async #start({ load: spec }: Extract<Command, { readonly command: "start" }>): Promise<Replies["start"]> {
    if (this.#load !== null)
      throw new SqlFailure({ message: "The load is running already", code: "load-running" });
    const name = spec.load.background?.workload;
    const workload = name === undefined ? null : (findWorkload(name) ?? null);
    if (name !== undefined && workload === null) {
      throw new SqlFailure({ message: `This agent has no workload ${name}`, code: "unknown-workload" });
    }
    this.#load = await startAgentLoad({
      spec,
      workload,
      login: this.#login,
      addressOf: this.#addressOf,
      epochNs: this.#epochNs,
      clock: engineClock(this.#epochNs),
      send: (message) => this.#outlet.send(message),
      onError: this.#onError,
    });
    return { startedUs: this.#load.startedUs };
  }

  async #startStage({
    load,
  }: Extract<Command, { readonly command: "start-stage" }>): Promise<Replies["start-stage"]> {
    if (this.#stage?.running === true) {
      throw new SqlFailure({ message: "A stage is running already", code: "stage-running" });
    }
    this.#stage = await startAgentStage({
      load,
      login: this.#login,
      addressOf: this.#addressOf,
      epochNs: this.#epochNs,
      nowUs: () => this.#nowUs(),
      outlet: this.#outlet,
    });
    const { startedUs, engine } = this.#stage;
    return { startedUs, engine };
  }

  #request(command: {
    at: SqlRequest["at"];
    database: string;
    budgetMs: number;
  }): Omit<SqlRequest, "statements"> {
    const { at, database, budgetMs } = command;
    return { at, budgetMs, login: { ...this.#login, database }, addressOf: this.#addressOf };
  }

  #nowUs(): Micros {
    return Number((process.hrtime.bigint() - this.#epochNs) / 1000n);
  }
}

function failureOf(error: unknown): CommandFailure {
  if (error instanceof SqlFailure) return error.failure;
  return {
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    code: "agent-error",
  };
}
