import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../../shared/side-door/refusal.ts';
import type { SideDoorOptions } from '../../shared/side-door.ts';

type Admit = NonNullable<SideDoorOptions['admit']>;

/** Lets in everybody without a token, and with one only who sends it (RFC 6750); health and metrics stay open to probes. */
export function admitBearer(token: string | undefined): Admit {
  if (token === undefined) return () => undefined;
  const expected = digest(token);
  return ({ path, headers }) => {
    if (!path.startsWith('/admin/')) return;
    const [, given = ''] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    // Digests are of one length, so that the comparison takes as long for any text.
    if (timingSafeEqual(digest(given), expected)) return;
    throw new Refusal('unauthorized', 'Send the admin token as Authorization: Bearer.', {
      headers: { 'www-authenticate': 'Bearer realm="punctual admin"' },
    });
  };
}

/** Whether only this machine can reach the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
