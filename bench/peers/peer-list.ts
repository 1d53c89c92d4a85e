import { nginx } from './nginx.ts';
import { nodePeer } from './node-peer.ts';
import type { Peer } from './peer.ts';
import { varnish } from './varnish.ts';

/** Everything that a cached answer of ours stands beside, from the least to the most that is done for an answer. */
export const peerList: readonly Peer[] = [
  nginx,
  varnish,
  nodePeer('Fastify + async-cache-dedupe (memory)', 'fastify-dedupe', { PEER_STORAGE: 'memory' }),
  nodePeer('Fastify + async-cache-dedupe (Redis)', 'fastify-dedupe', { PEER_STORAGE: 'redis' }),
  nodePeer('Express, a constant', 'express-constant'),
  nodePeer('Express + ioredis GET', 'express-ioredis'),
  nodePeer('Express + bentocache (memory + Redis)', 'express-bentocache'),
];
