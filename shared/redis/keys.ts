// Every Redis key and channel, with its role, type and lifetime. All keys of one fingerprint share a hash tag.

/** Cache role, string (an encoded entry), lives as long as the query's `staleFor`. */
export const entryKey = (fingerprint: string) => `punctual:{${fingerprint}}:entry`;

/** Cache role, string (an encoded entry), 15 minutes: the snapshot that a cursor pages through. */
export const snapshotKey = (fingerprint: string, asOf: number) =>
  `punctual:{${fingerprint}}:snapshot:${asOf}`;

/** Queue role, string (a lease as JSON), {@link LEASE_MS}: who runs the flight. */
export const leaseKey = (fingerprint: string) => `punctual:{${fingerprint}}:lease`;

/** Queue role, string (a warehouse job id), as long as the flight may take: written before the job is inserted, removed when it has settled. */
export const warehouseJobKey = (fingerprint: string) => `punctual:{${fingerprint}}:job`;

/** Queue role, string (a {@link Landing} as JSON), 30 seconds: how the last flight ended. */
export const landingKey = (fingerprint: string) => `punctual:{${fingerprint}}:landing`;

/** Queue role, channel (a {@link Landing} as JSON): a hint that it is time to look. */
export const LANDINGS_CHANNEL = 'punctual:landings';

/** Queue role: the prefix of BullMQ's keys; the braces keep a queue's keys in one slot of a cluster. */
export const QUEUE_PREFIX = '{punctual}';
