/** What a role says to its parent over IPC. */
export type RoleMessage =
  | { readonly kind: 'ready'; readonly addresses: Readonly<Record<string, string>> }
  | { readonly kind: 'progress'; readonly text: string };

/** Reads a message of the process contract; undefined for anything else that a child may send. */
export function parseRoleMessage(message: unknown): RoleMessage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  if ('progress' in message && typeof message.progress === 'string') {
    return { kind: 'progress', text: message.progress };
  }
  if (!('ready' in message) || message.ready !== true) return undefined;
  const addresses = 'addresses' in message ? textEntries(message.addresses) : {};
  return { kind: 'ready', addresses };
}

function textEntries(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}
