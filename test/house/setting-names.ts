import { settings } from '../../shared/config.ts';
import { readEmulatorConfig } from '../../emulator/config.ts';

/** Every setting that the code reads: the shared schema's, and whatever the emulator asks its environment for. */
export function settingNames(): ReadonlySet<string> {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_target, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  readEmulatorConfig(environment);
  return new Set([...Object.keys(settings.shape), ...asked]);
}
