/** A key of etcd that was set or removed. */
export interface KeyChange {
  readonly key: string;
  /** null: the key is gone. */
  readonly value: string | null;
}
