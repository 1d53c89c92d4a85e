// First, before anything is collected.
import './serving/first-tick.ts';
import cluster from 'node:cluster';
import { readConfig } from '../shared/config.ts';
import { runRole } from '../shared/role-process.ts';
import { serve } from './serve.ts';
import { supervise } from './supervise.ts';

const start = cluster.isPrimary ? supervise : serve;
await runRole('gateway', () => start(readConfig(process.env)));
