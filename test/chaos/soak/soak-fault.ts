import type { LaneName } from '../house.ts';

/** A fault as the schedule orders it: what to do, without when. */
export type Harm =
  | { readonly kind: 'warehouse-hang'; readonly query: string }
  | { readonly kind: 'warehouse-slow'; readonly query: string; readonly latencyMs: number }
  | { readonly kind: 'warehouse-unavailable'; readonly query: string }
  | { readonly kind: 'warehouse-quota'; readonly query: string }
  | { readonly kind: 'warehouse-malformed'; readonly reply: MalformedReply }
  | { readonly kind: 'store-killed'; readonly store: Store }
  | { readonly kind: 'store-frozen'; readonly store: Store }
  | { readonly kind: 'store-slow'; readonly store: Store; readonly latencyMs: number }
  | { readonly kind: 'store-cut'; readonly store: Store }
  | { readonly kind: 'store-emptied'; readonly store: Store }
  | { readonly kind: 'keys-deleted'; readonly store: 'cache' }
  | { readonly kind: 'worker-killed'; readonly worker: number }
  | { readonly kind: 'worker-frozen'; readonly worker: number }
  | { readonly kind: 'gateway-killed'; readonly process: number }
  | { readonly kind: 'lane-silent'; readonly lane: LaneName }
  | { readonly kind: 'lane-refused'; readonly lane: LaneName }
  | { readonly kind: 'switched'; readonly query: string; readonly mode: 'stale-only' | 'frozen' };

/** The role of a store. */
export type Store = 'queue' | 'cache';

/** A reply that no warehouse would give, by the emulator's word for it. */
export type MalformedReply = 'htmlOk' | 'emptyOk' | 'truncated' | 'reset';

/** One of {@link Harm}. */
export type HarmKind = Harm['kind'];

/** What a fault strikes: two at a time never strike the same, or the end of one would heal the other. */
export function placeOf(harm: Harm): string {
  switch (harm.kind) {
    case 'warehouse-hang':
    case 'warehouse-slow':
    case 'warehouse-unavailable':
    case 'warehouse-quota':
    case 'warehouse-malformed':
      return 'warehouse';
    case 'store-killed':
    case 'store-frozen':
    case 'store-slow':
    case 'store-cut':
    case 'store-emptied':
    case 'keys-deleted':
      return harm.store;
    case 'worker-killed':
    case 'worker-frozen':
      return `worker ${harm.worker}`;
    case 'gateway-killed':
      return 'gateway';
    case 'lane-silent':
    case 'lane-refused':
      return harm.lane.split('-')[1] ?? harm.lane;
    case 'switched':
      return 'switches';
    default:
      return harm satisfies never;
  }
}
