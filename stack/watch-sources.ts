import { type FSWatcher, existsSync, watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RoleProcess } from './role-process.ts';
import type { Stack } from './start-stack.ts';
import type { Terminal } from './terminal.ts';

const quietMs = 200;

/** Restarts the roles whose sources under `root` change; Redis and the roles that are not concerned keep running. */
export function watchSources(
  stack: Pick<Stack, 'gateway' | 'workers' | 'emulator'>,
  terminal: Pick<Terminal, 'step' | 'warn'>,
  root: URL = new URL('../', import.meta.url),
): Disposable {
  const servers = [stack.gateway, ...stack.workers];
  const concerned: Record<string, readonly RoleProcess[]> = {
    gateway: [stack.gateway],
    workers: stack.workers,
    shared: servers,
    emulator: stack.emulator === undefined ? [] : [stack.emulator],
    examples: servers,
  };
  const due = new Set<RoleProcess>();
  let timer: NodeJS.Timeout | undefined;

  function restartDue(): void {
    for (const role of due) void restart(role, terminal);
    due.clear();
  }
  const watchers = Object.entries(concerned).flatMap(([folder, roles]) =>
    watchFolder(fileURLToPath(new URL(folder, root)), () => {
      for (const role of roles) due.add(role);
      clearTimeout(timer);
      timer = setTimeout(restartDue, quietMs);
    }),
  );
  return {
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

async function restart(
  role: RoleProcess,
  terminal: Pick<Terminal, 'step' | 'warn'>,
): Promise<void> {
  try {
    await role.restart();
    terminal.step(`${role.name} restarted`);
  } catch (error) {
    terminal.warn(error instanceof Error ? error.message : String(error));
  }
}

function watchFolder(path: string, onChange: () => void): FSWatcher[] {
  if (!existsSync(path)) return [];
  return [
    watch(path, { recursive: true }, (_event, file) => {
      if (file === null || /\.(ts|mjs|js|sql|lua|json)$/.test(file)) onChange();
    }),
  ];
}
