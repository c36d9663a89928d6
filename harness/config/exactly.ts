/** `true` where both types accept each other's values, else `never`: holds a schema to the model's type when compiled. */
export type Exactly<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
