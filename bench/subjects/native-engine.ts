import { build } from "hdr-histogram-js";
import { compileOperation } from "../../harness/load/engines/native/sessions/compile-operation.ts";
import { IntervalHistogram } from "../../harness/load/engines/native/record/interval-histogram.ts";
import { OperationTally } from "../../harness/load/engines/native/record/operation-tally.ts";
import { openSchedule } from "../../harness/load/engines/native/schedule/open-schedule.ts";
import { operationRandom } from "../../harness/load/engines/native/schedule/operation-random.ts";
import { BindMessage } from "../../harness/load/wire/bind-message.ts";
import { FrameScanner } from "../../harness/load/wire/frame-scanner.ts";
import type { Arrival } from "../../harness/model/load.ts";
import { drawVariables } from "../../harness/workloads/draw-values.ts";
import { findWorkload } from "../../harness/workloads/catalogue.ts";
import type { Subject } from "../subject.ts";

const PER_CALL = 1000;

/** What the native engine does for each operation: schedule, draw, encode, decode, record. */
export function nativeEngineSubject(): Subject {
  const [definition] = findWorkload("point-select")?.operations ?? [];
  if (definition === undefined) throw new Error("Expected point-select to have an operation.");
  const one = { unit: "operation", perCall: PER_CALL };
  return {
    title: "Native engine",
    cases: [
      { ...one, name: "schedule, constant", run: scheduling("constant") },
      { ...one, name: "schedule, Poisson", run: scheduling("poisson"), comparedWith: "schedule, constant" },
      { ...one, name: "draw by names", run: drawingByName(definition) },
      { ...one, name: "draw, compiled", run: drawing(definition), comparedWith: "draw by names" },
      { ...one, name: "encode Bind to Sync", run: encoding() },
      { ...one, name: "decode an answer", run: decoding(answer) },
      {
        ...one,
        name: "decode it in pieces of 7 bytes",
        run: decodingPieces(),
        comparedWith: "decode an answer",
      },
      { ...one, name: "record with hdr-histogram-js", run: recordingByLibrary() },
      { ...one, name: "record", run: recording(), comparedWith: "record with hdr-histogram-js" },
      { ...one, name: "count an answer", run: counting(false) },
      {
        ...one,
        name: "count it, and since it was noticed",
        run: counting(true),
        comparedWith: "count an answer",
      },
    ],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

type Definition = Parameters<typeof compileOperation>[0];

function scheduling(arrival: Arrival): () => number {
  const schedule = openSchedule({
    arrival,
    rate: { kind: "constant", perSecond: 5_000 },
    phases: { warmupSeconds: 0, steadySeconds: 1e6, coolDownSeconds: 0 },
    seed: 1,
    stage: 1,
    share: { agent: 1, of: 1 },
  });
  return () => {
    for (let count = 0; count < PER_CALL; count += 1) schedule.advance();
    return schedule.dueUs;
  };
}

function drawing(definition: Definition): () => void {
  const operation = compileOperation(definition, 0);
  const random = operationRandom(1, 1);
  const drawn: (string | number)[] = [];
  return () => {
    for (let count = 0; count < PER_CALL; count += 1) {
      random.begin(count);
      operation.draw(count, random.next, drawn);
    }
  };
}

function drawingByName({ variables }: Definition): () => void {
  const random = operationRandom(1, 1);
  return () => {
    for (let count = 0; count < PER_CALL; count += 1) {
      random.begin(count);
      drawVariables(variables, count, random.next);
    }
  };
}

function encoding(): () => void {
  const message = new BindMessage("dpg_0_0", 1);
  return () => {
    for (let count = 0; count < PER_CALL; count += 1) message.fill([10_000 + count]);
  };
}

/** BindComplete, RowDescription, DataRow, CommandComplete, ReadyForQuery: what a select of one row is answered with. */
const answer = Buffer.concat([
  frame("2", 0),
  frame("T", 52),
  frame("D", 100),
  frame("C", 9),
  Buffer.concat([frame("Z", 1).subarray(0, 5), Buffer.from("I")]),
]);

function decoding(bytes: Buffer): () => number {
  const { scanner, messages } = scanning();
  return () => {
    for (let count = 0; count < PER_CALL; count += 1) scanner.feed(bytes, bytes.length);
    return messages();
  };
}

function decodingPieces(): () => number {
  const { scanner, messages } = scanning();
  const pieces = Array.from({ length: Math.ceil(answer.length / 7) }, (_, index) =>
    answer.subarray(7 * index, 7 * index + 7),
  );
  return () => {
    for (let count = 0; count < PER_CALL; count += 1) {
      for (const piece of pieces) scanner.feed(piece, piece.length);
    }
    return messages();
  };
}

function scanning(): { readonly scanner: FrameScanner; readonly messages: () => number } {
  let messages = 0;
  const scanner = new FrameScanner({
    message: () => {
      messages += 1;
      return true;
    },
    malformed: (type) => {
      throw new Error(`Malformed message of type ${type}`);
    },
  });
  return { scanner, messages: () => messages };
}

function recording(): () => void {
  const histogram = new IntervalHistogram();
  return () => {
    for (let count = 0; count < PER_CALL; count += 1) histogram.record(100 + ((count * 7919) % 5000));
  };
}

function recordingByLibrary(): () => void {
  const histogram = build({ bitBucketSize: 32, autoResize: true, numberOfSignificantValueDigits: 3 });
  return () => {
    for (let count = 0; count < PER_CALL; count += 1) histogram.recordValue(100 + ((count * 7919) % 5000));
  };
}

function frame(type: string, bodyLength: number): Buffer {
  const bytes = Buffer.alloc(5 + bodyLength);
  bytes.write(type);
  bytes.writeInt32BE(4 + bodyLength, 1);
  return bytes;
}

/** All that is counted of one operation that ended ok; a second's histograms are encoded once for 10,000 of them. */
function counting(noticed: boolean): () => void {
  const tally = new OperationTally("select", { noticed, stalls: noticed });
  let calls = 0;
  return () => {
    for (let count = 0; count < PER_CALL; count += 1) {
      const latencyUs = 300 + ((count * 7919) % 4000);
      tally.sent(20 + (count % 60), false);
      tally.succeeded(latencyUs, 20 + (count % 60), latencyUs - 40, true);
    }
    calls += 1;
    if (calls % 10 === 0) tally.take();
  };
}
