import { type FSWatcher, existsSync, watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RoleProcess } from './role-process.ts';
import type { Stack } from './start-stack.ts';
import type { Terminal } from './terminal.ts';

const quietMs = 200;

/** Restarts the roles whose sources change; Redis and the roles that are not concerned keep running. */
export function watchSources(stack: Stack, terminal: Terminal): Disposable {
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
    watchFolder(folder, () => {
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

async function restart(role: RoleProcess, terminal: Terminal): Promise<void> {
  try {
    await role.restart();
    terminal.step(`${role.name} restarted`);
  } catch (error) {
    terminal.warn(error instanceof Error ? error.message : String(error));
  }
}

function watchFolder(folder: string, onChange: () => void): FSWatcher[] {
  const path = fileURLToPath(new URL(`../${folder}`, import.meta.url));
  if (!existsSync(path)) return [];
  return [
    watch(path, { recursive: true }, (_event, file) => {
      if (file === null || /\.(ts|mjs|js|sql|lua|json)$/.test(file)) onChange();
    }),
  ];
}
