/** What happened to an object of a watched kind. `generic` comes from channels, never from the API server. */
export type Event<T> =
  /** `initial`: it was there when the watch began. */
  | { type: 'create'; object: T; initial: boolean }
  | { type: 'update'; old: T; object: T }
  /** `stateUnknown`: the object vanished while the watch was interrupted; `object` is its last known state. */
  | { type: 'delete'; object: T; stateUnknown: boolean }
  | { type: 'generic'; object: T };
