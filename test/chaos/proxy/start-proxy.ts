import { type Apart, startApart } from '../apart/start-apart.ts';
import type { ProxyAnswers } from './main.ts';

/** A process of lanes between the parts of a stack. */
export type ChaosProxy = Apart<ProxyAnswers>;

/** Starts the TCP chaos proxy, which has no lanes yet. */
export function startProxy(): Promise<ChaosProxy> {
  return startApart<ProxyAnswers>(new URL('./main.ts', import.meta.url));
}
