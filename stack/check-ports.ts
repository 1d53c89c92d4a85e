import type { Config } from '../shared/config.ts';
import { isPortFree } from './port.ts';
import { StackError } from './stack-error.ts';

/** Throws a StackError that names every port of the settings that somebody else listens on. */
export async function checkPorts(config: Config, env: NodeJS.ProcessEnv): Promise<void> {
  const wanted = [
    { setting: 'PORT', host: config.gateway.host, port: config.gateway.port },
    { setting: 'ADMIN_PORT', host: config.admin.host, port: config.admin.port },
    ...emulatorPort(env),
  ];
  const taken: string[] = [];
  for (const { setting, host, port } of wanted) {
    if (!(await isPortFree(port, host))) {
      taken.push(
        `Port ${port} is taken: stop what listens there, or set ${setting} to another port.`,
      );
    }
  }
  if (taken.length > 0) throw new StackError(taken.join('\n'));
}

/** The emulator reads its own settings and judges a wrong one itself. */
function emulatorPort(env: NodeJS.ProcessEnv) {
  if (env['BIGQUERY_PROJECT'] || env['BIGQUERY_EMULATOR_HOST']) return [];
  const port = Number(env['EMULATOR_PORT'] || 9050);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return [];
  return [{ setting: 'EMULATOR_PORT', host: env['EMULATOR_HOST'] || '127.0.0.1', port }];
}
