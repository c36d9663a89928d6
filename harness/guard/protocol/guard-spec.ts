/** What a guard is told, by its environment: whom it guards, with whom, and by which rules. */
export interface GuardProcessSpec {
  /** Its own name. */
  readonly name: string;
  /** All guards, itself among them: votes are counted against their number, whoever of them is up. */
  readonly guards: readonly string[];
  /** The one member of etcd that it talks to. */
  readonly etcd: {
    readonly host: string;
    readonly port: number;
    /** Left out: etcd asks for no log-in. */
    readonly user?: string | undefined;
    readonly password?: string | undefined;
  };
  readonly groups: readonly GuardedGroup[];
  readonly settings: GuardSettings;
}

/** One Patroni cluster (of Citus: one group of it) whose leader is guarded. */
export interface GuardedGroup {
  readonly group: string;
  /** What Patroni's keys of it begin with, up to the last slash: `/service/SCOPE/`. */
  readonly patroniFolder: string;
  /** The same of the guards' own keys: `/leader-guard/SCOPE/`. */
  readonly guardFolder: string;
  readonly members: readonly GuardedMember[];
  /** The database system's identifier; left out: the one that the scope has when it is first guarded. */
  readonly systemIdentifier?: string | undefined;
}

/** Where a member's Patroni, its PostgreSQL, and what returns its heart-beats (by UDP) answer. */
export interface GuardedMember {
  readonly name: string;
  readonly host: string;
  readonly restPort: number;
  readonly postgresPort: number;
  readonly heartbeatPort: number;
}

export interface GuardSettings {
  readonly goneAfterMs: number;
  readonly askEveryMs: number;
  readonly notTwiceWithinSeconds: number;
  readonly skipOldLeader: boolean;
  readonly dryRun: boolean;
  /** How long a guard waits at its start for etcd, the scope and one of its members, before it gives up. */
  readonly startSeconds: number;
}

/** One guard's vote: by its own observation, the node of this leader is gone. */
export interface Vote {
  readonly leader: string;
  /** Revision of the leader key that was seen with it. */
  readonly leaderRevision: string;
  /** How long the node had given no sign of life when the vote was given. */
  readonly silentForMs: number;
  /** What was seen, in words. */
  readonly seen: string;
}

/** What the guards did and why: written in the transaction that did it. */
export interface ReleaseRecord {
  readonly leader: string;
  readonly leaderRevision: string;
  /** The guard that did it. */
  readonly by: string;
  readonly why: string;
  readonly votes: Readonly<Record<string, Vote>>;
  /** Nothing was done but to write this. */
  readonly dryRun: boolean;
}

/** Names of the guards' keys in a group's folder. */
export const guardKeys = {
  /** On the guard's lease: it has passed its checks and looks. */
  watching: "watching/",
  votes: "votes/",
  /** On the lease of the guard that acts. */
  elected: "elected",
  /** On a lease of `notTwiceWithinSeconds`. */
  acted: "acted",
  releases: "releases/",
  /** The system identifier that the guards took the scope to be of when they first saw it. */
  guarded: "guarded",
} as const;
