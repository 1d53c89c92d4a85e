/** The answer that a peer is to repeat: where it is fetched, and with which request headers. */
export interface CopyOf {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The settings by which a peer's process learns what to repeat. */
export function copyOfEnv({ url, headers }: CopyOf): NodeJS.ProcessEnv {
  return { PEER_COPY_OF: url, PEER_COPY_HEADERS: JSON.stringify(headers) };
}

/** Reads the settings that {@link copyOfEnv} has written. */
export function readCopyOf(env: NodeJS.ProcessEnv): CopyOf {
  const headers = JSON.parse(env['PEER_COPY_HEADERS'] ?? '{}') as CopyOf['headers'];
  return { url: env['PEER_COPY_OF'] ?? '', headers };
}
