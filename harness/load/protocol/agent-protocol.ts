import type { Micros } from "../../model/clock.ts";
import type { ClientEndpoints, Endpoint } from "../../model/layout.ts";
import type { LoadPlan } from "../../model/load.ts";
import type { StreamName } from "../../model/sample.ts";
import type { EngineDescription, StageEnd, StageSecond } from "../../model/stage.ts";
import type { StageLoad } from "./stage-load.ts";
import type { IdRange } from "./id-ranges.ts";
import type { AnswerRow } from "./answer-row.ts";
import type { SampleRow } from "./sample-row.ts";
import type { WriteOutcomesPiece } from "./write-outcomes-piece.ts";

/**
 * What harness and agent say to each other, one JSON document per line. Commands go in on standard input, each is
 * answered by one reply with its number; samples, health and connections come in between, unasked.
 *
 *   harness ──{"id":1,"command":"hello",...}──────────► agent
 *           ◄─{"type":"reply","id":1,"ok":true,...}────
 *           ──{"id":9,"command":"start",...}──────────►
 *           ◄─{"type":"reply","id":9,...}──────────────
 *           ◄─{"type":"samples",...}  at most every 100 ms
 *           ◄─{"type":"health",...}   every second
 *   end of input: the agent ends
 *
 * Every time is in the agent's Micros: microseconds of its monotonic clock since `epochNs`.
 */
export type Command =
  /** First. The password is never logged and never part of an error. */
  | { readonly command: "hello"; readonly epochNs: string; readonly user: string; readonly password: string }
  | { readonly command: "ping" }
  | {
      readonly command: "run";
      readonly at: Endpoint;
      readonly database: string;
      readonly statements: readonly string[];
      readonly budgetMs: number;
    }
  | { readonly command: "start"; readonly load: LoadSpec }
  /** Begins nothing more, waits for what is in flight, sends the last samples, then replies. */
  | { readonly command: "stop" }
  | { readonly command: "start-stage"; readonly load: StageLoad }
  /** Ends the stage early; a stage that has ended is left alone. */
  | { readonly command: "stop-stage" }
  | {
      readonly command: "read-ids";
      readonly at: Endpoint;
      readonly database: string;
      readonly table: string;
      readonly shardKeys?: readonly number[] | undefined;
      readonly budgetMs: number;
    };

/** What each command is answered with. */
export interface Replies {
  readonly hello: { readonly pid: number; readonly node: string };
  readonly ping: { readonly nowUs: Micros };
  readonly run: readonly Readonly<Record<string, unknown>>[];
  readonly start: { readonly startedUs: Micros };
  readonly stop: { readonly neverSent: number };
  readonly "start-stage": { readonly startedUs: Micros; readonly engine: EngineDescription };
  readonly "stop-stage": null;
  readonly "read-ids": IdRanges;
}

/** Load to be sent: the plan's, with the addresses it goes to. */
export interface LoadSpec {
  readonly load: LoadPlan;
  readonly endpoints: ClientEndpoints;
  readonly database: string;
  readonly seed: number;
  /** Every stream comes to its rate from nothing within this time; 0 where it is left out. */
  readonly rampSeconds?: number | undefined;
  /** For each worker group that is probed: a value of the distribution column for each shard that the group holds. */
  readonly shardKeys?: ShardKeys | undefined;
  /** The members that are written to directly, where each is. */
  readonly members?: Readonly<Record<string, Endpoint>> | undefined;
}

/** Values of the distribution column, by the name of the group whose shards they are of. */
export type ShardKeys = Readonly<Record<string, readonly number[]>>;

/** Positive ids of a ledger table, as inclusive ascending ranges. */
export interface IdRanges {
  readonly rows: number;
  readonly present: readonly IdRange[];
}

/** Why a command failed: what went wrong, and the SQLSTATE or client code. */
export interface CommandFailure {
  readonly message: string;
  readonly code: string;
}

export type Message =
  | { readonly type: "reply"; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: "reply"; readonly id: number; readonly ok: false; readonly error: CommandFailure }
  | {
      readonly type: "samples";
      readonly streams: readonly {
        readonly stream: StreamName;
        /** Every operation intended before this moment has been reported. */
        readonly knownToUs: Micros;
        readonly rows: readonly SampleRow[];
      }[];
    }
  | {
      readonly type: "health";
      readonly atUs: Micros;
      readonly lagP50Us: number;
      readonly lagP99Us: number;
      readonly lagMaxUs: number;
      readonly cpuShare: number;
      readonly neverSent: number;
    }
  | {
      readonly type: "connection";
      readonly atUs: Micros;
      readonly stream: string;
      readonly endpoint: "readWrite" | "readOnly";
      /** null: made. Else lost, and why. */
      readonly lost: string | null;
    }
  | { readonly type: "stage-second"; readonly second: StageSecond }
  | {
      readonly type: "stage-samples";
      readonly stage: number;
      readonly operation: string;
      readonly rows: readonly SampleRow[];
    }
  | {
      readonly type: "stage-answers";
      readonly stage: number;
      readonly operation: string;
      readonly rows: readonly AnswerRow[];
    }
  /** At the end of a stage, of the operations whose rows carry their numbers. */
  | { readonly type: "stage-writes"; readonly stage: number; readonly piece: WriteOutcomesPiece }
  | {
      readonly type: "stage-ended";
      readonly stage: number;
      readonly atUs: Micros;
      readonly end: StageEnd;
      /** By operation: samples that were kept and not told, because the harness was far behind with reading. */
      readonly samplesLeftOut: Readonly<Record<string, number>>;
    }
  /** The agent cannot go on; it ends after this. */
  | { readonly type: "fatal"; readonly message: string };

/** Where the agent says its messages; see Outbox. */
export interface MessageOutlet {
  send(message: Message): void;
  /** The harness is so far behind with reading that samples nobody judges by are to be left out. */
  readonly isBehind: boolean;
}
