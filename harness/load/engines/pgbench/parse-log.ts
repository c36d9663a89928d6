/** A line of pgbench's `--log` (PostgreSQL manual, pgbench: "Per-Transaction Logging"). */
export interface LoggedTransaction {
  readonly client: number;
  /** Position of its script among the `--file` options. */
  readonly script: number;
  /** From the scheduled start to the end; null where it did not end well. Microseconds. */
  readonly timeUs: number | null;
  /** What stands in place of a time: `skipped`, `serialization`, `deadlock`, `failed`; null where there is one. */
  readonly problem: string | null;
  /** When it ended, on the wall clock. Microseconds since 1970. */
  readonly endedWallUs: number;
  /** From the scheduled to the actual start; 0 without `--rate`. Microseconds. */
  readonly lagUs: number;
  readonly retries: number;
}

/** Which of the optional fields a log has. */
export interface LogFields {
  /** `--rate` was given. */
  readonly lag: boolean;
  /** `--max-tries` was given, and more than 1. */
  readonly retries: boolean;
}

/** Reads a log piece by piece, cut anywhere. */
export interface LogParser {
  /** Calls `onTransaction` for each line that is complete by now. */
  push(bytes: Uint8Array): void;
}

/** Numbers are put together by hand: a log has tens of thousands of lines a second, and the load shares the machine. */
export function logParser(
  { lag, retries }: LogFields,
  onTransaction: (transaction: LoggedTransaction) => void,
): LogParser {
  const fields: number[] = [];
  let value = 0;
  /** Letters of a field that is no number. */
  let word = "";
  let problem: string | null = null;
  const endField = (): void => {
    if (word !== "") problem = word;
    fields.push(value);
    value = 0;
    word = "";
  };
  const endLine = (): void => {
    endField();
    const lagUs = lag ? (fields[6] ?? 0) : 0;
    const retried = retries ? (fields[lag ? 7 : 6] ?? 0) : 0;
    if (fields.length >= 6) {
      onTransaction({
        client: fields[0] ?? 0,
        script: fields[3] ?? 0,
        timeUs: problem === null ? (fields[2] ?? 0) : null,
        problem,
        endedWallUs: (fields[4] ?? 0) * 1_000_000 + (fields[5] ?? 0),
        lagUs,
        retries: retried,
      });
    }
    fields.length = 0;
    problem = null;
  };
  return {
    push(bytes) {
      for (const byte of bytes) {
        if (byte >= DIGIT_0 && byte <= DIGIT_9) value = value * 10 + (byte - DIGIT_0);
        else if (byte === BLANK) endField();
        else if (byte === LINE_END) endLine();
        else word += String.fromCharCode(byte);
      }
    },
  };
}

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const BLANK = 0x20;
const LINE_END = 0x0a;
