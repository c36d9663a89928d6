/** What a part has done when it asks for a reading. */
export interface Done {
  readonly operations: number;
  readonly seconds: number;
}

/** Drives one part; `read` is to be called early, when everything has been made that is made once, and at the end. */
export type GrowingPart = (to: {
  readonly folder: string;
  /** Of a stub of PostgreSQL in another process. */
  readonly port: number;
  readonly read: (done: Done) => Promise<void>;
}) => Promise<void>;
