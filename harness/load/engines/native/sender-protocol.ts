import type { Micros } from "../../../model/clock.ts";
import type { StageEnd, StageSecond } from "../../../model/stage.ts";
import type { AnswerRow } from "../../protocol/answer-row.ts";
import type { SampleRow } from "../../protocol/sample-row.ts";
import type { WriteOutcomesPiece } from "../../protocol/write-outcomes-piece.ts";
import type { StageLoad } from "../../protocol/stage-load.ts";
import type { Share } from "./schedule/open-schedule.ts";
import type { Refusal } from "./sessions/refusal.ts";

/**
 * What the agent and one of several sending processes say to each other. The processes log in first, all of them, and
 * begin together, at one moment of the clock that they share.
 */
export type SenderCommand =
  | {
      readonly kind: "prepare";
      readonly load: StageLoad;
      readonly share: Share;
      readonly login: { readonly user: string; readonly password: string };
      readonly epochNs: string;
    }
  | { readonly kind: "begin"; readonly startedUs: Micros }
  | { readonly kind: "stop" };

export type SenderMessage =
  | { readonly kind: "prepared"; readonly refusal: Refusal | null }
  | { readonly kind: "second"; readonly second: StageSecond }
  | { readonly kind: "samples"; readonly operation: string; readonly rows: readonly SampleRow[] }
  | { readonly kind: "answers"; readonly operation: string; readonly rows: readonly AnswerRow[] }
  | { readonly kind: "writes"; readonly piece: WriteOutcomesPiece }
  | { readonly kind: "ended"; readonly end: StageEnd };

/** Set in the environment of a process that is to serve as a sender. */
export const SENDER_MARK = "DPG_SENDER";
