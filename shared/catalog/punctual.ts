// What a catalog folder imports as 'punctual': everything that declares queries and endpoints.
export { z } from 'zod';
export { ask, defineEndpoint } from './define-endpoint.ts';
export { constant, defineQuery, from, limit } from './define-query.ts';
