/** Up to when what was read counts for less than its age says: milliseconds since the epoch, 0 for never. */
export interface Epoch {
  /** An entry as of this instant or before is not fresh. */
  readonly soft: number;
  /** An entry as of this instant or before counts as never stored. */
  readonly purge: number;
  /** When the tables behind were last seen to be unchanged. */
  readonly unchangedAt: number;
}

/** Epochs by whom they concern: a field of {@link epochField}. */
export type Epochs = ReadonlyMap<string, Epoch>;

/** The epoch of what nobody has said anything about. */
export const NO_EPOCH: Epoch = { soft: 0, purge: 0, unchangedAt: 0 };

/** Whom an epoch concerns, as the fields of the hash name them. */
export const epochField = {
  all: 'all',
  query: (name: string) => `query:${name}`,
  entry: (fingerprint: string) => `entry:${fingerprint}`,
} as const;

/** The latest of each instant: no epoch ever goes back. */
export function latest(one: Epoch, other: Epoch | undefined): Epoch {
  if (!other) return one;
  return {
    soft: Math.max(one.soft, other.soft),
    purge: Math.max(one.purge, other.purge),
    unchangedAt: Math.max(one.unchangedAt, other.unchangedAt),
  };
}

/** An epoch as it stands in the hash: whole milliseconds, no later than what was read in the same one. */
export function writeEpoch({ soft, purge, unchangedAt }: Epoch): string {
  return `${Math.ceil(soft)},${Math.ceil(purge)},${Math.floor(unchangedAt)}`;
}

/** Reads the fields of the hash; what is no epoch, such as the version, is left out. */
export function readEpochs(fields: Readonly<Record<string, unknown>>): Epochs {
  const epochs = new Map<string, Epoch>();
  for (const [field, text] of Object.entries(fields)) {
    const match = /^(\d{1,15}),(\d{1,15}),(\d{1,15})$/.exec(String(text));
    if (!match) continue;
    const [soft = 0, purge = 0, unchangedAt = 0] = match.slice(1).map(Number);
    epochs.set(field, { soft, purge, unchangedAt });
  }
  return epochs;
}

/** Epochs as a channel carries them. */
export function writeEpochs(epochs: Epochs): string {
  return JSON.stringify(
    Object.fromEntries([...epochs].map(([field, epoch]) => [field, writeEpoch(epoch)])),
  );
}

/** Reads what a channel has carried; anything else is no epochs. */
export function parseEpochs(text: string): Epochs {
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === 'object' && fields !== null ? readEpochs({ ...fields }) : new Map();
  } catch {
    return new Map();
  }
}
