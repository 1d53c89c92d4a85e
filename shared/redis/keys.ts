// Every Redis key and channel, with its role, type and lifetime. All keys of one fingerprint share a hash tag.

/** Cache role, string (an encoded entry), lives as long as the query's `staleFor`. */
export const entryKey = (fingerprint: string) => `punctual:{${fingerprint}}:entry`;

/** Cache role, string (an encoded entry), 15 minutes: the snapshot that a cursor pages through. */
export const snapshotKey = (fingerprint: string, asOf: number) =>
  `punctual:{${fingerprint}}:snapshot:${asOf}`;

/** Cache role, hash (whom it concerns → an epoch as text; `version` → another text after every move), as long as the entries live: what of them counts no more. */
export const EPOCHS_KEY = 'punctual:epochs';

/** Queue role, channel (epochs that have moved as JSON): a hint for what is in memory. */
export const EPOCHS_CHANNEL = 'punctual:epochs';

/** Queue role, hash (query → its version and its tables as JSON), a field until a month after a worker has found them last: which tables a query reads. */
export const QUERY_TABLES_KEY = 'punctual:query-tables';

/** Queue role, string (its holder), {@link LEASE_MS}: who runs the flight. */
export const leaseKey = (fingerprint: string) => `punctual:{${fingerprint}}:lease`;

/** Queue role, string (a warehouse job id), as long as the flight may take: written before the job is inserted, removed when it has settled. */
export const warehouseJobKey = (fingerprint: string) => `punctual:{${fingerprint}}:job`;

/** Queue role, string (a {@link Landing} as JSON), 30 seconds: how the last flight ended. */
export const landingKey = (fingerprint: string) => `punctual:{${fingerprint}}:landing`;

/** Queue role, string (a number), a minute: how many flights in a row have failed. */
export const failuresKey = (fingerprint: string) => `punctual:{${fingerprint}}:failures`;

/** Queue role, string (a number), ten minutes: how many holders of the lease have not come back. */
export const triesKey = (fingerprint: string) => `punctual:{${fingerprint}}:tries`;

/** Queue role, sorted set (watcher → until when, ms since the epoch), half a minute after the last look: who wants the flight. */
export const wantsKey = (fingerprint: string) => `punctual:{${fingerprint}}:wants`;

/** Queue role, channel (a {@link Landing} as JSON): a hint that it is time to look. */
export const LANDINGS_CHANNEL = 'punctual:landings';

/** Queue role, hash (query → its forced mode), kept until a person takes it back: queries that are in no hash run as they should. */
export const SWITCHES_KEY = 'punctual:switches';

/** Queue role, channel (a query's name): a hint that its switch was set. */
export const SWITCHES_CHANNEL = 'punctual:switches:set';

/** Queue role: the prefix of BullMQ's keys; the braces keep a queue's keys in one slot of a cluster. */
export const QUEUE_PREFIX = '{punctual}';

/** Queue role, hash (worker id → when it beat and its load as JSON), a minute after the last beat: the living workers. */
export const WORKERS_KEY = `${QUEUE_PREFIX}:workers`;

/** Queue role, BullMQ's own (a list and a sorted set of job ids): what waits in a queue, without and with a priority. */
export const waitingKeys = (queue: string): readonly [list: string, prioritized: string] => [
  `${QUEUE_PREFIX}:${queue}:wait`,
  `${QUEUE_PREFIX}:${queue}:prioritized`,
];

/** Queue role, string (the last news of a breaker as JSON), a minute longer than it is open: for who comes later. */
export const breakerKey = (name: string) => `punctual:{breaker:${name}}:news`;

/** Queue role, string (who holds it: a probe or an opening), as long as that may last: the place of the fleet's one probe. */
export const breakerProbeKey = (name: string) => `punctual:{breaker:${name}}:probe`;

/** Queue role, hash (query → what of it is warmed, as JSON), thirty days after a worker last said so: which queries can be warmed. */
export const WARMING_KEY = 'punctual:warming';

/** Queue role, hash (how the last warming run of a query went, or goes), thirty days. */
export const warmRunKey = (query: string) => `punctual:{warm:${query}}:run`;

/** Queue role, HyperLogLog (fingerprints), until the day after: which keys of a query were warmed on a day since the epoch. */
export const warmedKey = (query: string, day: number) => `punctual:{warm:${query}}:warmed:${day}`;

/** Queue role, HyperLogLog (fingerprints), until the day after: which warmed keys of a query somebody was given on that day. */
export const warmHitsKey = (query: string, day: number) => `punctual:{warm:${query}}:hits:${day}`;

/** Queue role, sorted set (fingerprint → the logarithm of its decayed count), a day after the last note: what is asked for of a query. */
export const warmDemandKey = (query: string) => `punctual:{warm:${query}}:demand`;

/** Queue role, hash (parameters and marks of callers by fingerprint, and the usual run), as long as the demand that it explains. */
export const warmAskedKey = (query: string) => `punctual:{warm:${query}}:asked`;

/** Queue role, channel (news of breakers as JSON): a hint that one has opened or closed. */
export const BREAKERS_CHANNEL = 'punctual:breakers';

/** Queue role, hash (query → its {@link KnownVersion}s as JSON, newest first), three months after the last registration. */
export const VERSIONS_KEY = 'punctual:{versions}:known';

/** Queue role, hash (query and version → its {@link VersionText} as JSON), lives as {@link VERSIONS_KEY} does. */
export const VERSION_TEXTS_KEY = 'punctual:{versions}:texts';

/** Queue role, channel (how many, as text): a hint that versions were registered that nobody knew. */
export const VERSIONS_CHANNEL = 'punctual:versions:registered';

/** Queue role, sorted set (parameters as JSON → when, µs since the epoch), a week: with what a query was asked of late. */
export const recentParametersKey = (query: string) => `punctual:{${query}}:parameters`;

/** Queue role, hash (query → when its tables were last found, ms since the epoch), a field for a month after: when it is time to look again. */
export const TABLES_FOUND_KEY = 'punctual:query-tables:found';

/** Queue role, hash (table → a {@link SeenTable} as JSON), a field for a week after the last look: what the watcher has seen of each table. */
export const SEEN_TABLES_KEY = 'punctual:table-watch:seen';

/** Queue role, hash (query → ms since the epoch), a field for as long as the query is watched, or a week: the last change of its tables that its entries were invalidated for. */
export const TOLD_CHANGES_KEY = 'punctual:table-watch:told';

/** Queue role, string (its holder), at most a period of the watch: whose turn it is to look at the tables. */
export const WATCH_TURN_KEY = 'punctual:table-watch:turn';
