/** environment.json: on what a run ran, so that figures can be compared only with their like. */
export interface Environment {
  readonly dpgBench: { readonly version: string };
  readonly startedAt: string;
  readonly machine: {
    /** Hash of what makes machines comparable: CPU model, cores, memory, kernel. */
    readonly fingerprint: string;
    readonly cpuModel: string;
    readonly cores: number;
    readonly memoryMb: number;
    readonly kernel: string;
    readonly os: string;
    readonly node: string;
  };
  readonly engine: {
    readonly name: string;
    readonly version: string;
    readonly storageDriver: string;
    readonly cgroupVersion: string;
  } | null;
  readonly images: readonly { readonly name: string; readonly id: string }[];
  /** Version of each component as it reported it, such as `postgresql: 17.6`. */
  readonly components: Readonly<Record<string, string>>;
  readonly dialects: { readonly sharding: string; readonly vectors: string };
  /** The agent's clock against the harness's: offset and its uncertainty, microseconds; 0 when they share a kernel. */
  readonly clockOffsets: readonly {
    readonly process: string;
    readonly offsetUs: number;
    readonly uncertaintyUs: number;
  }[];
  /** How often each observer looks, in words: "PostgreSQL of coordinators: every 50 ms". */
  readonly observers: readonly string[];
}
