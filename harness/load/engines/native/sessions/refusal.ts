/** Why a log-in failed. */
export interface Refusal {
  readonly code: string;
  readonly text: string;
}
